/** Who may do what: the one table of it. */
import { ConferenceError } from './errors.ts';

/** `viewer` watches and writes, and sends neither sound nor picture. */
export const roles = ['host', 'cohost', 'participant', 'viewer'] as const;
export type Role = (typeof roles)[number];

/** Each thing that not everybody may do. Settings of a room may take some of them from those who are no hosts. */
export const powers = [
  /** Send sound and pictures; what exactly is in `ParticipantInfo.allowed`. */
  'publish',
  'chat',
  'raise-hand',
  'react',
  'rename-self',
  /** See what is for hosts: messages to hosts, who waits at the door, cameras that are for hosts only. */
  'see-as-host',
  /** Mute, stop cameras and shares, ask to unmute, lower hands, give the floor, invite to the stage. */
  'moderate',
  'rename-others',
  /** Let those who wait at the door in, or not, and write to them. */
  'admit',
  /** Put somebody out of the room, or out for good. */
  'remove',
  'spotlight',
  /** See the PIN and other ways in; call telephones. */
  'invite',
  /** Settings, password, lock. */
  'change-room',
  /** Make others host or co-host, or take that from them. */
  'name-hosts',
  'end-room',
  /** Take the chat and the attendance along as files. */
  'export',
] as const;
export type Power = (typeof powers)[number];

const VIEWER: readonly Power[] = ['chat', 'raise-hand', 'react', 'rename-self'];
const PARTICIPANT: readonly Power[] = [...VIEWER, 'publish'];
const COHOST: readonly Power[] = [
  ...PARTICIPANT,
  ...(['see-as-host', 'moderate', 'rename-others', 'admit', 'remove', 'spotlight', 'invite'] as const),
];

/** What each role may do. */
export const powersOf: Readonly<Record<Role, ReadonlySet<Power>>> = {
  host: new Set(powers),
  cohost: new Set(COHOST),
  participant: new Set(PARTICIPANT),
  viewer: new Set(VIEWER),
};

export function may(role: Role, power: Power): boolean {
  return powersOf[role].has(power);
}

/** Somebody of whom it can be asked what they may: a participant, or whoever runs the server. */
export interface Empowered {
  may(power: Power): boolean;
}

/** @throws ConferenceError `forbidden`, naming the power that is missing */
export function requirePower(actor: Empowered, power: Power): void {
  if (!actor.may(power)) throw new ConferenceError('forbidden', `It takes the power ${power}.`);
}

/** Hosts act on everybody; others with a power act on those who could not do the same to them. */
export function requireRank(actor: Empowered, target: Role): void {
  if (actor.may('name-hosts') || !may(target, 'moderate')) return;
  throw new ConferenceError('forbidden', 'It takes the power name-hosts to act on hosts and co-hosts.');
}
