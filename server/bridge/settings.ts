/** Every setting of the bridge. The key is the setting's name in the file. */
import { z } from 'zod';
import { logging } from '../config/log-settings.ts';
import { list, parts, text, whole } from '../config/setting.ts';
import { codecNames, legKinds } from './media/protocol.ts';
import { languages } from './prompts/catalogue.ts';

/** RTP ports go from even to odd; below are the system's own. */
const LOWEST_PORT = 1_024;

const ip = z.union([z.ipv4(), z.ipv6()]);
const host = z.union([z.ipv4(), z.ipv6(), z.hostname()]);
const path = z.string().min(1);
const sipUri = z
  .url({ protocol: /^wss?$/, error: 'must begin with ws: or wss:', abort: true })
  // JsSIP takes none.
  .refine((uri) => {
    const { username, password } = new URL(uri);
    return username === '' && password === '';
  }, 'must have no user or password');
/** The user part of a SIP address, as far as PBXs use it. */
const user = z.string().regex(/^[\w.!~*'()+$-]{1,64}$/, 'must be the part of a SIP address before the @');
const number = z.string().regex(/^\+?[0-9*#]{1,32}$/, 'must be a number');
const roomNumber = z.string().regex(/^\d{1,16}$/, 'must be the number of a room');

const dialPattern = z
  .string()
  .regex(/^\+?[0-9a-zA-Z._*#-]{1,64}$/, 'must be a number; x stands for a digit, * at its end for any more');

const portRange = z
  .strictObject({ min: z.int().min(LOWEST_PORT).max(65_535), max: z.int().min(LOWEST_PORT).max(65_535) })
  .refine(({ min, max }) => max > min, { error: 'must have a max above its min' });

/** One PBX, or one route to a carrier. */
export const trunk = z.strictObject({
  /** Of yours: in logs, metrics and call records. */
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be of a-z, 0-9 and -'),
  /** WebSocket addresses of equal servers, the preferred one first. */
  uris: z.tuple([sipUri], sipUri).refine((all) => all.length <= 8, { error: 'must not be more than 8' }),
  /** File with the authorities (PEM) of the servers' certificates; the well-known ones if absent. */
  ca: path.nullable().default(null),
  user,
  domain: host,
  /** For authentication, where it is not the user. */
  authUser: z.string().min(1).nullable().default(null),
  password: z.string().min(1).nullable().default(null),
  register: z.boolean().default(true),
  registerSeconds: z.int().min(30).max(86_400).default(600),
  /** What phones that are called from a room are shown. */
  displayName: z.string().max(64).default('Tertulia'),
  /** How sessions are refreshed: some PBXs know no UPDATE. */
  sessionRefresh: z.enum(['update', 'invite']).default('update'),
  /** Believe P-Asserted-Identity: only if the PBX removes what phones write there. */
  trustAssertedIdentity: z.boolean().default(false),
  /** How our own offers have their media. Offers of phones are answered in their kind. */
  offer: z.enum(legKinds).default('dtls'),
  /** Most wanted first. */
  codecs: z
    .array(z.enum(codecNames))
    .min(1)
    .default([...codecNames]),
  /** Hear digits as sound too. Off where not needed: a voice may sound like a digit. */
  inbandDigits: z.boolean().default(false),
  /** The first is spoken; callers may change to the others with the star key. */
  languages: z.tuple([z.enum(languages)], z.enum(languages)).default(['en', 'es']),
  /** Room numbers by the number that was dialled. Other numbers lead to the question for one. */
  rooms: z.record(number, roomNumber).default({}),
  /** Whether rooms may call out by it; what, says `dialOut`. */
  callsOut: z.boolean().default(false),
});

export type TrunkSettings = z.output<typeof trunk>;

export const server = {
  serverUrl: text('SERVER_URL', z.url({ protocol: /^https?$/ }).nullable(), {
    byDefault: null,
    defaultText: 'none: callers hear that no room can be reached',
    meaning:
      'Where the conference server is, such as https://meet.example.org/. The one beside it tells by itself.',
  }),
  bridgeSecret: text('BRIDGE_SECRET', z.string().min(16).nullable(), {
    byDefault: null,
    secret: true,
    meaning: "What the bridge proves itself with at the server: the server's BRIDGE_SECRET.",
  }),
  serverListen: text('SERVER_LISTEN', ip, {
    byDefault: '127.0.0.1',
    defaultText: '127.0.0.1: the server is on this machine',
    meaning: "Address of this machine from which the server's media port is reached.",
  }),
} as const;

export const pbx = {
  trunks: parts('TRUNKS', z.array(trunk).max(32), {
    byDefault: [],
    secret: true,
    meaning:
      'PBXs: a list of {name, uris, user, domain, password}, and if need be ca, authUser, register, registerSeconds, ' +
      'displayName, sessionRefresh (update or invite), trustAssertedIdentity, offer (dtls, sdes or plain), codecs, ' +
      'inbandDigits, languages (en, es), rooms (room numbers by dialled number), callsOut.',
  }),
  pingSeconds: whole('PING_SECONDS', [1, 300], {
    byDefault: 15,
    meaning: 'A PBX that is silent for two of these, in seconds, is connected to anew.',
  }),
  dialOut: list('DIAL_OUT', dialPattern, {
    byDefault: [],
    defaultText: 'none: nothing can be dialled',
    meaning:
      'What rooms may dial: numbers and names, x for any digit, * at the end for any more, such as +5411*, 2xx.',
  }),
} as const;

export const media = {
  mediaAddress: text('MEDIA_ADDRESS', ip, {
    byDefault: '127.0.0.1',
    defaultText: '127.0.0.1: the PBX is on this machine',
    meaning: "Address of this machine for phones' media.",
  }),
  mediaAnnounced: text('MEDIA_ANNOUNCED', host.nullable(), {
    byDefault: null,
    defaultText: 'MEDIA_ADDRESS',
    meaning: 'Address that phones are told instead, for a host behind NAT.',
  }),
  mediaPorts: parts('MEDIA_PORTS', portRange.nullable(), {
    byDefault: null,
    defaultText: 'any free ones',
    meaning: "UDP ports for phones' media, two a call: {min, max}.",
  }),
} as const;

export const limits = {
  maxCalls: whole('MAX_CALLS', [1, 10_000], {
    byDefault: 200,
    meaning: 'Calls at a time; more are refused with 503.',
  }),
  maxCallsOut: whole('MAX_CALLS_OUT', [0, 10_000], {
    byDefault: 20,
    meaning: 'Of these, calls out of rooms.',
  }),
  ringSeconds: whole('RING_SECONDS', [5, 300], {
    byDefault: 60,
    meaning: 'How long a phone rings that is called from a room, in seconds.',
  }),
} as const;

export const running = {
  drainSeconds: whole('DRAIN_SECONDS', [0, 86_400], {
    byDefault: 30,
    meaning: 'How long calls may go on after the first signal to stop, in seconds.',
  }),
  ...logging,
} as const;

/** In the order in which the help shows them. */
export const groups = { Server: server, PBX: pbx, Media: media, Limits: limits, Running: running } as const;

export const settings = z.strictObject({ ...server, ...pbx, ...media, ...limits, ...running });
