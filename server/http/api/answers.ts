/** Schemas of what the API answers. Those of what it takes are the contract's. */
import { z } from 'zod';
import type {
  Attendance,
  DialIn,
  Knock,
  ParticipantInfo,
  PublicationInfo,
  RoomInfo,
} from '../../conference/model.ts';
import { roles } from '../../conference/roles.ts';
import { roomSettings, source } from '../../signalling/contract.ts';

/** Ms since the epoch. */
export const instant = z.int().describe('Ms since the epoch.');
const kind = z.enum(['browser', 'phone']);

export const problem = z.object({
  error: z.object({
    code: z.string().describe('Stable: programs switch on it.'),
    message: z.string().describe('English, for people.'),
  }),
});

export const dialIn = z.object({
  number: z.string().describe('As it is dialled: international, or an extension.'),
  written: z.string().describe('As it is read.'),
  country: z.string().nullable().describe('ISO 3166.'),
  label: z.string().nullable(),
  language: z.string().nullable().describe('What the prompts speak.'),
}) satisfies z.ZodType<DialIn>;

export const room = z.object({
  name: z.string(),
  url: z.string().describe('Opens the room in a browser.'),
  settings: roomSettings,
  hasPassword: z.boolean(),
  number: z.string().nullable().describe('What callers key in.'),
  pin: z.string().nullable().describe('What callers key in after the number.'),
  lasting: z.boolean().describe('Whether it stays when the last has left.'),
  startsAt: instant.nullable().describe('When it is meant to begin, in ms since the epoch.'),
  openedAt: instant
    .nullable()
    .describe('When the first came in, in ms since the epoch; null while nobody is there.'),
  spotlight: z.string().nullable(),
  participants: z.int().describe('How many are in it.'),
  waiting: z.int().describe('How many wait at its door.'),
}) satisfies z.ZodType<
  Omit<RoomInfo, 'dialIn' | 'callsOut'> & { url: string; participants: number; waiting: number }
>;

export const participant = z.object({
  id: z.string(),
  name: z.string(),
  kind,
  role: z.enum(roles),
  avatar: z.string().nullable(),
  number: z.string().nullable().describe('Of a telephone.'),
  held: z.boolean().describe('Whether it is a telephone that a host holds.'),
  handRaisedAt: instant.nullable(),
  joinedAt: instant,
  quality: z.enum(['good', 'fair', 'poor']),
  connected: z.boolean(),
  allowed: z.array(source).describe('What they may publish unmuted right now.'),
}) satisfies z.ZodType<ParticipantInfo>;

const publication = z.object({
  id: z.string(),
  participantId: z.string(),
  source,
  muted: z.boolean(),
}) satisfies z.ZodType<PublicationInfo>;

const knock = z.object({ id: z.string(), name: z.string(), kind, since: instant }) satisfies z.ZodType<Knock>;

export const people = z.object({
  participants: z.array(participant),
  publications: z.array(publication),
  waiting: z.array(knock).describe('Those at the door, in the order in which they came.'),
});

export const attendance = z.object({
  participantId: z.string(),
  name: z.string(),
  kind,
  role: z.enum(roles),
  joinedAt: instant,
  leftAt: instant.nullable().describe('Null while they are in the room.'),
  hands: z.int().describe('How often the hand went up.'),
}) satisfies z.ZodType<Attendance>;

export const done = z.object({});

const problems = { '4xx': problem, '5xx': problem } as const;

/** The schemas of all answers of a route, by status. */
export function answers<Good extends z.ZodType>(good: Good) {
  return { 200: good, ...problems } as const;
}

/** The same, of a route that makes something. */
export function created<Good extends z.ZodType>(good: Good) {
  return { 201: good, ...problems } as const;
}

/** The same, of a route that answers something else than JSON. */
export function file(type: string, description: string) {
  return { 200: { description, content: { [type]: { schema: z.string() } } }, ...problems };
}
