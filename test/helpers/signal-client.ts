/** A socket that speaks the contract word by word, rightly or wrongly, and remembers what it was told. */
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import type {
  Answers,
  ContractError,
  EventBatch,
  JoinAnswer,
  JoinedAnswer,
  RequestInput,
  RequestName,
  Result,
  RoomEvent,
  WaitingAnswer,
  WaitingEvent,
} from '../../server/signalling/contract.ts';

/** A request is answered within so many ms, or never. */
const ANSWER_MS = 10_000;

type Resume = NonNullable<RequestInput<'join'>['resume']>;
/** What a join may have beside room and name. */
export type JoinExtras = Omit<RequestInput<'join'>, 'version' | 'room' | 'name' | 'resume'>;

export class SignalClient {
  readonly events: RoomEvent[] = [];
  /** What it was told while it waited. */
  readonly atDoor: WaitingEvent[] = [];
  /** Number of the last event that came. */
  lastEvent = 0;
  readonly #socket: Socket;
  readonly #watchers = new Set<() => void>();
  readonly #listeners = new Set<(event: RoomEvent) => void>();

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('events', ({ first, events }: EventBatch) => {
      if (first !== this.lastEvent + 1) throw new Error(`Event ${first} came after ${this.lastEvent}.`);
      this.lastEvent = first + events.length - 1;
      this.events.push(...events);
      for (const event of events) for (const listener of this.#listeners) listener(event);
      for (const watch of this.#watchers) watch();
    });
    socket.on('waiting', (event: WaitingEvent) => {
      this.atDoor.push(event);
      for (const watch of this.#watchers) watch();
    });
    socket.on('disconnect', () => {
      for (const watch of this.#watchers) watch();
    });
  }

  /**
   * @param room that it will join, for a server that takes over from another one
   * @param from the client's address, of those that this machine has
   */
  static async connect(url: string, room?: string, from?: string): Promise<SignalClient> {
    const socket = io(url, {
      ...(room === undefined ? {} : { query: { room } }),
      ...(from === undefined ? {} : { localAddress: from }),
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      rejectUnauthorized: false,
    });
    const client = new SignalClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    return client;
  }

  get connected(): boolean {
    return this.#socket.connected;
  }

  /** Sends anything under any name. */
  say(
    name: string,
    payload: unknown,
    answered: (result: Result<unknown>) => void = () => {},
  ): Promise<Result<unknown>> {
    return new Promise((resolve, reject) => {
      this.#socket.timeout(ANSWER_MS).emit(name, payload, (error: Error | null, result: Result<unknown>) => {
        if (error) reject(new Error(`No answer to ${name}.`));
        else answered(result);
        resolve(result);
      });
    });
  }

  /** Sends without wanting an answer. */
  mutter(name: string, ...payload: unknown[]): void {
    this.#socket.emit(name, ...payload);
  }

  /** @throws Error when the request is refused */
  async ask<N extends RequestName>(name: N, payload: RequestInput<N>): Promise<Answers[N]> {
    const result = (await this.say(name, payload)) as Result<Answers[N]>;
    if (!result.ok) throw new Error(`${name} was refused: ${JSON.stringify(result.error)}`);
    return result.value;
  }

  /** @throws Error when the request is not refused */
  async refusal(name: string, payload: unknown): Promise<ContractError> {
    const result = await this.say(name, payload);
    if (result.ok) throw new Error(`${name} was not refused: ${JSON.stringify(result.value)}`);
    return result.error;
  }

  /** Comes in. @param more what else the request has, such as a password */
  async join(room: string, name: string, resume?: Resume, more: JoinExtras = {}): Promise<JoinedAnswer> {
    const answer = await this.#knock(room, name, { ...more, ...(resume ? { resume } : {}) });
    if (answer.state !== 'joined') throw new Error(`${name} is not let in: ${JSON.stringify(answer)}`);
    return answer;
  }

  /** As `join`, and waits at the door. */
  async knock(room: string, name: string, more: JoinExtras = {}): Promise<WaitingAnswer> {
    const answer = await this.#knock(room, name, more);
    if (answer.state !== 'waiting') throw new Error(`${name} came in at once.`);
    return answer;
  }

  async #knock(room: string, name: string, more: JoinExtras & { resume?: Resume }): Promise<JoinAnswer> {
    const result = (await this.say('join', { version: 1, room, name, ...more }, (given) => {
      const { ok, value } = given as { ok: boolean; value: JoinAnswer };
      if (!ok || value.state !== 'joined') return;
      // At once: events may come together with the answer.
      this.lastEvent = more.resume && value.resumed ? more.resume.lastEvent : value.lastEvent;
    })) as Result<JoinAnswer>;
    if (!result.ok) throw new Error(`join was refused: ${JSON.stringify(result.error)}`);
    return result.value;
  }

  /** The first event of a type, now or later, that fits. */
  async told<T extends RoomEvent['type']>(
    type: T,
    fits: (event: Extract<RoomEvent, { type: T }>) => boolean = () => true,
    { timeoutMs = ANSWER_MS } = {},
  ): Promise<Extract<RoomEvent, { type: T }>> {
    const isIt = (event: RoomEvent): event is Extract<RoomEvent, { type: T }> =>
      event.type === type && fits(event as Extract<RoomEvent, { type: T }>);
    return this.#until(() => this.events.find(isIt), `event ${type}`, timeoutMs);
  }

  /** The first event of a type that one at the door is told, now or later. */
  async toldAtDoor<T extends WaitingEvent['type']>(type: T): Promise<Extract<WaitingEvent, { type: T }>> {
    const isIt = (event: WaitingEvent): event is Extract<WaitingEvent, { type: T }> => event.type === type;
    return this.#until(() => this.atDoor.find(isIt), `event ${type} at the door`);
  }

  /** Calls back for each event from now on. */
  onEvent(listener: (event: RoomEvent) => void): void {
    this.#listeners.add(listener);
  }

  async disconnected(): Promise<void> {
    await this.#until(() => !this.connected, 'the end of the connection');
  }

  /** As a cable that is cut: nothing is said. */
  cut(): void {
    this.#socket.io.engine.close();
  }

  close(): void {
    this.#socket.disconnect();
  }

  #until<T>(look: () => T, what: string, timeoutMs = ANSWER_MS): Promise<NonNullable<T>> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#watchers.delete(watch);
        reject(new Error(`Waited in vain for ${what}.`));
      }, timeoutMs);
      const watch = () => {
        const found = look();
        if (!found) return;
        clearTimeout(timer);
        this.#watchers.delete(watch);
        resolve(found);
      };
      this.#watchers.add(watch);
      watch();
    });
  }
}
