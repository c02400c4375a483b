/** What the API works with: handed over by main.ts. */
import type { FastifyRequest } from 'fastify';
import type { ApiKeys } from '../../access/api-keys.ts';
import type { AccessSessions } from '../../access/sessions.ts';
import type { SignIn } from '../../access/sign-in.ts';
import type { Tokens } from '../../access/tokens.ts';
import type { Conference } from '../../conference/conference.ts';
import type { Attendance, DialIn, RoomName } from '../../conference/model.ts';
import type { Clock, RoomRecord } from '../../conference/ports.ts';
import type { SettingInForce } from '../../config/in-force.ts';
import type { RoomLog } from '../../room-log.ts';
import type { BridgeStatus } from '../../signalling/bridge-status.ts';
import type { CallRecord } from '../../signalling/contract/bridge.ts';
import type { MediaCosts } from './admin.ts';
import type { CallFilter } from './calls.ts';
import type { WebhookRegistry } from './webhooks.ts';

export interface ApiParts {
  conference: Conference;
  /** Rooms that stay, by name. */
  lastingRooms: () => RoomRecord[];
  /** Stays in a room that began at `from` or later, in ms since the epoch, in the order of coming. */
  attendance: (room: RoomName, from: number) => Attendance[];
  /** Calls that have ended, newest first. */
  callRecords: (filter: CallFilter) => CallRecord[];
  /** How those that are there are now. */
  bridges: () => readonly BridgeStatus[];
  webhooks: WebhookRegistry;
  tokens: Pick<Tokens, 'mint'>;
  keys: ApiKeys;
  sessions: AccessSessions;
  /** Null when nobody can sign in. */
  signIn: SignIn | null;
  /** What rooms and people cost. */
  costs: () => Promise<MediaCosts>;
  /** Those in force, as they may be shown. */
  settings: readonly SettingInForce[];
  roomLog: Pick<RoomLog, 'follow'>;
  clock: Clock;
  /** URL of the start page as people reach it, without a slash at its end; null takes it from each request. */
  publicUrl: string | null;
  /** Telephone numbers by which rooms are called. */
  dialIn: readonly DialIn[];
  /** From one address. */
  requestsPerMinute: number;
}

export interface ApiOptions extends ApiParts {
  /** Path that everything of the server is below. */
  basePath: string;
}

/** Where people open a room. */
export function roomUrl(
  { publicUrl, basePath }: ApiOptions,
  request: FastifyRequest,
  room: RoomName,
): string {
  return `${startUrl({ publicUrl, basePath }, request)}/r/${encodeURIComponent(room)}`;
}

/** The start page as people reach it, without a slash at its end. */
export function startUrl(
  { publicUrl, basePath }: Pick<ApiOptions, 'publicUrl' | 'basePath'>,
  request: FastifyRequest,
): string {
  return publicUrl ?? `${request.protocol}://${request.host}${basePath}`;
}
