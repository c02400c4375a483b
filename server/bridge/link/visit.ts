/** One caller's way through a door at the server: asked for, waited at, gone through, and back if the server was lost. */
import type { Logger } from 'pino';
import type {
  BridgeRequestInput,
  CallEvent,
  CallerInRoom,
  EnterAnswer,
} from '../../signalling/contract/bridge.ts';
import type { Moderation } from '../../signalling/contract/words.ts';
import type { Caller, Listener, Place, Visit } from '../door.ts';
import type { CallDetails, CallEnd } from '../sip/call.ts';
import type { MediaRooms } from './media-rooms.ts';
import { recordOf } from './record.ts';
import { ServerError } from './server-socket.ts';
import type { ServerSocket } from './server-socket.ts';

export interface LinkedVisitParts {
  caller: Caller;
  listener: Listener;
  server: ServerSocket;
  rooms: MediaRooms;
  onEnd: () => void;
  logger: Logger;
}

/** How long a caller whose server is gone is kept, in ms. Longer: over a slow restart. Shorter: no long silence. */
const SERVER_BACK_WITHIN_MS = 20_000;

type Target = BridgeRequestInput<'enter'>['to'];

export class LinkedVisit implements Visit {
  readonly #parts: LinkedVisitParts;
  /** Where the caller wants in, kept to come in again. Has the PIN: never logged. */
  #to: Target | null;
  #room: string | null = null;
  /** What the room takes the voice with; null for one who may only listen. */
  #ssrc: number | null = null;
  #place: Place | null = null;
  /** Counts comings and goings, so that a place is not taken that is ready only after the caller has left. */
  #stay = 0;
  #held = false;
  #muted: boolean | null = null;
  #failedPins = 0;
  #giveUp: NodeJS.Timeout | null = null;
  /** Counts what the door was asked, so that an answer that comes late is known as such. */
  #asked = 0;
  #over = false;

  constructor(parts: LinkedVisitParts) {
    this.#parts = parts;
    const { invitation } = parts.caller;
    this.#to = invitation === null ? null : { by: 'invitation', dialId: invitation };
    // Nothing is told before the listener has the visit.
    if (this.#to) queueMicrotask(() => void this.#enter());
  }

  ask(roomNumber: string, pin: string | null): void {
    this.#to = { by: 'number', number: roomNumber, pin };
    // While a server is waited for, it is asked once it is there.
    if (!this.#giveUp) void this.#enter();
  }

  setMuted(muted: boolean): void {
    this.#muted = muted;
    this.#tellServer('setMuted', { callId: this.#callId, muted }, (refusal) => {
      if (muted || this.#over) return;
      // A host has muted the caller meanwhile, who was told so.
      if (this.#muted && refusal === null) this.setMuted(true);
      if (!this.#muted && refusal === 'forbidden') this.#mutedByHost(false);
    });
  }

  raiseHand(raised: boolean): void {
    this.#tellServer('raiseHand', { callId: this.#callId, raised });
  }

  say(text: string): void {
    this.#tellServer('chat', { callId: this.#callId, text });
  }

  record(call: CallDetails, end: CallEnd): void {
    const failedPins = call.id === this.#callId ? this.#failedPins : 0;
    this.#parts.server.record(recordOf(call, end, { room: this.#room, failedPins }));
  }

  end(): void {
    this.#over = true;
    if (this.#giveUp) clearTimeout(this.#giveUp);
    this.#leavePlace();
    this.#tellServer('leave', { callId: this.#callId });
    this.#parts.onEnd();
  }

  // ------------------------------------------------------------------------------- what the server tells

  happened(event: CallEvent): void {
    const { listener } = this.#parts;
    switch (event.type) {
      case 'joined':
        void this.#joined(event);
        return;
      case 'waiting':
        listener.tell({ type: 'waiting', waitingFor: event.waitingFor });
        return;
      case 'refused':
        this.#refused(event.reason);
        return;
      case 'microphone':
        listener.tell(
          event.muted
            ? { type: 'mayUnmute', mayUnmute: event.mayUnmute }
            : { type: 'mayUnmute', mayUnmute: true },
        );
        return;
      case 'moderated':
        this.#moderated(event.moderation);
        return;
      case 'voiceMoved':
        this.#ssrc = event.ssrc;
        void this.#takePlaceAnew();
        return;
      case 'chat':
        listener.read(event.name, event.text);
    }
  }

  /** The media of the room has another link, and with it nobody in a place. */
  roomReset(room: string): void {
    if (room === this.#room) void this.#takePlaceAnew();
  }

  /** The room is about to end. */
  endIsNear(): void {
    this.#parts.listener.tell({ type: 'endIsNear' });
  }

  /** The server is gone, and whatever was entered with it. */
  serverLost(): void {
    this.#asked += 1;
    this.#leavePlace();
    this.#held = false;
    if (this.#to === null || this.#giveUp) return;
    this.#giveUp = setTimeout(() => this.#refused('unavailable'), SERVER_BACK_WITHIN_MS);
  }

  /** The server is there again: in once more, by the same way. */
  serverBack(): void {
    if (!this.#giveUp) return;
    clearTimeout(this.#giveUp);
    this.#giveUp = null;
    void this.#enter();
  }

  // ------------------------------------------------------------------------------- within

  get #callId(): string {
    return this.#parts.caller.id;
  }

  /** Never rejects. */
  async #enter(): Promise<void> {
    const { caller, server, logger } = this.#parts;
    const to = this.#to;
    if (!to) return;
    this.#asked += 1;
    const asked = this.#asked;
    try {
      const { id: callId, trunk, party, called } = caller;
      const answer = await server.ask('enter', {
        callId,
        trunk,
        number: party.number,
        name: party.name,
        called,
        to,
      });
      if (asked === this.#asked && !this.#over) await this.#answered(answer);
    } catch (err) {
      if (asked !== this.#asked || this.#over) return;
      logger.warn({ err }, 'the door does not answer');
      this.#refused('unavailable');
    }
  }

  async #answered(answer: EnterAnswer): Promise<void> {
    const { listener } = this.#parts;
    switch (answer.state) {
      case 'unknown-room':
        listener.tell({ type: 'roomUnknown' });
        return;
      case 'pin-needed':
        listener.tell({ type: 'pinNeeded' });
        return;
      case 'pin-wrong':
        this.#failedPins += 1;
        listener.tell({ type: 'pinWrong', triesLeft: answer.triesLeft });
        return;
      case 'refused':
        this.#refused(answer.reason);
        return;
      case 'waiting':
        listener.tell({ type: 'waiting', waitingFor: answer.waitingFor });
        return;
      case 'joined':
        await this.#joined(answer);
    }
  }

  /** Never rejects. */
  async #joined(joined: CallerInRoom): Promise<void> {
    const { rooms, listener } = this.#parts;
    const { room, ssrc, count, muted, mayUnmute } = joined;
    this.#room = room;
    this.#ssrc = ssrc;
    this.#stay += 1;
    if (!(await this.#takePlace(room, rooms.enter(joined)))) return;
    listener.tell({ type: 'joined', count, muted, mayUnmute });
    // A host may have been quick; or the caller was held by one before the server was gone.
    listener.tell({ type: 'held', held: this.#held });
    // As it was, when it has come in again.
    if (this.#muted !== null && this.#muted !== muted) this.setMuted(this.#muted);
  }

  /** As soon as there are places again. One who is just coming in takes theirs by that. Never rejects. */
  async #takePlaceAnew(): Promise<void> {
    const [room, { rooms }] = [this.#room, this.#parts];
    if (room !== null && this.#place) await this.#takePlace(room, rooms.ready(room));
  }

  /** @returns whether the caller has it, and did not leave before. Never rejects. */
  async #takePlace(room: string, ready: Promise<void>): Promise<boolean> {
    const { rooms, logger } = this.#parts;
    const stay = this.#stay;
    try {
      await ready;
      if (stay !== this.#stay) return false;
      this.#setPlace(rooms.place(room, this.#ssrc));
      return true;
    } catch (err) {
      if (stay !== this.#stay) return false;
      logger.error({ err, room }, 'a caller can not be placed in the room');
      this.#refused('unavailable');
      return false;
    }
  }

  #refused(reason: Extract<EnterAnswer, { state: 'refused' }>['reason']): void {
    if (this.#giveUp) clearTimeout(this.#giveUp);
    this.#giveUp = null;
    this.#to = null;
    this.#leavePlace();
    this.#parts.listener.tell({ type: 'refused', reason });
  }

  #moderated(moderation: Moderation): void {
    const { listener } = this.#parts;
    switch (moderation.action) {
      case 'muted':
        this.#mutedByHost(moderation.mayUnmute);
        return;
      case 'floor-taken':
      case 'put-off-stage':
        this.#mutedByHost(false);
        return;
      case 'asked-to-unmute':
      case 'given-floor':
        listener.tell({ type: 'askedToUnmute' });
        return;
      case 'hand-lowered':
        listener.tell({ type: 'handLowered' });
        return;
      case 'held':
        this.#held = moderation.held;
        if (this.#held) listener.place(null);
        // By the link that the room has then.
        else void this.#takePlaceAnew();
        listener.tell({ type: 'held', held: this.#held });
        return;
      default:
      // Names, roles and pictures are nothing to be heard.
    }
  }

  #mutedByHost(mayUnmute: boolean): void {
    this.#muted = true;
    this.#parts.listener.tell({ type: 'muted', mayUnmute });
  }

  #setPlace(place: Place | null): void {
    this.#place = place;
    this.#parts.listener.place(this.#held ? null : place);
  }

  #leavePlace(): void {
    this.#stay += 1;
    if (this.#place) this.#setPlace(null);
  }

  /**
   * What the caller does while the server is gone is lost with it.
   * @param onAnswer told the code of a refusal; null when it is done
   */
  #tellServer<N extends 'setMuted' | 'raiseHand' | 'chat' | 'leave'>(
    name: N,
    payload: BridgeRequestInput<N>,
    onAnswer?: (refusal: ServerError['code'] | null) => void,
  ): void {
    const { server, logger } = this.#parts;
    if (!server.connected) return;
    server.ask(name, payload).then(
      () => onAnswer?.(null),
      (err: unknown) => {
        logger.info({ err, request: name }, 'refused by the server');
        if (err instanceof ServerError) onAnswer?.(err.code);
      },
    );
  }
}
