/** The doors of the conference server's rooms, as the bridge uses them. */
import type { Logger } from 'pino';
import { BRIDGE_VERSION } from '../../signalling/contract/bridge.ts';
import type { BridgeRequestInput, DialRequest, TrunkState } from '../../signalling/contract/bridge.ts';
import { DialRefused } from '../bridge.ts';
import type { Bridge, BridgeState } from '../bridge.ts';
import type { Caller, Listener, RoomDoor, Visit } from '../door.ts';
import type { MediaThread } from '../media/media-thread.ts';
import type { CallEnd } from '../sip/call.ts';
import type { CloseReason } from '../sip/close-reason.ts';
import { LoadReport } from './load-report.ts';
import { MediaRooms } from './media-rooms.ts';
import { recordOf } from './record.ts';
import { ServerSocket } from './server-socket.ts';
import type { ServerSocketOptions } from './server-socket.ts';
import { LinkedVisit } from './visit.ts';

export interface RoomLinkOptions extends ServerSocketOptions {
  /** Address of this host from which the server's media port is reached. */
  listenIp: string;
}

/** How often it is looked whether trunks are as the server knows them, in ms. */
const TRUNKS_EVERY_MS = 1_000;

/** What a link has to do with the bridge that it serves. */
type ServedBridge = Pick<Bridge, 'state' | 'dial' | 'serverStops'>;

type DialState = BridgeRequestInput<'dialProgress'>['state'];

/** What a room is told of a call that came to nothing; `failed` of all others. */
const DIAL_STATES: Partial<Record<CloseReason, DialState>> = {
  busy: 'busy',
  declined: 'declined',
  'no-answer': 'no-answer',
  cancelled: 'cancelled',
  'not-allowed': 'not-allowed',
  'not-found': 'unknown-number',
  unreachable: 'unreachable',
  'trunk-refused': 'refused',
  'media-unsupported': 'unsupported',
  'trunk-failed': 'network-failed',
  'no-response': 'network-failed',
  malformed: 'network-failed',
  'trunk-down': 'no-line',
  stopping: 'no-line',
  'too-many-calls': 'lines-busy',
  overloaded: 'lines-busy',
};

const dialStateOf = (reason: CloseReason): DialState => DIAL_STATES[reason] ?? 'failed';

export class RoomLink implements RoomDoor {
  readonly #server: ServerSocket;
  readonly #rooms: MediaRooms;
  readonly #load: LoadReport;
  readonly #logger: Logger;
  readonly #visits = new Map<string, LinkedVisit>();
  /** Calls out of rooms that are under way, and what ends each. */
  readonly #dials = new Map<string, { room: string; hangUp: (reason: CloseReason) => void }>();
  #bridge: ServedBridge | null = null;
  #toldTrunks = '';
  #timer: NodeJS.Timeout | null = null;
  #wasConnected = false;
  /** Why there is no connection, as it was logged last. */
  #lostReason: string | null = null;

  constructor(options: RoomLinkOptions, thread: MediaThread, logger: Logger) {
    this.#logger = logger;
    this.#rooms = new MediaRooms({ thread, listenIp: options.listenIp, logger });
    thread.on('died', () => this.#rooms.forgetAll());
    this.#server = new ServerSocket(options);
    this.#load = new LoadReport({ thread, server: this.#server, logger });
    this.#server.on('connected', () => void this.#connected());
    this.#server.on('lost', (reason) => this.#lost(reason));
    this.#server.on('unrecorded', (err) =>
      this.#logger.warn({ err }, 'the server does not take a call record'),
    );
    this.#server.on('call', ({ callId, event }) => this.#visits.get(callId)?.happened(event));
    // What an answer that came just before has opened is there by then.
    this.#server.on('room', ({ room, event }) => setImmediate(() => this.#rooms.happened(room, event)));
    this.#server.on('dial', (request) => this.#dial(request));
    this.#server.on('cancelDial', ({ dialId }) => this.#dials.get(dialId)?.hangUp('cancelled'));
    this.#server.on('draining', ({ deadline }) => {
      this.#logger.info({ until: new Date(deadline).toISOString() }, 'the server is about to stop');
      this.#bridge?.serverStops(deadline);
    });
  }

  /** Connects to the server in the name of this bridge. */
  open(bridge: ServedBridge): void {
    this.#bridge = bridge;
    this.#server.open();
    this.#timer = setInterval(() => void this.#tellTrunks(), TRUNKS_EVERY_MS);
    this.#load.start(bridge);
  }

  close(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#load.stop();
    this.#server.close();
  }

  receive(caller: Caller, listener: Listener): Visit {
    const visit = new LinkedVisit({
      ...{ caller, listener, server: this.#server, rooms: this.#rooms },
      onEnd: () => this.#visits.delete(caller.callId),
      logger: this.#logger.child({ callId: caller.callId, trunk: caller.trunk }),
    });
    this.#visits.set(caller.callId, visit);
    return visit;
  }

  missed(caller: Caller, end: CallEnd): void {
    const dialled = caller.invitation === null ? undefined : this.#dials.get(caller.invitation);
    this.#server.record(recordOf(caller, end, { room: dialled?.room ?? null, failedPins: 0 }));
  }

  // ------------------------------------------------------------------------------- the server comes and goes

  /** Never rejects. */
  async #connected(): Promise<void> {
    this.#wasConnected = true;
    this.#lostReason = null;
    this.#logger.info('connected to the server');
    // One that stops says so after this.
    this.#bridge?.serverStops(null);
    this.#toldTrunks = '';
    await this.#tellTrunks();
    for (const visit of this.#visits.values()) visit.serverBack();
  }

  #lost(reason: string): void {
    // Tries that fail are told as well: once is enough.
    if (reason !== this.#lostReason) this.#logger.warn({ reason }, 'no connection to the server');
    this.#lostReason = reason;
    if (!this.#wasConnected) return;
    this.#wasConnected = false;
    for (const visit of this.#visits.values()) visit.serverLost();
    this.#rooms.closeAll();
    for (const { hangUp } of this.#dials.values()) hangUp('cancelled');
  }

  /** Never rejects. */
  async #tellTrunks(): Promise<void> {
    if (!this.#bridge || !this.#server.connected) return;
    const { state } = this.#bridge;
    const trunks = trunksOf(state);
    const told = JSON.stringify([trunks, state.callsOut]);
    if (told === this.#toldTrunks) return;
    this.#toldTrunks = told;
    try {
      await this.#server.ask('hello', { version: BRIDGE_VERSION, trunks, callsOut: state.callsOut });
    } catch (err) {
      this.#toldTrunks = '';
      this.#logger.warn({ err }, 'the server does not take the state of the trunks');
    }
  }

  // ------------------------------------------------------------------------------- calls out of rooms

  #dial({ dialId, room, destination }: DialRequest): void {
    if (!this.#bridge) return;
    const over = (state: DialState): void => {
      this.#dials.delete(dialId);
      this.#progress(dialId, state);
    };
    try {
      const hangUp = this.#bridge.dial(
        { target: destination, invitation: dialId },
        {
          ringing: () => this.#progress(dialId, 'ringing'),
          // The caller asks for admission as any other, which tells the room.
          answered: () => this.#dials.delete(dialId),
          ended: ({ reason, answeredAtMs }) => {
            if (answeredAtMs === null) over(dialStateOf(reason));
          },
        },
      );
      this.#dials.set(dialId, { room, hangUp });
    } catch (error) {
      if (!(error instanceof DialRefused)) this.#logger.error({ err: error }, 'a call could not be made');
      over(dialStateOf(error instanceof DialRefused ? error.reason : 'internal'));
    }
  }

  #progress(dialId: string, state: DialState): void {
    if (!this.#server.connected) return;
    this.#server
      .ask('dialProgress', { dialId, state })
      .catch((err: unknown) => this.#logger.warn({ err }, 'the server does not take how a call goes'));
  }
}

function trunksOf({ trunks }: BridgeState): TrunkState[] {
  return Object.entries(trunks).map(([name, { server, registration, problem, calls }]) => {
    const isUp = server !== null && registration !== 'waiting' && registration !== 'failed';
    const up = registration === 'registered' ? 'registered' : 'connected';
    const down = registration === 'failed' || problem !== null ? 'failed' : 'connecting';
    const uri = server === null ? null : withoutSecrets(server);
    return { name, state: isUp ? up : down, uri, reason: problem?.slice(0, 256) ?? null, calls };
  });
}

/** Some PBXs are given a token behind a question mark. */
function withoutSecrets(uri: string): string {
  const { protocol, host, pathname } = new URL(uri);
  return `${protocol}//${host}${pathname}`;
}
