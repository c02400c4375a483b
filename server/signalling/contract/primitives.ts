/** Schemas that several requests share. */
import { z } from 'zod';
import type { ChatAudience } from '../../conference/model.ts';
import { reactions } from './words.ts';

/** Letters, digits and `._~-`, at most 64; compared after `normalizeRoomName`. */
export const roomName = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[\p{L}\p{N}][\p{L}\p{M}\p{N}._~-]*$/u);

/** Rooms are the same whatever the case or the Unicode composition that somebody typed. */
export const normalizeRoomName = (name: string): string => name.normalize('NFC').toLowerCase();

/** 1 to 64 characters after trimming, without control characters. */
export const displayName = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u);

export const id = z.string().min(1).max(64);

export const source = z.enum(['microphone', 'camera', 'screen', 'screenAudio']);

export const reaction = z.enum(reactions);

export const chatText = z.string().trim().min(1).max(4_000);

export const chatAudience = z.union([
  z.enum(['everyone', 'hosts']),
  z.strictObject({ participantId: id }),
]) satisfies z.ZodType<ChatAudience>;

/** What people type to get in; long enough for a sentence. */
export const password = z.string().min(1).max(128);

/** What callers key in after the number of a room. */
export const pin = z.string().regex(/^\d{4,12}$/, 'must be 4 to 12 digits');
