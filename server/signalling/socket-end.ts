/** One socket: from a join to a session, each request parsed, counted, answered, and each refusal told and logged. */
import type { Logger } from 'pino';
import type { Socket } from 'socket.io';
import type { Place } from '../conference/lobby.ts';
import type { RoomName } from '../conference/model.ts';
import type { Clock } from '../conference/ports.ts';
import { CONTRACT_VERSION, hostRequests, normalizeRoomName, requests } from './contract.ts';
import type {
  Answers,
  ClientToServerEvents,
  ContractError,
  IceServer,
  JoinAnswer,
  Request,
  RequestName,
  Result,
  RoomEvent,
  ServerToClientEvents,
  WaitingEvent,
} from './contract.ts';
import { enter } from './entering.ts';
import type { EnteringParts, Waiting } from './entering.ts';
import { assertVersion, RequestError, expected, internal } from './errors.ts';
import { handlers } from './handlers.ts';
import type { ParticipantRequest } from './handlers.ts';
import { Outbox } from './outbox.ts';
import type { Carrier, Session, Sessions } from './sessions.ts';

export interface SocketEndParts extends EnteringParts {
  clock: Pick<Clock, 'after'>;
  sessions: Sessions;
  iceServers: readonly IceServer[];
  /** Of a session; see `JoinedAnswer`. */
  newToken: () => string;
  logger: Logger;
  /** In ms. */
  joinTook: (ms: number) => void;
}

/** A socket that has not joined by then is closed, in ms. */
const JOIN_TIMEOUT_MS = 15_000;
/**
 * What may wait for a socket whose other end reads nothing, in characters. Higher: a slower network is borne with.
 * Lower: less memory for one who never reads, and only says that it lives.
 */
const MAX_UNSENT = 1_000_000;
/** A socket that was refused so many requests for their number is closed. Lower: a client with a mistake is cut off. */
const MAX_RATE_REFUSALS = 1_000;

export class SocketEnd implements Carrier {
  readonly #socket: Socket<ClientToServerEvents, ServerToClientEvents>;
  readonly #parts: SocketEndParts;
  #logger: Logger;
  #session: Session | null = null;
  /** At the door, while it waits there. */
  #place: Place | null = null;
  /** The join that is under way; never rejects. */
  #joining: Promise<unknown> | null = null;
  /** Characters that the network has not taken yet. */
  #unsent = 0;
  /** Requests that came too fast. */
  #rateRefusals = 0;
  /** The admission of the last request: requests are let in in the order in which they came. */
  #admitted: Promise<unknown> = Promise.resolve();

  constructor(socket: Socket<ClientToServerEvents, ServerToClientEvents>, parts: SocketEndParts) {
    this.#socket = socket;
    this.#parts = parts;
    this.#logger = parts.logger;
    const timeout = setTimeout(() => {
      if (!this.#session && !this.#place && !this.#joining) this.close();
    }, JOIN_TIMEOUT_MS);
    socket.conn.on('packetCreate', ({ data }: { data?: string | Buffer }) => {
      this.#unsent += data?.length ?? 0;
    });
    socket.conn.on('flush', () => (this.#unsent = 0));
    socket.onAny((name: string, ...args: unknown[]) => void this.#take(name, args));
    socket.on('disconnect', (reason) => {
      clearTimeout(timeout);
      this.#logger.debug({ reason }, 'socket closed');
      this.#session?.vacate(this);
      this.#place?.vacate(this.#tellWaiting);
    });
  }

  readonly deliver: Carrier['deliver'] = (batch) => {
    if (this.#unsent < MAX_UNSENT) {
      this.#socket.emit('events', batch);
      return;
    }
    this.#logger.warn('socket closed: nothing is read at its other end');
    // Without waiting for the rest to be read: it is in the outbox, for one that comes back.
    this.#socket.conn.close(true);
  };

  /** After what is being answered: who ends a room is told so before it is over for them as well. */
  close(): void {
    setImmediate(() => this.#socket.disconnect(true));
  }

  /** Never rejects. */
  async #take(name: string, args: readonly unknown[]): Promise<void> {
    const last = args.at(-1);
    const ack = isAck(last) ? last : ignore;
    const payload = args.length > 1 || ack === ignore ? args[0] : undefined;
    // What happened before the answer is told before it.
    const answer: typeof ack = (result) => {
      this.#session?.outbox.flush();
      ack(result);
    };
    try {
      await this.#admit(name);
      if (!isRequest(name)) throw new RequestError('invalid-request', 'There is no such request.');
      if (name === 'join') await this.#join(payload, (value) => answer({ ok: true, value }));
      else if (name === 'leave') answer({ ok: true, value: await this.#leave(payload) });
      else answer({ ok: true, value: await this.#carryOut(name, payload) });
    } catch (error) {
      answer({ ok: false, error: this.#refuse(name, error) });
    }
  }

  async #carryOut<N extends ParticipantRequest>(name: N, payload: unknown): Promise<Answers[N]> {
    const value = await handlers[name](this.#joined(), payload);
    // Never with what was asked for: there may be a password in it.
    if (Object.hasOwn(hostRequests, name)) this.#logger.info({ request: name }, 'carried out for a host');
    return value;
  }

  #admit(name: string): Promise<void> {
    const admission = this.#admitted.then(() => this.#parts.limits.request(this.#socket.id, name));
    this.#admitted = admission.catch(ignore);
    return admission;
  }

  #joined(): Session {
    if (!this.#session || this.#session.participant.left) {
      throw new RequestError('not-joined', 'Join a room first.');
    }
    return this.#session;
  }

  // ------------------------------------------------------------------------------- coming and going

  /** @param answer is called before the first event is sent */
  async #join(payload: unknown, answer: (value: JoinAnswer) => void): Promise<void> {
    const startedAt = performance.now();
    if (this.#session || this.#joining) {
      throw new RequestError('already-joined', 'This socket has joined a room already.');
    }
    assertVersion(payload, CONTRACT_VERSION);
    const request = requests.join.parse(payload);
    const joined = this.#resumeOrEnter(request, answer);
    this.#joining = joined.catch(ignore);
    try {
      await joined;
    } finally {
      this.#joining = null;
    }
    this.#parts.joinTook(performance.now() - startedAt);
  }

  async #resumeOrEnter(request: Request<'join'>, answer: (value: JoinAnswer) => void): Promise<void> {
    await this.#parts.limits.join(this.#parts.address);
    const room = normalizeRoomName(request.room);
    const { resume } = request;
    const { sessions } = this.#parts;
    this.#leaveDoor(request.knock);
    const ended = resume ? sessions.endOf(room, resume) : null;
    if (ended) {
      answer(ended);
      return;
    }
    const session = resume ? sessions.resumable(room, resume) : null;
    if (session && resume) await this.#resume(session, resume.lastEvent, answer);
    else await this.#enter(room, request, answer);
  }

  async #enter(room: RoomName, request: Request<'join'>, answer: (value: JoinAnswer) => void) {
    const { sessions, iceServers, newToken } = this.#parts;
    const outbox = new Outbox(this.#parts.clock);
    const token = newToken();
    let session: Session | null = null;
    const tell = (event: RoomEvent) => {
      outbox.push(event);
      if (event.type === 'ended' && session) sessions.dismiss(session, event);
    };
    const joined = await enter({ ...this.#parts, room, request, pass: token, tell });
    if (joined.state === 'waiting') {
      this.#wait(joined, answer);
      return;
    }
    const { participant } = joined;
    if (!this.#socket.connected) {
      // It never got its token, so nobody could come back as this participant.
      participant.leave('connection-lost');
      return;
    }
    session = sessions.open(token, joined, outbox);
    this.#adopt(session);
    answer({
      state: 'joined',
      participantId: participant.id,
      token,
      resumed: false,
      role: participant.role,
      hostKey: participant.hostKey,
      ...participant.connection,
      iceServers: [...iceServers],
      ...joined.room.pictureFor(participant),
      // What has been told since the join is told, whether the picture has it already or not.
      lastEvent: 0,
    });
    session.deliver(this, 0);
  }

  /** At the door, until `join` comes again. */
  #wait({ room, place }: Waiting, answer: (value: JoinAnswer) => void): void {
    if (!this.#socket.connected) return;
    this.#place = place;
    this.#logger.info({ room: room.name, waitingFor: place.waitingFor }, 'somebody waits');
    answer({
      state: 'waiting',
      waitingFor: place.waitingFor,
      knock: place.ticket,
      opensAt: room.opensAt,
      now: room.now(),
    });
    place.occupy(this.#tellWaiting);
  }

  readonly #tellWaiting = (event: WaitingEvent): void => {
    this.#socket.emit('waiting', event);
    if (event.type === 'denied') this.close();
  };

  /** As the participant it was; what it has missed follows. */
  async #resume(session: Session, lastEvent: number, answer: (value: JoinAnswer) => void): Promise<void> {
    this.#adopt(session);
    const { participant, room, token } = session;
    const connection = await session.reconnect(lastEvent);
    this.#logger.info({ missed: session.outbox.last - lastEvent }, 'participant resumed');
    answer({
      state: 'joined',
      participantId: participant.id,
      token,
      resumed: true,
      role: participant.role,
      hostKey: participant.hostKey,
      ...connection,
      iceServers: [...this.#parts.iceServers],
      ...room.pictureFor(participant),
      lastEvent: session.outbox.last,
    });
    session.deliver(this, lastEvent);
  }

  #adopt(session: Session): void {
    this.#session = session;
    this.#logger = this.#logger.child({ room: session.room.name, participantId: session.participant.id });
    session.occupy(this);
  }

  /** Who joins again comes in with the place it has, or has given it up. */
  #leaveDoor(knock: string | undefined): void {
    if (this.#place && this.#place.ticket !== knock) this.#place.giveUp();
    this.#place = null;
  }

  async #leave(payload: unknown): Promise<Answers['leave']> {
    requests.leave.parse(payload);
    // Who changes their mind on the way in leaves as soon as they are there.
    await this.#joining;
    if (this.#place) {
      this.#place.giveUp();
      this.#place = null;
      return {};
    }
    const session = this.#joined();
    this.#session = null;
    session.participant.leave('left');
    this.#parts.sessions.end(session);
    return {};
  }

  // --------------------------------------------------------------------------------------- refusals

  /** Logs it once, and says what the client learns. */
  #refuse(request: string, error: unknown): ContractError {
    const refusal = expected(error);
    if (refusal) {
      const isFlood = refusal.code === 'rate-limited' && ++this.#rateRefusals > 1;
      // Who floods us does not flood the log as well.
      const { address } = this.#parts;
      this.#logger[isFlood ? 'debug' : 'info'](
        { request: request.slice(0, 32), address, ...refusal },
        'request refused',
      );
      if (this.#rateRefusals === MAX_RATE_REFUSALS) this.#giveUp();
      return refusal;
    }
    this.#logger.error({ request: request.slice(0, 32), err: error }, 'request failed');
    return internal;
  }

  #giveUp(): void {
    this.#logger.warn('a socket is closed that asks without end');
    this.close();
  }
}

function ignore(): void {
  // What a request was refused for is logged, and told where there is an ack.
}

function isAck(value: unknown): value is (result: Result<unknown>) => void {
  return typeof value === 'function';
}

function isRequest(name: string): name is RequestName {
  return Object.hasOwn(requests, name);
}
