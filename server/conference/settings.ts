/** How a room is run: its settings, the presets of its kinds, and what they leave to those who are no hosts. */
import type { Source } from './model.ts';
import { may } from './roles.ts';
import type { Role } from './roles.ts';

export const roomKinds = ['meeting', 'class', 'webinar'] as const;
/** A preset that a room began with; each setting may have been changed since. */
export type RoomKind = (typeof roomKinds)[number];

/** Who follows when the last host has left. */
export const successions = ['longest-present', 'nobody', 'end-room'] as const;
export type Succession = (typeof successions)[number];

/** Whom those who are no hosts may write to. Hosts may always write to all. */
export const chatReaches = ['everyone', 'hosts', 'nobody'] as const;
export type ChatReach = (typeof chatReaches)[number];

export interface RoomSettings {
  kind: RoomKind;
  /** Newcomers wait until a host lets them in. */
  lobby: boolean;
  /** Nobody new comes in, except hosts. */
  locked: boolean;
  /** The room begins when a host is there; until then all others wait. */
  hostRequired: boolean;
  /** Largest number of participants; null leaves it to the server's limit. */
  maxParticipants: number | null;
  /** What newcomers are who bring no other role. */
  defaultRole: 'participant' | 'viewer';
  /** What those who are no hosts may publish unmuted by themselves. */
  allowed: readonly Source[];
  /** Newcomers begin with microphone and camera off, even where they may switch them on. */
  quietEntry: boolean;
  /** Cameras of those who are no hosts are seen by hosts only. */
  camerasForHostsOnly: boolean;
  chat: ChatReach;
  /** Whether those who are no hosts may write to one person. */
  directChat: boolean;
  /** Newcomers see what was written before. */
  chatHistory: boolean;
  /** What was written stays when the last has left; in a room that lasts. */
  keepChat: boolean;
  succession: Succession;
}

const ALL: readonly Source[] = ['microphone', 'camera', 'screen', 'screenAudio'];

const MEETING: RoomSettings = {
  kind: 'meeting',
  lobby: false,
  locked: false,
  hostRequired: false,
  maxParticipants: null,
  defaultRole: 'participant',
  allowed: ALL,
  quietEntry: false,
  camerasForHostsOnly: false,
  chat: 'everyone',
  directChat: true,
  chatHistory: true,
  keepChat: false,
  succession: 'longest-present',
};

/** What a room of each kind begins with. */
export const presets: Readonly<Record<RoomKind, RoomSettings>> = {
  meeting: MEETING,
  class: {
    ...MEETING,
    kind: 'class',
    lobby: true,
    allowed: [],
    quietEntry: true,
    directChat: false,
    succession: 'nobody',
  },
  webinar: {
    ...MEETING,
    kind: 'webinar',
    hostRequired: true,
    defaultRole: 'viewer',
    quietEntry: true,
    directChat: false,
    succession: 'nobody',
  },
};

/** What a host allowed or forbade one participant, against the settings of the room. */
export type Grants = Partial<Record<Source, boolean>>;

/** The sources that somebody may publish unmuted now. */
export function allowedSources(role: Role, settings: RoomSettings, grants: Grants): Source[] {
  if (!may(role, 'publish')) return [];
  if (may(role, 'moderate')) return [...ALL];
  return ALL.filter((source) => grants[source] ?? settings.allowed.includes(source));
}

/** Settings to change; those that are absent, or undefined, stay. */
export type SettingsChange = { [K in keyof RoomSettings]?: RoomSettings[K] | undefined };

/** A kind that is given brings its preset, under the others that are given. */
export function changedSettings(settings: RoomSettings, change: SettingsChange): RoomSettings {
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  const base = change.kind === undefined ? settings : presets[change.kind];
  return { ...base, ...Object.fromEntries(given) };
}
