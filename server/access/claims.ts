/** What a token says of who has it: the claims of a JWT (RFC 7519), as this server reads them. */
import { z } from 'zod';
import type { RoomName } from '../conference/model.ts';
import { roles } from '../conference/roles.ts';
import { displayName, normalizeRoomName, roomName } from '../signalling/contract/primitives.ts';

/** A room, all rooms whose names begin as it does before its `*`, or with `*` alone all rooms. */
export const roomPattern = z
  .string()
  .max(64)
  .refine(
    (pattern) => pattern === '*' || roomName.safeParse(pattern.replace(/\*$/, '')).success,
    'must be the name of a room, the beginning of names with * after it, or *',
  )
  .transform(normalizeRoomName);

export const avatar = z.url({ protocol: /^https$/ }).max(2_048);

/** Other claims may be there and mean nothing here. */
export const claims = z.object({
  /** Who it is, the same at each visit; without it bans hold for the browser only. */
  sub: z.string().min(1).max(512).exactOptional(),
  room: roomPattern,
  /** Without it the room decides, as for people without a token. */
  role: z.enum(roles).exactOptional(),
  name: displayName.exactOptional(),
  avatar: avatar.exactOptional(),
  features: z
    .object({
      /** False for those who may come into rooms that are there, and make none. */
      makeRooms: z.boolean().exactOptional(),
    })
    .exactOptional(),
});
export type Claims = z.output<typeof claims>;

/** @param pattern of a token */
export function isForRoom(pattern: string, room: RoomName): boolean {
  return pattern.endsWith('*') ? room.startsWith(pattern.slice(0, -1)) : pattern === room;
}
