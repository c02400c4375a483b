/** What hosts do to a room, its door and those in it. The server refuses who lacks the power for it: see `may`. */
import type { RequestInput, RoomSettings } from '../../server/signalling/contract.ts';
import type { Ask } from './connection.ts';
import type { Dial, KnockId, ParticipantId, Role, Source } from './types.ts';

/** One participant, or all who are neither host nor co-host. */
export type Target = { readonly participantId: ParticipantId } | 'all';
/** Some who wait at the door, or all of them. */
export type Knocks = readonly KnockId[] | 'all';

export interface RoomChange {
  /** Settings to change; the others stay. A `kind` brings its preset, under the others that are given. */
  readonly settings?: Partial<RoomSettings>;
  /** Null takes the password away; absent leaves it as it is. */
  readonly password?: string | null;
  /** What callers key in, 4 to 12 digits; null takes it away, absent leaves it as it is. */
  readonly pin?: string | null;
}

/**
 * All reject with a `RoomError`: `forbidden` without the power, `unknown-participant` or `unknown-knock` for somebody
 * who has gone meanwhile.
 */
export interface Host {
  /** Microphones off. @param mayUnmute false keeps them off until `allow` or `giveFloor` */
  mute(target: Target, mayUnmute: boolean): Promise<void>;
  /** What was forbidden is allowed again. */
  allow(target: Target, sources: readonly Source[]): Promise<void>;
  /** @param mayRestart false keeps the camera off until `allow` or `giveFloor` */
  stopCamera(target: Target, mayRestart: boolean): Promise<void>;
  /** The screen and its sound. */
  stopScreen(target: Target): Promise<void>;
  askToUnmute(target: Target): Promise<void>;
  /** Microphone and camera allowed, hand lowered, asked to unmute. */
  giveFloor(participantId: ParticipantId): Promise<void>;
  /** To the one whose hand has been up longest. */
  giveFloorToNext(): Promise<void>;
  takeFloor(participantId: ParticipantId): Promise<void>;
  lowerHand(target: Target): Promise<void>;
  /** A telephone neither hears nor is heard while it is held. */
  hold(participantId: ParticipantId, held: boolean): Promise<void>;
  /** Asks a viewer to take part; the viewer answers. */
  inviteToStage(participantId: ParticipantId): Promise<void>;
  putOffStage(participantId: ParticipantId): Promise<void>;
  /** Out of the room; may come again. */
  remove(participantId: ParticipantId): Promise<void>;
  /** Out of the room for as long as it lasts. */
  ban(participantId: ParticipantId): Promise<void>;
  rename(participantId: ParticipantId, name: string): Promise<void>;
  setRole(participantId: ParticipantId, role: Role): Promise<void>;
  /** Shows somebody large to everybody; null for nobody. */
  spotlight(participantId: ParticipantId | null): Promise<void>;
  admit(knocks: Knocks): Promise<void>;
  deny(knocks: Knocks): Promise<void>;
  /** @param knockId null writes to all who wait */
  writeToWaiting(knockId: KnockId | null, text: string): Promise<void>;
  changeRoom(change: RoomChange): Promise<void>;
  /**
   * Calls a telephone into the room, where `RoomInfo.callsOut` says that it can be; `RoomState.dials` has how it goes.
   * Rejects with `calls-unavailable` and `too-many-calls`, too.
   * @param destination a number, with or without spaces and dashes, or a SIP URI
   */
  callOut(destination: string): Promise<Dial>;
  /** A call that has ended already stays as it is. */
  cancelCallOut(dialId: string): Promise<void>;
  /** Everybody is out, and the room is gone. */
  endRoom(): Promise<void>;
  /** The chat as this host sees it, as plain text. */
  exportChat(): Promise<string>;
  /** Who was here, when and for how long, as CSV (RFC 4180). */
  exportAttendance(): Promise<string>;
}

export function createHost(ask: Ask): Host {
  const done = async (answer: Promise<unknown>): Promise<void> => {
    await answer;
  };
  const moderate = (request: RequestInput<'moderate'>): Promise<void> => done(ask('moderate', request));
  const idsOf = (knocks: Knocks): KnockId[] | 'all' => (knocks === 'all' ? 'all' : [...knocks]);
  return {
    mute: (target, mayUnmute) => moderate({ action: 'mute', target, mayUnmute }),
    allow: (target, sources) => moderate({ action: 'allow', target, sources: [...sources] }),
    stopCamera: (target, mayRestart) => moderate({ action: 'stop-camera', target, mayRestart }),
    stopScreen: (target) => moderate({ action: 'stop-screen', target }),
    askToUnmute: (target) => moderate({ action: 'ask-to-unmute', target }),
    giveFloor: (participantId) => moderate({ action: 'give-floor', target: { participantId } }),
    giveFloorToNext: () => moderate({ action: 'give-floor-to-next' }),
    takeFloor: (participantId) => moderate({ action: 'take-floor', target: { participantId } }),
    lowerHand: (target) => moderate({ action: 'lower-hand', target }),
    hold: (participantId, held) => moderate({ action: 'hold', target: { participantId }, held }),
    inviteToStage: (participantId) => moderate({ action: 'invite-to-stage', target: { participantId } }),
    putOffStage: (participantId) => moderate({ action: 'put-off-stage', target: { participantId } }),
    remove: (participantId) => done(ask('remove', { participantId })),
    ban: (participantId) => done(ask('ban', { participantId })),
    rename: (participantId, name) => done(ask('renameOther', { participantId, name })),
    setRole: (participantId, role) => done(ask('setRole', { participantId, role })),
    spotlight: (participantId) => done(ask('spotlight', { participantId })),
    admit: (knocks) => done(ask('admit', { knockIds: idsOf(knocks) })),
    deny: (knocks) => done(ask('deny', { knockIds: idsOf(knocks) })),
    writeToWaiting: (knockId, text) => done(ask('writeToWaiting', { knockId, text })),
    changeRoom: async ({ settings, password, pin }) => {
      await ask('changeRoom', {
        ...(settings && { settings: copyOf(settings) }),
        ...(password !== undefined && { password }),
        ...(pin !== undefined && { pin }),
      });
    },
    callOut: async (destination) => (await ask('callOut', { destination })).dial,
    cancelCallOut: (dialId) => done(ask('cancelCallOut', { dialId })),
    endRoom: () => done(ask('endRoom', {})),
    exportChat: async () => (await ask('exportChat', {})).text,
    exportAttendance: async () => (await ask('exportAttendance', {})).csv,
  };
}

function copyOf({
  allowed,
  ...others
}: Partial<RoomSettings>): RequestInput<'changeRoom'>['settings'] & object {
  return { ...others, ...(allowed && { allowed: [...allowed] }) };
}
