/** One socket: from a join to a session, each request parsed, counted, answered, and each refusal told and logged. */
import type { Logger } from 'pino';
import type { Socket } from 'socket.io';
import type { Conference } from '../conference/conference.ts';
import type { RoomName } from '../conference/model.ts';
import { CONTRACT_VERSION, normalizeRoomName, requests } from './contract.ts';
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
} from './contract.ts';
import { RequestError, expected, internal } from './errors.ts';
import { handlers } from './handlers.ts';
import { Outbox } from './outbox.ts';
import type { RateLimits } from './rate-limits.ts';
import type { Carrier, Session, Sessions } from './sessions.ts';

export interface SocketEndParts {
  conference: Conference;
  sessions: Sessions;
  limits: RateLimits;
  iceServers: readonly IceServer[];
  /** The client's, for limits. */
  address: string;
  logger: Logger;
  /** In ms. */
  joinTook: (ms: number) => void;
}

/** A socket that has not joined by then is closed, in ms. */
const JOIN_TIMEOUT_MS = 15_000;

export class SocketEnd implements Carrier {
  readonly #socket: Socket<ClientToServerEvents, ServerToClientEvents>;
  readonly #parts: SocketEndParts;
  #logger: Logger;
  #session: Session | null = null;
  #joining = false;
  /** The admission of the last request: requests are let in in the order in which they came. */
  #admitted: Promise<unknown> = Promise.resolve();

  constructor(socket: Socket<ClientToServerEvents, ServerToClientEvents>, parts: SocketEndParts) {
    this.#socket = socket;
    this.#parts = parts;
    this.#logger = parts.logger;
    const timeout = setTimeout(() => {
      if (!this.#session && !this.#joining) this.close();
    }, JOIN_TIMEOUT_MS);
    socket.onAny((name: string, ...args: unknown[]) => void this.#take(name, args));
    socket.on('disconnect', (reason) => {
      clearTimeout(timeout);
      this.#logger.debug({ reason }, 'socket closed');
      this.#session?.vacate(this);
    });
  }

  readonly deliver: Carrier['deliver'] = (batch) => {
    this.#socket.emit('events', batch);
  };

  close(): void {
    this.#socket.disconnect(true);
  }

  /** Never rejects. */
  async #take(name: string, args: readonly unknown[]): Promise<void> {
    const last = args.at(-1);
    const ack = isAck(last) ? last : ignore;
    const payload = args.length > 1 || ack === ignore ? args[0] : undefined;
    try {
      await this.#admit(name);
      if (!isRequest(name)) throw new RequestError('invalid-request', 'There is no such request.');
      if (name === 'join') await this.#join(payload, (value) => ack({ ok: true, value }));
      else if (name === 'leave') ack({ ok: true, value: this.#leave(payload) });
      else ack({ ok: true, value: await handlers[name](this.#joined().participant, payload) });
    } catch (error) {
      ack({ ok: false, error: this.#refuse(name, error) });
    }
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
    assertVersion(payload);
    const request = requests.join.parse(payload);
    this.#joining = true;
    try {
      await this.#parts.limits.join(this.#parts.address);
      const room = normalizeRoomName(request.room);
      const { resume } = request;
      const session = resume ? this.#parts.sessions.resumable(room, resume) : null;
      if (session && resume) await this.#resume(session, resume.lastEvent, answer);
      else await this.#enter(room, request, answer);
    } finally {
      this.#joining = false;
    }
    this.#parts.joinTook(performance.now() - startedAt);
  }

  async #enter(room: RoomName, { name, kind }: Request<'join'>, answer: (value: JoinAnswer) => void) {
    const { conference, sessions, iceServers } = this.#parts;
    const outbox = new Outbox();
    let session: Session | null = null;
    const tell = (event: RoomEvent) => {
      outbox.push(event);
      if (event.type === 'ended' && session) sessions.dismiss(session);
    };
    const participant = await conference.join({ room, name, kind, tell });
    if (!this.#socket.connected) {
      // It never got its token, so nobody could come back as this participant.
      participant.leave('connection-lost');
      return;
    }
    session = sessions.open({ room, participant, outbox });
    this.#adopt(session);
    answer({
      participantId: participant.id,
      token: session.token,
      resumed: false,
      role: participant.info.role,
      ...participant.connection,
      iceServers: [...iceServers],
      ...participant.roomPicture,
      // What has been told since the join is told, whether the picture has it already or not.
      lastEvent: 0,
    });
    session.deliver(this, 0);
  }

  /** As the participant it was; what it has missed follows. */
  async #resume(session: Session, lastEvent: number, answer: (value: JoinAnswer) => void): Promise<void> {
    this.#adopt(session);
    const { participant, token } = session;
    const connection = await session.reconnect(lastEvent);
    this.#logger.info({ missed: session.outbox.last - lastEvent }, 'participant resumed');
    answer({
      participantId: participant.id,
      token,
      resumed: true,
      role: participant.info.role,
      ...connection,
      iceServers: [...this.#parts.iceServers],
      ...participant.roomPicture,
      lastEvent: session.outbox.last,
    });
    session.deliver(this, lastEvent);
  }

  #adopt(session: Session): void {
    this.#session = session;
    this.#logger = this.#logger.child({ room: session.room, participantId: session.participant.id });
    session.occupy(this);
  }

  #leave(payload: unknown): Answers['leave'] {
    requests.leave.parse(payload);
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
      this.#logger.info({ request: request.slice(0, 32), ...refusal }, 'request refused');
      return refusal;
    }
    this.#logger.error({ request: request.slice(0, 32), err: error }, 'request failed');
    return internal;
  }
}

function ignore(): void {
  // A request without an ack is not answered; what it was refused for is logged.
}

function isAck(value: unknown): value is (result: Result<unknown>) => void {
  return typeof value === 'function';
}

function isRequest(name: string): name is RequestName {
  return Object.hasOwn(requests, name);
}

/** A client of another age is told so, rather than that its payload does not fit. */
function assertVersion(payload: unknown): void {
  const isOther =
    typeof payload === 'object' &&
    payload !== null &&
    'version' in payload &&
    typeof payload.version === 'number' &&
    payload.version !== CONTRACT_VERSION;
  if (isOther) throw new RequestError('version-mismatch', `This server speaks version ${CONTRACT_VERSION}.`);
}
