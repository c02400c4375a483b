/** Participants and their sockets: a session is kept for a while when its socket is gone, and goes on with another. */
import type { LeaveReason, RoomName } from '../conference/model.ts';
import type { Participant } from '../conference/participant.ts';
import type { Clock, MediaConnection } from '../conference/ports.ts';
import type { Room } from '../conference/room.ts';
import type { EndedAnswer, JoinRequest, RoomEvent } from './contract.ts';
import { type Outbox } from './outbox.ts';
import type { Deliver } from './outbox.ts';

/** What carries a session's events at the moment. */
export interface Carrier {
  readonly deliver: Deliver;
  /** Ends it: another carries on, or nobody has to. */
  close(): void;
}

/** A participant's stay in a room. */
export interface Stay {
  readonly room: Room;
  readonly participant: Participant;
}

/** How a stay ended by somebody else's doing. */
type End = Extract<RoomEvent, { type: 'ended' }>;

export interface SessionsParts {
  clock: Clock;
  /** How long a participant without a socket stays, in ms. */
  resumeMs: number;
}

const BY_HOSTS: ReadonlySet<LeaveReason> = new Set(['removed', 'banned', 'room-ended'] as const);

export class Session implements Stay {
  /** Secret between this participant and the server. */
  readonly token: string;
  readonly room: Room;
  readonly participant: Participant;
  readonly outbox: Outbox;
  readonly #sessions: Sessions;
  #carrier: Carrier | null = null;
  #cancelExpiry: (() => void) | null = null;

  constructor(token: string, { room, participant }: Stay, outbox: Outbox, sessions: Sessions) {
    this.token = token;
    this.room = room;
    this.participant = participant;
    this.outbox = outbox;
    this.#sessions = sessions;
  }

  get carrier(): Carrier | null {
    return this.#carrier;
  }

  /** Belongs to this carrier from now on; an earlier one, which may be dead without anybody knowing, is closed. */
  occupy(carrier: Carrier): void {
    this.#cancelExpiry?.();
    this.#cancelExpiry = null;
    const former = this.#carrier;
    this.#carrier = carrier;
    this.outbox.detach();
    former?.close();
  }

  /** Media is made ready for another socket, and events that have lost their truth are mended. */
  async reconnect(lastEvent: number): Promise<MediaConnection> {
    const connection = await this.participant.reconnected();
    this.outbox.amend(lastEvent, (event) =>
      event.type === 'mediaReset' ? { type: 'mediaReset', ...connection } : event,
    );
    return connection;
  }

  /** Begins to deliver what came after `lastEvent`, unless another carrier has come in the meantime. */
  deliver(carrier: Carrier, lastEvent: number): void {
    if (carrier === this.#carrier) this.outbox.attach(carrier.deliver, lastEvent);
  }

  /** The carrier is gone; when the session has another by now, nothing happens. */
  vacate(carrier: Carrier): void {
    if (carrier !== this.#carrier) return;
    this.#carrier = null;
    this.outbox.detach();
    this.participant.disconnected();
    this.#cancelExpiry = this.#sessions.expire(this);
  }

  /** Idempotent. The participant is out of the room; the carrier may go on without it. */
  end(): void {
    this.#cancelExpiry?.();
    this.#cancelExpiry = null;
    this.outbox.flush();
    this.outbox.detach();
    this.#carrier = null;
  }
}

export class Sessions {
  readonly #parts: SessionsParts;
  readonly #byToken = new Map<string, Session>();
  /** Stays that hosts ended not long ago: whose socket was away just then learns of it when it comes back. */
  readonly #ended = new Map<string, { room: RoomName; end: EndedAnswer }>();

  constructor(parts: SessionsParts) {
    this.#parts = parts;
  }

  /** @param token secret; nobody else may have it, nor guess it */
  open(token: string, stay: Stay, outbox: Outbox): Session {
    const session = new Session(token, stay, outbox, this);
    this.#byToken.set(session.token, session);
    return session;
  }

  /** The session to go on with, if there is one and nothing that the participant has missed was forgotten. */
  resumable(room: RoomName, { token, lastEvent }: NonNullable<JoinRequest['resume']>): Session | null {
    const session = this.#byToken.get(token);
    return session?.room.name === room && session.outbox.covers(lastEvent) ? session : null;
  }

  /** How the stay ended that is to be resumed; null if it was not ended by a host, or that is long ago. */
  endOf(room: RoomName, { token }: NonNullable<JoinRequest['resume']>): EndedAnswer | null {
    const ended = this.#ended.get(token);
    return ended?.room === room ? ended.end : null;
  }

  /** As `end`, and the session's socket, whichever it is by now, is closed. */
  dismiss(session: Session, { reason, by }: End): void {
    const { carrier } = session;
    this.end(session);
    carrier?.close();
    // With others one comes back as somebody new, without being asked.
    if (!BY_HOSTS.has(reason)) return;
    const { token, room } = session;
    this.#ended.set(token, { room: room.name, end: { state: 'ended', reason, by } });
    this.#parts.clock.after(this.#parts.resumeMs, () => this.#ended.delete(token));
  }

  /** Idempotent. */
  end(session: Session): void {
    this.#byToken.delete(session.token);
    session.end();
  }

  /** Lets the participant go when nobody comes back for it. @returns what calls that off */
  expire(session: Session): () => void {
    return this.#parts.clock.after(this.#parts.resumeMs, () => {
      session.participant.leave('connection-lost');
      this.end(session);
    });
  }
}
