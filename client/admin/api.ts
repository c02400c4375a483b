/** What the page asks the server. Answers are parsed: an older or newer server than the page's is told as such. */
import * as z from 'zod/mini';

const share = z.nullable(z.number());

const person = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(['host', 'cohost', 'participant', 'viewer']),
  kind: z.enum(['browser', 'phone']),
  quality: z.enum(['good', 'fair', 'poor']),
  connected: z.boolean(),
  joinedAt: z.number(),
  /** In bit/s; `in` is what the server receives. */
  bitrateIn: z.number(),
  bitrateOut: z.number(),
});
export type Person = z.infer<typeof person>;

const room = z.object({
  name: z.string(),
  kind: z.enum(['meeting', 'class', 'webinar']),
  openedAt: z.nullable(z.number()),
  waiting: z.number(),
  /** Part of one processor; null until it has been measured twice. */
  cpuShare: share,
  bitrateIn: z.number(),
  bitrateOut: z.number(),
  people: z.array(person),
});
export type AdminRoom = z.infer<typeof room>;

const worker = z.object({
  index: z.number(),
  pid: z.number(),
  cpuShare: share,
  maxMemoryBytes: z.number(),
  load: z.number(),
});
export type MediaWorker = z.infer<typeof worker>;

const overview = z.object({
  now: z.number(),
  draining: z.boolean(),
  workers: z.array(worker),
  rooms: z.array(room),
});
export type Overview = z.infer<typeof overview>;

const trunk = z.object({
  name: z.string(),
  state: z.enum(['registered', 'connected', 'connecting', 'failed']),
  uri: z.nullable(z.string()),
  /** Since when it is in this state, in ms since the epoch. */
  since: z.number(),
  calls: z.number(),
  lastProblem: z.nullable(z.object({ reason: z.string(), at: z.number() })),
});
export type Trunk = z.infer<typeof trunk>;

const direction = z.enum(['inbound', 'outbound']);

const runningCall = z.object({
  callId: z.string(),
  trunk: z.string(),
  direction,
  number: z.nullable(z.string()),
  name: z.nullable(z.string()),
  state: z.enum(['asking', 'waiting', 'in-room']),
  room: z.nullable(z.string()),
  since: z.nullable(z.number()),
  participantId: z.nullable(z.string()),
});
export type RunningCall = z.infer<typeof runningCall>;

const bridge = z.object({
  id: z.string(),
  trunks: z.array(trunk),
  load: z.nullable(z.object({ cpu: z.number(), latenessP99Ms: z.number(), refusing: z.boolean() })),
  calls: z.array(runningCall),
});
export type Bridge = z.infer<typeof bridge>;

const endedCall = z.object({
  callId: z.string(),
  trunk: z.string(),
  direction,
  number: z.nullable(z.string()),
  name: z.nullable(z.string()),
  room: z.nullable(z.string()),
  startedAt: z.number(),
  answeredAt: z.nullable(z.number()),
  endedAt: z.number(),
  reason: z.string(),
  fault: z.string(),
  failedPins: z.number(),
});
export type EndedCall = z.infer<typeof endedCall>;

const telephones = z.tuple([z.object({ bridges: z.array(bridge) }), z.object({ calls: z.array(endedCall) })]);

export interface Telephones {
  bridges: readonly Bridge[];
  /** The last so many that have ended, newest first. */
  ended: readonly EndedCall[];
}

const setting = z.object({
  group: z.string(),
  key: z.string(),
  env: z.string(),
  meaning: z.string(),
  byDefault: z.string(),
  value: z.nullable(z.string()),
  secret: z.boolean(),
  isSet: z.boolean(),
});
export type Setting = z.infer<typeof setting>;

const me = z.object({ person: z.nullable(z.object({ isAdmin: z.boolean() })), canSignIn: z.boolean() });
export type Me = z.infer<typeof me>;

const logLine = z.looseObject({ level: z.number(), time: z.string(), msg: z.optional(z.string()) });
export type LogLine = z.infer<typeof logLine>;

/** The server has refused; 401 asks for a sign-in. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;

  constructor(status: number) {
    super(`The server has answered ${status}.`);
    this.status = status;
  }
}

/** @throws Refusal; TypeError when the server cannot be reached */
async function ask(path: string, method = 'GET', body?: unknown): Promise<unknown> {
  const response = await fetch(new URL(`api/${path}`, document.baseURI), {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  if (!response.ok) throw new Refusal(response.status);
  return response.json();
}

export const getMe = async (): Promise<Me> => z.parse(me, await ask('me'));

export const getOverview = async (): Promise<Overview> => z.parse(overview, await ask('admin/overview'));

export async function getTelephones(): Promise<Telephones> {
  const answers = await Promise.all([ask('bridges'), ask('calls?limit=25')]);
  const [{ bridges }, { calls: ended }] = z.parse(telephones, answers);
  return { bridges, ended };
}

/** Where all calls that have ended are, as a file. */
export const endedCallsUrl = (): string => new URL('api/calls.csv', document.baseURI).href;

export async function getSettings(): Promise<Setting[]> {
  return z.parse(z.object({ settings: z.array(setting) }), await ask('admin/settings')).settings;
}

/** @throws Refusal for a key that is none, or does not open this page */
export const signIn = (key: string): Promise<unknown> => ask('session', 'POST', { key });

export const signOut = (): Promise<unknown> => ask('session', 'DELETE');

export const endRoom = (name: string): Promise<unknown> =>
  ask(`rooms/${encodeURIComponent(name)}/end`, 'POST', {});

export const removeFromRoom = (room: string, participantId: string): Promise<unknown> =>
  ask(`rooms/${encodeURIComponent(room)}/remove`, 'POST', { participantId });

/** Where people sign in who come back to this page. */
export const signInUrl = (): string => new URL('api/sign-in?to=admin', document.baseURI).href;

/**
 * The last lines of a room's log, then each as it comes. After a gap the connection is made again by itself, and the
 * last lines come again: `begin` is called before them.
 * @returns what ends it
 */
export function followLog(name: string, begin: () => void, take: (line: LogLine) => void): () => void {
  const path = `api/admin/rooms/${encodeURIComponent(name)}/log`;
  const source = new EventSource(new URL(path, document.baseURI));
  source.addEventListener('open', begin);
  source.addEventListener('message', ({ data }) => take(z.parse(logLine, JSON.parse(String(data)))));
  return () => source.close();
}
