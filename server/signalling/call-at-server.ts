/** One telephone call as the server has it: at the door, in the lobby, in the room, and out again. */
import { nanoid } from 'nanoid';
import type { Logger } from 'pino';
import type { Bridge, Caller } from '../conference/callers.ts';
import type { Conference, Joined } from '../conference/conference.ts';
import { ConferenceError } from '../conference/errors.ts';
import type { Place } from '../conference/lobby.ts';
import type { LeaveReason, RoomName } from '../conference/model.ts';
import type { Participant } from '../conference/participant.ts';
import type { Identity } from '../conference/ports.ts';
import type { Room } from '../conference/room.ts';
import type { RunningCall } from './bridge-status.ts';
import { callerName } from './caller-names.ts';
import type { CallerLimits } from './caller-limits.ts';
import type {
  BridgeRequest,
  CallEvent,
  CallerInRoom,
  CallerRefusal,
  EnterAnswer,
} from './contract/bridge.ts';
import type { RoomEvent, WaitingEvent } from './contract.ts';
import type { Dialling } from '../conference/dialling.ts';
import { RequestError } from './errors.ts';
import type { Wrong } from './tries.ts';

export interface CallAtServerParts {
  conference: Conference;
  dialling: Dialling;
  limits: CallerLimits;
  bridge: Bridge;
  showNumbers: boolean;
  logger: Logger;
  tell: (event: CallEvent) => void;
}

export type Enter = BridgeRequest<'enter'>;

/** Whom nobody vouches for, and who makes no rooms. */
const CALLER: Identity = { subject: null, name: null, avatar: null, role: null, mayMakeRooms: false };

/** What the caller is told of a refusal; of those that are not here, that it can not be now. */
const REFUSALS: Partial<Record<ConferenceError['code'], CallerRefusal>> = {
  'room-full': 'full',
  'lobby-full': 'full',
  'room-locked': 'locked',
  'server-draining': 'draining',
  denied: 'denied',
  banned: 'removed',
};

const REFUSAL_OF_LEAVING: Partial<Record<LeaveReason, CallerRefusal>> = {
  removed: 'removed',
  banned: 'removed',
  'room-ended': 'room-ended',
  'server-stopping': 'unavailable',
};

export class CallAtServer {
  readonly #parts: CallAtServerParts;
  #room: Room | null = null;
  #participant: Participant | null = null;
  #place: Place | null = null;
  /** The last that it asked for. */
  #request: Enter | null = null;
  #wanted: RoomName | null = null;
  /** What the bridge knows of it. */
  #mayUnmute = false;
  #left = false;

  constructor(parts: CallAtServerParts) {
    this.#parts = parts;
  }

  async enter(request: Enter): Promise<EnterAnswer> {
    if (this.#participant || this.#place) throw new RequestError('already-joined', 'The call is in already.');
    this.#request = request;
    const { to } = request;
    if (to.by === 'invitation') {
      const room = this.#parts.dialling.answered(to.dialId);
      if (room === null) return { state: 'refused', reason: 'unavailable' };
      this.#wanted = room;
      return this.#join(request, room, { pin: null, invited: true });
    }
    const { limits, logger } = this.#parts;
    try {
      const answer = await limits.number(request, (wrong) => this.#byNumber(request, to, wrong));
      return answer.state === 'pin-wrong'
        ? { ...answer, triesLeft: await limits.triesLeft(request) }
        : answer;
    } catch (error) {
      if (!(error instanceof RequestError && error.code === 'rate-limited')) throw error;
      logger.warn({ trunk: request.trunk }, 'after too many wrong numbers or PINs, none is listened to');
      return { state: 'refused', reason: 'unavailable' };
    }
  }

  /** @throws RequestError `rate-limited` */
  async #byNumber(
    request: Enter,
    { number, pin }: Extract<Enter['to'], { by: 'number' }>,
    wrong: Wrong,
  ): Promise<EnterAnswer> {
    const { limits, conference } = this.#parts;
    const room = conference.roomOfNumber(number);
    if (room === null) {
      wrong();
      return { state: 'unknown-room' };
    }
    this.#wanted = room;
    if (pin === null) return this.#join(request, room, { pin, invited: false });
    return limits.pin(room, async (wrongForRoom) => {
      const answer = await this.#join(request, room, { pin, invited: false });
      if (answer.state === 'pin-wrong') {
        wrong();
        wrongForRoom();
      }
      return answer;
    });
  }

  /** The last room that it was in, or wanted to get into; the bridge is not told which that is before the door opens. */
  get wanted(): RoomName | null {
    return this.#wanted;
  }

  /** Null for a call that has asked for nothing yet. */
  get status(): RunningCall | null {
    if (!this.#request) return null;
    const { callId, trunk, number, name, called, to } = this.#request;
    const direction = to.by === 'invitation' ? 'outbound' : 'inbound';
    return { callId, trunk, number, name, called, direction, ...this.#whereabouts };
  }

  get #whereabouts(): Pick<RunningCall, 'state' | 'room' | 'since' | 'participantId'> {
    const room = this.#room?.name ?? null;
    if (this.#participant) {
      const { id: participantId, joinedAt: since } = this.#participant.info;
      return { state: 'in-room', room, since, participantId };
    }
    const nowhere = { state: 'asking', room: null, since: null, participantId: null } as const;
    return this.#place ? { ...nowhere, state: 'waiting', room, since: this.#place.info.since } : nowhere;
  }

  async #join(request: Enter, room: RoomName, claim: Pick<Caller, 'pin' | 'invited'>): Promise<EnterAnswer> {
    try {
      return await this.#entered(request, await this.#atDoor(request, room, claim));
    } catch (error) {
      if (!(error instanceof ConferenceError)) throw error;
      if (error.code === 'pin-required') return { state: 'pin-needed' };
      // How many are left is known once this one is counted.
      if (error.code === 'wrong-pin') return { state: 'pin-wrong', triesLeft: 0 };
      this.#parts.logger.info({ room, code: error.code }, 'a caller was refused');
      return { state: 'refused', reason: REFUSALS[error.code] ?? 'unavailable' };
    }
  }

  #atDoor(
    request: Enter,
    room: RoomName,
    claim: Pick<Caller, 'pin' | 'invited'>,
    knock?: string,
  ): Promise<Joined> {
    const { conference, bridge, showNumbers, tell } = this.#parts;
    const { callId, trunk, number } = request;
    const voiceMoved = (ssrc: number) => tell({ type: 'voiceMoved', ssrc });
    return conference.join({
      ...{ room, knock, identity: CALLER, kind: 'phone' },
      name: callerName(request, showNumbers),
      caller: { bridge, number, voiceMoved, ...claim },
      // By what a caller is known again who was put out, or turned away; those without a number, in the same call alone.
      deviceId: number === null ? `call:${callId}` : `tel:${number}`,
      address: `${trunk} ${String(number)}`,
      pass: nanoid(),
      tell: this.#tell,
    });
  }

  async #entered(request: Enter, joined: Joined): Promise<EnterAnswer> {
    this.#room = joined.room;
    if (joined.state === 'waiting') {
      this.#place = joined.place;
      joined.place.occupy((event) => this.#tellWaiting(request, joined.room.name, event));
      return { state: 'waiting', waitingFor: joined.place.waitingFor };
    }
    this.#place = null;
    this.#participant = joined.participant;
    return { state: 'joined', ...(await this.#inRoom(joined.room, joined.participant)) };
  }

  async #inRoom(room: Room, participant: Participant): Promise<CallerInRoom> {
    const picture = await room.callers.picture(this.#parts.bridge);
    const microphone = microphoneOf(participant);
    this.#mayUnmute = microphone.mayUnmute;
    return {
      participantId: participant.id,
      room: room.name,
      ...picture,
      ssrc: room.callers.ssrcOnEntry(participant.id),
      ...microphone,
      count: room.participants.length,
    };
  }

  // ------------------------------------------------------------------------------- what the caller does

  async setMuted(muted: boolean): Promise<void> {
    await this.#present().setVoiceMuted(muted);
  }

  raiseHand(raised: boolean): void {
    const participant = this.#present();
    this.#room?.hands.raise(participant, raised);
  }

  /** @throws RequestError `rate-limited` */
  async chat(text: string): Promise<void> {
    const participant = this.#present();
    await this.#parts.limits.message(participant.id);
    this.#room?.chat.write(participant, { text, to: 'everyone', replyTo: null });
  }

  /** Idempotent. */
  leave(reason: 'left' | 'connection-lost'): void {
    this.#left = true;
    this.#place?.giveUp();
    this.#place = null;
    this.#participant?.leave(reason);
    this.#participant = null;
  }

  #present(): Participant {
    if (!this.#participant || this.#participant.left) {
      throw new RequestError('not-joined', 'The call is in no room.');
    }
    return this.#participant;
  }

  // ------------------------------------------------------------------------------- what the caller is told

  #tellWaiting(request: Enter, room: RoomName, event: WaitingEvent): void {
    const { tell } = this.#parts;
    switch (event.type) {
      case 'admitted':
        void this.#comeIn(request, room);
        return;
      case 'waitingFor':
        tell({ type: 'waiting', waitingFor: event.waitingFor });
        return;
      case 'denied':
        this.#place = null;
        tell({ type: 'refused', reason: event.reason === 'server-stopping' ? 'unavailable' : event.reason });
        return;
      case 'message':
        tell({ type: 'chat', name: event.from, text: event.text });
    }
  }

  /** With the place that a host has let in. Never rejects. */
  async #comeIn(request: Enter, room: RoomName): Promise<void> {
    const { tell, logger } = this.#parts;
    const knock = this.#place?.ticket;
    try {
      const answer = await this.#entered(
        request,
        await this.#atDoor(request, room, { pin: null, invited: false }, knock),
      );
      if (this.#left) this.leave('left');
      else if (answer.state === 'joined') tell({ ...answer, type: 'joined' });
    } catch (error) {
      this.#place = null;
      logger.warn({ err: error, room }, 'a caller who was let in could not come in');
      tell({ type: 'refused', reason: 'unavailable' });
    }
  }

  readonly #tell = (event: RoomEvent): void => {
    const { tell } = this.#parts;
    switch (event.type) {
      case 'chatMessage':
        if (event.message.participantId !== this.#participant?.id) {
          tell({ type: 'chat', name: event.message.name, text: event.message.text });
        }
        return;
      case 'publicationChanged':
        if (event.publication.participantId === this.#participant?.id) this.#tellMicrophone();
        return;
      case 'participantChanged':
        if (event.participant.id === this.#participant?.id && this.#hasNewRights()) this.#tellMicrophone();
        return;
      case 'moderated':
        tell({ type: 'moderated', moderation: event.moderation, by: event.by });
        return;
      case 'ended':
        this.#participant = null;
        tell({ type: 'refused', reason: REFUSAL_OF_LEAVING[event.reason] ?? 'unavailable' });
        return;
      default:
      // Of others, and of pictures: a telephone shows nothing.
    }
  };

  #hasNewRights(): boolean {
    return this.#participant !== null && microphoneOf(this.#participant).mayUnmute !== this.#mayUnmute;
  }

  #tellMicrophone(): void {
    if (!this.#participant) return;
    const microphone = microphoneOf(this.#participant);
    this.#mayUnmute = microphone.mayUnmute;
    this.#parts.tell({ type: 'microphone', ...microphone });
  }
}

function microphoneOf({ publications, info }: Participant): { muted: boolean; mayUnmute: boolean } {
  const voice = publications.find(({ source }) => source === 'microphone');
  return { muted: voice?.muted ?? true, mayUnmute: info.allowed.includes('microphone') };
}
