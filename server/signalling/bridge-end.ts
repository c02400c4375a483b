/** One bridge's socket: its calls, each parsed request answered, and nothing of it left when it is gone. */
import type { Logger } from 'pino';
import type { Socket } from 'socket.io';
import type { Bridge } from '../conference/callers.ts';
import type { Conference } from '../conference/conference.ts';
import type { Dialling } from '../conference/dialling.ts';
import type { Clock } from '../conference/ports.ts';
import { trunksAfter } from './bridge-status.ts';
import type { BridgeStatus, TrunkStatus } from './bridge-status.ts';
import { CallAtServer } from './call-at-server.ts';
import type { Enter } from './call-at-server.ts';
import type { CallerLimits } from './caller-limits.ts';
import { BRIDGE_VERSION, bridgeRequests } from './contract/bridge.ts';
import type {
  BridgeAnswers,
  BridgeLoad,
  BridgeRequestName,
  BridgeResult,
  BridgeToServerEvents,
  CallRecord,
  DialRequest,
  ServerToBridgeEvents,
  StartedCall,
} from './contract/bridge.ts';
import { RequestError, assertVersion, expected, internal } from './errors.ts';

export interface BridgeEndParts {
  conference: Conference;
  dialling: Dialling;
  limits: CallerLimits;
  clock: Clock;
  calls: CallObserver;
  /** Whether numbers of callers are shown to those who are no hosts, too. */
  showNumbers: boolean;
  logger: Logger;
  /** Its lines, and whether it calls out, may be others now. */
  onHello: () => void;
}

/** Who wants to know of calls. */
export interface CallObserver {
  /** One asks for a room, or has answered a call of one. Told again when its bridge has come back. Must not throw. */
  callStarted(call: StartedCall): void;
  /** Told again when the bridge does not know that it was told. @throws Error when it could not be kept */
  callEnded(record: CallRecord): void;
}

type Handlers = {
  [N in BridgeRequestName]: (payload: unknown) => Promise<BridgeAnswers[N]>;
};

const DONE = {} as const;

export class BridgeEnd {
  readonly #socket: Socket<BridgeToServerEvents, ServerToBridgeEvents>;
  readonly #parts: BridgeEndParts;
  readonly #calls = new Map<string, CallAtServer>();
  readonly #bridge: Bridge;
  /** Calls that it was asked for. */
  readonly #dialled = new Set<string>();
  #callsOut = false;
  readonly #since: number;
  #trunks: readonly TrunkStatus[] = [];
  #load: BridgeLoad | null = null;
  #closed = false;

  constructor(socket: Socket<BridgeToServerEvents, ServerToBridgeEvents>, parts: BridgeEndParts) {
    this.#socket = socket;
    this.#parts = parts;
    this.#since = parts.clock.now();
    this.#bridge = { id: socket.id, tell: (room, event) => void socket.emit('room', { room, event }) };
    socket.onAny((name: string, payload: unknown, ack: unknown) => void this.#take(name, payload, ack));
  }

  get callCount(): number {
    return this.#calls.size;
  }

  get status(): BridgeStatus {
    const calls = [...this.#calls.values()].flatMap(({ status }) => status ?? []);
    return { id: this.#bridge.id, since: this.#since, trunks: this.#trunks, load: this.#load, calls };
  }

  /** Whether a call out of a room could be made over it. */
  get isReady(): boolean {
    return (
      this.#callsOut && this.#trunks.some(({ state }) => state === 'registered' || state === 'connected')
    );
  }

  dial(request: DialRequest): void {
    this.#dialled.add(request.dialId);
    this.#socket.emit('dial', request);
  }

  cancelDial(dialId: string): void {
    if (this.#dialled.delete(dialId)) this.#socket.emit('cancelDial', { dialId });
  }

  /** The bridge is gone: so are its callers. Idempotent. */
  close(): void {
    this.#closed = true;
    for (const call of this.#calls.values()) call.leave('connection-lost');
    this.#calls.clear();
    for (const dialId of this.#dialled) this.#parts.dialling.progressed(dialId, 'no-line');
  }

  /** Never rejects. */
  async #take(name: string, payload: unknown, ack: unknown): Promise<void> {
    const answer = isAck(ack) ? ack : () => undefined;
    try {
      if (!isRequest(name)) throw new RequestError('invalid-request', 'There is no such request.');
      answer({ ok: true, value: await this.#handlers[name](payload) });
    } catch (error) {
      const refusal = expected(error);
      if (refusal) this.#parts.logger.info({ request: name.slice(0, 32), ...refusal }, 'request refused');
      else this.#parts.logger.error({ request: name.slice(0, 32), err: error }, 'request failed');
      answer({ ok: false, error: refusal ?? internal });
    }
  }

  readonly #handlers: Handlers = {
    hello: async (payload) => {
      assertVersion(payload, BRIDGE_VERSION);
      const { trunks, callsOut } = bridgeRequests.hello.parse(payload);
      this.#trunks = trunksAfter(this.#trunks, trunks, this.#parts.clock.now());
      this.#callsOut = callsOut;
      this.#parts.onHello();
      return DONE;
    },
    load: async (payload) => {
      this.#load = bridgeRequests.load.parse(payload);
      return DONE;
    },
    enter: async (payload) => {
      const request = bridgeRequests.enter.parse(payload);
      if (request.to.by === 'invitation') this.#dialled.delete(request.to.dialId);
      const call = this.#calls.get(request.callId) ?? this.#newCall(request);
      const answer = await call.enter(request);
      // The bridge, or the caller, may have gone while the door was asked.
      if (this.#closed || this.#calls.get(request.callId) !== call) call.leave('connection-lost');
      return answer;
    },
    leave: async (payload) => {
      const { callId } = bridgeRequests.leave.parse(payload);
      this.#calls.get(callId)?.leave('left');
      this.#calls.delete(callId);
      return DONE;
    },
    setMuted: async (payload) => {
      const { callId, muted } = bridgeRequests.setMuted.parse(payload);
      await this.#call(callId).setMuted(muted);
      return DONE;
    },
    raiseHand: async (payload) => {
      const { callId, raised } = bridgeRequests.raiseHand.parse(payload);
      this.#call(callId).raiseHand(raised);
      return DONE;
    },
    chat: async (payload) => {
      const { callId, text } = bridgeRequests.chat.parse(payload);
      await this.#call(callId).chat(text);
      return DONE;
    },
    dialProgress: async (payload) => {
      const { dialId, state } = bridgeRequests.dialProgress.parse(payload);
      if (state !== 'ringing') this.#dialled.delete(dialId);
      this.#parts.dialling.progressed(dialId, state);
      return DONE;
    },
    record: async (payload) => {
      const told = bridgeRequests.record.parse(payload);
      const record = { ...told, room: told.room ?? this.#calls.get(told.callId)?.wanted ?? null };
      this.#parts.calls.callEnded(record);
      this.#parts.logger.info(
        { callId: record.callId, trunk: record.trunk, reason: record.reason, fault: record.fault },
        'call ended',
      );
      return DONE;
    },
  };

  #newCall({ callId, trunk, number, name, called, to }: Enter): CallAtServer {
    const { conference, dialling, limits, showNumbers, logger, calls } = this.#parts;
    const direction = to.by === 'invitation' ? 'outbound' : 'inbound';
    calls.callStarted({ callId, direction, trunk, number, name, called });
    const call = new CallAtServer({
      ...{ conference, dialling, limits, showNumbers },
      bridge: this.#bridge,
      logger: logger.child({ callId }),
      tell: (event) => void this.#socket.emit('call', { callId, event }),
    });
    this.#calls.set(callId, call);
    return call;
  }

  #call(callId: string): CallAtServer {
    const call = this.#calls.get(callId);
    if (!call) throw new RequestError('not-joined', 'There is no such call.');
    return call;
  }
}

function isAck(value: unknown): value is (result: BridgeResult<unknown>) => void {
  return typeof value === 'function';
}

function isRequest(name: string): name is BridgeRequestName {
  return Object.hasOwn(bridgeRequests, name);
}
