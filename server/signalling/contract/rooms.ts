/** What hosts ask for: settings of the room, the door, and moderation. */
import { z } from 'zod';
import { roles } from '../../conference/roles.ts';
import { chatReaches, roomKinds, successions } from '../../conference/settings.ts';
import type { RoomSettings } from '../../conference/settings.ts';
import { chatText, displayName, id, password, pin, source } from './primitives.ts';

export const roomSettings = z.strictObject({
  kind: z.enum(roomKinds),
  lobby: z.boolean(),
  locked: z.boolean(),
  hostRequired: z.boolean(),
  maxParticipants: z.int().min(1).max(10_000).nullable(),
  defaultRole: z.enum(['participant', 'viewer']),
  allowed: z.array(source).max(4),
  quietEntry: z.boolean(),
  camerasForHostsOnly: z.boolean(),
  chat: z.enum(chatReaches),
  directChat: z.boolean(),
  chatHistory: z.boolean(),
  keepChat: z.boolean(),
  succession: z.enum(successions),
}) satisfies z.ZodType<RoomSettings>;

/** Settings to change; those that are absent stay. A `kind` brings its preset, under the others that are given. */
export const roomSettingsChange = roomSettings.partial();

/** One, or all that are not hosts. */
const target = z.union([z.strictObject({ participantId: id }), z.literal('all')]);
/** One. */
const one = z.strictObject({ participantId: id });

/** Moderation, by what is done. `target: 'all'` spares hosts and co-hosts. */
export const moderation = z.discriminatedUnion('action', [
  /** Microphone off; with `mayUnmute: false` until a host allows it. */
  z.strictObject({ action: z.literal('mute'), target, mayUnmute: z.boolean() }),
  /** They may send these, whatever the settings say, until it is taken from them again. */
  z.strictObject({ action: z.literal('allow'), target, sources: z.array(source).min(1).max(4) }),
  z.strictObject({ action: z.literal('stop-camera'), target, mayRestart: z.boolean() }),
  /** The screen and its sound. */
  z.strictObject({ action: z.literal('stop-screen'), target }),
  z.strictObject({ action: z.literal('ask-to-unmute'), target }),
  /** Microphone and camera allowed, hand lowered, asked to unmute. */
  z.strictObject({ action: z.literal('give-floor'), target: one }),
  /** To the one whose hand has been up longest; refused with `unknown-participant` when there is none. */
  z.strictObject({ action: z.literal('give-floor-to-next') }),
  /** What `give-floor` gave is taken back, and microphone and camera are off. */
  z.strictObject({ action: z.literal('take-floor'), target: one }),
  z.strictObject({ action: z.literal('lower-hand'), target }),
  /** A telephone: it neither hears nor is heard while it is held. */
  z.strictObject({ action: z.literal('hold'), target: one, held: z.boolean() }),
  z.strictObject({ action: z.literal('invite-to-stage'), target: one }),
  z.strictObject({ action: z.literal('put-off-stage'), target: one }),
]);
export type ModerationRequest = z.output<typeof moderation>;

/** The schema of every request that needs a power; see `server/conference/roles.ts` for who has it. */
export const hostRequests = {
  moderate: moderation,
  /** Out of the room; may come again. */
  remove: one,
  /** Out of the room for as long as it lasts. */
  ban: one,
  renameOther: z.strictObject({ participantId: id, name: displayName }),
  setRole: z.strictObject({ participantId: id, role: z.enum(roles) }),
  spotlight: z.strictObject({ participantId: id.nullable() }),
  /** Lets in some or all of those who wait; who has gone in the meantime is passed over. */
  admit: z.strictObject({ knockIds: z.union([z.array(id).min(1).max(500), z.literal('all')]) }),
  deny: z.strictObject({ knockIds: z.union([z.array(id).min(1).max(500), z.literal('all')]) }),
  /** To one who waits, or to all of them. */
  writeToWaiting: z.strictObject({ knockId: id.nullable(), text: chatText }),
  changeRoom: z.strictObject({
    settings: roomSettingsChange.exactOptional(),
    /** Null takes the password away. */
    password: password.nullable().exactOptional(),
    /** What callers key in after the room's number. Null takes it away. */
    pin: pin.nullable().exactOptional(),
  }),
  /** Everybody is out, and the room is gone. */
  endRoom: z.strictObject({}),
  /** Calls a number, with or without spaces, or a SIP URI; `dialChanged` tells how it goes. */
  callOut: z.strictObject({
    destination: z
      .string()
      .trim()
      .min(1)
      .max(256)
      .regex(/^[^\p{C}<>"]+$/u),
  }),
  cancelCallOut: z.strictObject({ dialId: id }),
  /** The chat as the host sees it, as text. */
  exportChat: z.strictObject({}),
  /** Who was here, as CSV (RFC 4180). */
  exportAttendance: z.strictObject({}),
} as const;
