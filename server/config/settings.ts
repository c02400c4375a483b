/** Every setting of the server. The key is the setting's name in the file. */
import { z } from 'zod';
import { access } from './access-settings.ts';
import { dialIn } from './dial-in.ts';
import { logging } from './log-settings.ts';
import { flag, list, parts, text, whole } from './setting.ts';
import { webhooks } from './webhook-settings.ts';

/** 0 takes any free one. */
const PORT = [0, 65_535] as const;

/** An IP address, and with `=` the address that is announced for it: `10.0.0.5=203.0.113.7`. */
const listenAddress = z.string().transform((value, context) => {
  const [ip = '', announcedAddress, ...rest] = value.split('=');
  const isAddress = z.union([z.ipv4(), z.ipv6()]).safeParse(ip).success;
  if (!isAddress || announcedAddress === '' || rest.length > 0) {
    context.addIssue({ code: 'custom', message: 'must be an IP address, or IP=ANNOUNCED' });
    return z.NEVER;
  }
  return announcedAddress === undefined ? { ip } : { ip, announcedAddress };
});

const basePath = z
  .string()
  .regex(/^(?:\/[A-Za-z0-9._~-]+)*\/?$/, 'must be a path such as /meet')
  .transform((path) => path.replace(/\/$/, ''));

const iceServer = z.strictObject({
  urls: z.array(z.string().regex(/^(stun|turn)s?:/, 'must begin with stun:, turn: or turns:')).min(1),
  username: z.string().exactOptional(),
  credential: z.string().exactOptional(),
});

/** As browsers name it in `Origin`: scheme, host and port. */
const origin = z.url({ protocol: /^https?$/ }).transform((url) => new URL(url).origin);

/** Without a slash at the end, so that paths follow. */
const publicUrl = z
  .url({ protocol: /^https?$/ })
  .transform((url) => url.replace(/[?#].*$/, '').replace(/\/+$/, ''));

const path = z.string().min(1).nullable();
const host = z.union([z.ipv4(), z.ipv6(), z.hostname()]);

export const web = {
  host: text('HOST', host, {
    byDefault: '127.0.0.1',
    meaning: 'Address to serve on. 0.0.0.0 serves everybody who reaches this machine.',
  }),
  port: whole('PORT', PORT, { byDefault: 3000, meaning: 'Web port. 0 takes any free one.' }),
  basePath: text('BASE_PATH', basePath, {
    byDefault: '',
    meaning: 'Path to serve below, for a reverse proxy that has other things too.',
  }),
  publicUrl: text('PUBLIC_URL', publicUrl.nullable(), {
    byDefault: null,
    defaultText: 'as each request has it',
    meaning: 'URL of the start page as people reach it, for links in invitations and for sign-in.',
  }),
  tlsCert: text('TLS_CERT', path, {
    byDefault: null,
    meaning: 'File with the certificate and its chain (PEM). Makes it HTTPS, together with TLS_KEY.',
  }),
  tlsKey: text('TLS_KEY', path, { byDefault: null, meaning: "File with the certificate's key (PEM)." }),
  tlsSelfSigned: flag('TLS_SELF_SIGNED', {
    byDefault: false,
    meaning: 'HTTPS with a certificate made here; each browser warns about it once.',
  }),
  trustedProxies: list('TRUSTED_PROXIES', z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]), {
    byDefault: [],
    meaning: 'Addresses or networks of reverse proxies whose X-Forwarded-For is believed.',
  }),
  allowedOrigins: list('ALLOWED_ORIGINS', origin, {
    byDefault: [],
    meaning: 'Other sites whose pages may use this server, such as https://app.example.org.',
  }),
  metricsToken: text('METRICS_TOKEN', z.string().min(16).nullable(), {
    byDefault: null,
    secret: true,
    defaultText: 'none: /metrics answers to this machine only',
    meaning: 'Bearer token, 16 characters or more, with which /metrics answers to anybody.',
  }),
} as const;

export const media = {
  workerBin: text('MEDIASOUP_WORKER_BIN', path, {
    byDefault: null,
    defaultText: 'the one that npm start finds or builds',
    meaning: "mediasoup's worker binary.",
  }),
  workers: whole('WORKERS', [0, 256], {
    byDefault: 0,
    defaultText: 'one a processor',
    meaning: 'Media workers.',
  }),
  rtcPortBase: whole('RTC_PORT_BASE', PORT, {
    byDefault: 40_000,
    meaning:
      'Media port of the first worker, UDP and TCP; the others count up from it. 0 takes any free ones.',
  }),
  rtcListen: list('RTC_LISTEN', listenAddress, {
    byDefault: [],
    defaultText: 'all addresses of this machine',
    meaning: 'Addresses for media, each an IP or IP=ANNOUNCED.',
  }),
  announcedAddress: text('ANNOUNCED_ADDRESS', host.nullable(), {
    byDefault: null,
    meaning: 'Address under which browsers reach the media ports, for a host behind NAT.',
  }),
  iceServers: parts('ICE_SERVERS', z.array(iceServer).max(8), {
    byDefault: [],
    secret: true,
    meaning: 'STUN and TURN servers for browsers: a list of {urls, username, credential}.',
  }),
  loudest: whole('LOUDEST', [1, 32], {
    byDefault: 6,
    meaning: 'How many microphones each participant receives, the loudest.',
  }),
  maxParticipantsPerRouter: whole('MAX_PARTICIPANTS_PER_ROUTER', [1, 10_000], {
    byDefault: 60,
    meaning: 'Participants of a room on one worker; more go on with the next.',
  }),
} as const;

export const telephones = {
  bridgeConfig: text('BRIDGE_CONFIG_FILE', path, {
    byDefault: null,
    defaultText: 'none: no telephones, or bridges that were started elsewhere',
    meaning:
      "File with the bridge's settings, as node server/bridge/main.ts --help tells. With it, a bridge runs beside the server.",
  }),
  bridgeSecret: text('BRIDGE_SECRET', z.string().min(32).nullable(), {
    byDefault: null,
    secret: true,
    defaultText: 'none: only the bridge beside the server may connect',
    meaning: 'What bridges that run elsewhere prove themselves with, 32 characters or more.',
  }),
  bridgeListen: text('BRIDGE_LISTEN', listenAddress, {
    byDefault: '127.0.0.1',
    meaning:
      'Address for the sound of callers, an IP or IP=ANNOUNCED. Off loopback, for bridges elsewhere, it is encrypted.',
  }),
  dialInNumbers: parts('DIAL_IN_NUMBERS', z.array(dialIn).max(16), {
    byDefault: [],
    meaning:
      'Telephone numbers by which rooms are called, for invitations: a list of {number, label, language}, the last two as ' +
      'wished: a place, and what the prompts speak, such as es.',
  }),
  showNumbers: flag('SHOW_NUMBERS', {
    byDefault: false,
    meaning: 'Whether all in a room see the numbers of callers. Hosts always do.',
  }),
  callsOutPerRoom: whole('CALLS_OUT_PER_ROOM', [1, 1_000], {
    byDefault: 5,
    meaning: 'Telephones that one room may be calling at a time.',
  }),
} as const;

export const limits = {
  maxRooms: whole('MAX_ROOMS', [1, 100_000], { byDefault: 500, meaning: 'Rooms that are open at a time.' }),
  maxParticipants: whole('MAX_PARTICIPANTS', [1, 10_000], {
    byDefault: 250,
    meaning: 'Participants in a room.',
  }),
  maxPublications: whole('MAX_PUBLICATIONS', [1, 4], {
    byDefault: 4,
    meaning: 'What a participant may publish at a time: microphone, camera, screen and its sound.',
  }),
  chatTail: whole('CHAT_TAIL', [0, 1_000], {
    byDefault: 200,
    meaning: 'Messages of the chat that a newcomer is shown.',
  }),
  maxWaiting: whole('MAX_WAITING', [1, 10_000], {
    byDefault: 200,
    meaning: 'Who may wait at the door of a room at a time.',
  }),
  maxMessageBytes: whole('MAX_MESSAGE_BYTES', [16_384, 16_777_216], {
    byDefault: 262_144,
    meaning: 'Largest signalling message, in bytes.',
  }),
  messagesPerSecond: whole('MESSAGES_PER_SECOND', [1, 10_000], {
    byDefault: 20,
    meaning: 'Signalling messages of one participant, a second.',
  }),
  messageBurst: whole('MESSAGE_BURST', [1, 10_000], {
    byDefault: 300,
    meaning: 'Signalling messages of one participant beyond that, in 10 seconds.',
  }),
  joinsPerMinute: whole('JOINS_PER_MINUTE', [1, 100_000], {
    byDefault: 600,
    meaning: 'Joins from one address, a minute. A class behind one router shares an address.',
  }),
} as const;

export const running = {
  dataDir: text('DATA_DIR', z.string().min(1), {
    byDefault: 'data',
    meaning: 'Folder for what lasts: the database, and the certificate if made here.',
  }),
  resumeSeconds: whole('RESUME_SECONDS', [1, 3_600], {
    byDefault: 30,
    meaning: 'How long a participant whose connection dropped keeps the place, in seconds.',
  }),
  opensBeforeMinutes: whole('OPENS_BEFORE_MINUTES', [0, 1_440], {
    byDefault: 15,
    meaning: 'How long before its time a room with a time lets people in, in minutes.',
  }),
  attendanceDays: whole('ATTENDANCE_DAYS', [0, 3_650], {
    byDefault: 30,
    meaning: 'How long it is kept who was in a room, and who called, in days.',
  }),
  drainSeconds: whole('DRAIN_SECONDS', [0, 86_400], {
    byDefault: 30,
    meaning: 'How long rooms may go on after the first signal to stop, in seconds.',
  }),
  takeOverSeconds: whole('TAKE_OVER_SECONDS', [0, 86_400], {
    byDefault: 0,
    defaultText: '0: does not start where another server runs with this DATA_DIR',
    meaning:
      'Takes over from the server that runs with this DATA_DIR, if there is one: that goes on with its rooms for so long, ' +
      'in seconds. Media then has the ports that follow.',
  }),
  ...logging,
} as const;

/** In the order in which the help shows them. */
export const groups = {
  Web: web,
  Access: access,
  Media: media,
  Telephones: telephones,
  Limits: limits,
  Webhooks: webhooks,
  Running: running,
} as const;

export const settings = z.strictObject({
  ...web,
  ...access,
  ...media,
  ...telephones,
  ...limits,
  ...webhooks,
  ...running,
});
