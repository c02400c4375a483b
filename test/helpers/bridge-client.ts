/** A bridge's socket that speaks the contract word by word, rightly or wrongly, with packets but without telephones. */
import { nanoid } from 'nanoid';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { BRIDGE_VERSION } from '../../server/signalling/contract/bridge.ts';
import type {
  BridgeAnswers,
  BridgeRequestInput,
  BridgeRequestName,
  BridgeResult,
  BridgeRoomEvent,
  CallEvent,
  DialRequest,
  DrainNotice,
  EnterAnswer,
} from '../../server/signalling/contract/bridge.ts';
import type { ContractError } from '../../server/signalling/contract.ts';
import { BridgeRtp } from './bridge-rtp.ts';
import type { CallerVoice } from './bridge-rtp.ts';
import { BRIDGE_ADDRESS, BRIDGE_SECRET } from './signalled-server.ts';
import { until } from './wait.ts';

/** A request is answered within so many ms, or never. */
const ANSWER_MS = 10_000;

type InRoom = Extract<EnterAnswer, { state: 'joined' }>;
type CallEventOf<T extends CallEvent['type']> = Extract<CallEvent, { type: T }>;

export class BridgeClient {
  readonly rtp: BridgeRtp;
  readonly told: { callId: string; event: CallEvent }[] = [];
  readonly roomTold: { room: string; event: BridgeRoomEvent }[] = [];
  readonly dials: DialRequest[] = [];
  readonly cancelled: string[] = [];
  /** What the server says of its end, each time. */
  readonly notices: DrainNotice[] = [];
  readonly #socket: Socket;

  private constructor(socket: Socket, rtp: BridgeRtp) {
    this.#socket = socket;
    this.rtp = rtp;
    socket.on('call', (message: { callId: string; event: CallEvent }) => {
      this.told.push(message);
      if (message.event.type === 'joined') rtp.follow(message.event.link);
    });
    socket.on('room', (message: { room: string; event: BridgeRoomEvent }) => {
      this.roomTold.push(message);
      if (message.event.type === 'reset') rtp.follow(message.event.link);
    });
    socket.on('dial', (request: DialRequest) => this.dials.push(request));
    socket.on('draining', (notice: DrainNotice) => this.notices.push(notice));
    socket.on('cancelDial', ({ dialId }: { dialId: string }) => this.cancelled.push(dialId));
  }

  /** @param address as the server is to see it. @throws Error when it is not let in */
  static async connect(
    serverUrl: string,
    auth: object = { secret: BRIDGE_SECRET },
    address?: string,
  ): Promise<BridgeClient> {
    const rtp = await BridgeRtp.open();
    const socket = io(serverUrl, {
      path: '/bridge',
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      auth,
      ...(address === undefined ? {} : { extraHeaders: { [BRIDGE_ADDRESS]: address } }),
    });
    // Before it is connected, as the server may have something to say at once.
    const client = new BridgeClient(socket, rtp);
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once('connect', resolve);
        socket.once('connect_error', reject);
      });
    } catch (error) {
      socket.disconnect();
      rtp.close();
      throw error;
    }
    return client;
  }

  get connected(): boolean {
    return this.#socket.connected;
  }

  /** Sends anything under any name. */
  say(name: string, payload: unknown): Promise<BridgeResult<unknown>> {
    return new Promise((resolve, reject) => {
      this.#socket
        .timeout(ANSWER_MS)
        .emit(name, payload, (error: Error | null, result: BridgeResult<unknown>) => {
          if (error) reject(new Error(`No answer to ${name}.`));
          else resolve(result);
        });
    });
  }

  /** @throws Error when the request is refused */
  async ask<N extends BridgeRequestName>(name: N, payload: BridgeRequestInput<N>): Promise<BridgeAnswers[N]> {
    const result = (await this.say(name, payload)) as BridgeResult<BridgeAnswers[N]>;
    if (!result.ok) throw new Error(`${name} was refused: ${JSON.stringify(result.error)}`);
    return result.value;
  }

  /** @throws Error when the request is not refused */
  async refusal(name: string, payload: unknown): Promise<ContractError> {
    const result = await this.say(name, payload);
    if (result.ok) throw new Error(`${name} was not refused: ${JSON.stringify(result.value)}`);
    return result.error;
  }

  /** Has one line, over which it may call out, that is well. */
  async hello(trunk = 'pbx'): Promise<void> {
    const trunks = [{ name: trunk, state: 'registered' as const, reason: null, calls: 0 }];
    await this.ask('hello', { version: BRIDGE_VERSION, trunks, callsOut: true });
  }

  /** A call that has not asked for anything yet. */
  call(of: Partial<Omit<BridgeRequestInput<'enter'>, 'to'>> = {}): TestCall {
    return new TestCall(this, of);
  }

  /** As a cable that is cut: nothing is said. */
  cut(): void {
    this.#socket.io.engine.close();
    this.rtp.close();
  }

  close(): void {
    this.#socket.disconnect();
    this.rtp.close();
  }
}

/** One call over a bridge. */
export class TestCall {
  readonly callId: string;
  readonly #bridge: BridgeClient;
  readonly #of: Omit<BridgeRequestInput<'enter'>, 'to'>;
  #answer: InRoom | null = null;

  constructor(bridge: BridgeClient, of: Partial<Omit<BridgeRequestInput<'enter'>, 'to'>>) {
    this.#bridge = bridge;
    this.callId = of.callId ?? nanoid();
    this.#of = {
      trunk: 'pbx',
      number: '+541155551234',
      name: null,
      called: '800',
      ...of,
      callId: this.callId,
    };
  }

  /** Keys in a number, and a PIN. */
  async enter(number: string, pin: string | null = null): Promise<EnterAnswer> {
    return this.#enter({ by: 'number', number, pin });
  }

  /** Answers the call of a room. */
  async accept({ dialId }: DialRequest): Promise<EnterAnswer> {
    return this.#enter({ by: 'invitation', dialId });
  }

  /** As `enter`. @throws Error when it is not let in at once */
  async join(number: string, pin: string | null = null): Promise<InRoom> {
    const answer = await this.enter(number, pin);
    if (answer.state !== 'joined') throw new Error(`The caller is not in: ${JSON.stringify(answer)}`);
    return answer;
  }

  /** As it was let in at once. @throws Error for one who was not */
  get inRoom(): InRoom {
    if (!this.#answer) throw new Error('The caller is in no room.');
    return this.#answer;
  }

  /** What it is heard by. */
  get voice(): CallerVoice {
    const { ssrc } = this.inRoom;
    if (ssrc === null) throw new Error('The caller may only listen.');
    return this.#bridge.rtp.voice(ssrc);
  }

  /** What its bridge was told of it, oldest first. */
  get told(): CallEvent[] {
    return this.#bridge.told.filter(({ callId }) => callId === this.callId).map(({ event }) => event);
  }

  /** The first event of a type, now or later, that fits. */
  async isTold<T extends CallEvent['type']>(
    type: T,
    fits: (event: CallEventOf<T>) => boolean = () => true,
  ): Promise<CallEventOf<T>> {
    const isIt = (event: CallEvent): event is CallEventOf<T> =>
      event.type === type && fits(event as CallEventOf<T>);
    const { answer } = await until(
      `a caller is told ${type}, of ${JSON.stringify(this.told)}`,
      () => this.told.find(isIt),
      (found) => found !== undefined,
    );
    if (!answer) throw new Error('What was told is gone.');
    return answer;
  }

  async #enter(to: BridgeRequestInput<'enter'>['to']): Promise<EnterAnswer> {
    const answer = await this.#bridge.ask('enter', { ...this.#of, to });
    if (answer.state === 'joined') {
      this.#answer = answer;
      this.#bridge.rtp.follow(answer.link);
    }
    return answer;
  }
}
