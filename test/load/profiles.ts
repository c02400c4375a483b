/** What people do in rooms, by name, for as many people as are wished. */
import { people } from './crowd.ts';
import type { Plan } from './generator/plan.ts';

export interface Profile {
  meaning: string;
  plans: (count: number) => Plan[];
  /** Time in which all come, in ms, or between two who come where nobody hurries. */
  coming: { withinMs: number } | { spacingMs: number };
  /** Each second the one who has been there longest goes, and another comes. */
  churns: boolean;
}

const CALM = { coming: { spacingMs: 100 }, churns: false } as const;
const GRID = 9;
/** A picture of a room of so many is larger than a stamp. */
const FEW = 5;
const SMALL_ROOM = 3;

const meeting = (count: number): Plan[] =>
  people(count, (i) => ({
    ...{ camera: true, tiles: GRID, layer: count <= FEW ? 1 : 0 },
    microphone: i < 3 ? 'speaking' : 'silent',
  }));

export const profiles: Readonly<Record<string, Profile>> = {
  meeting: { ...CALM, meaning: 'all with camera and microphone, three speak', plans: meeting },
  class: {
    ...CALM,
    meaning: 'one camera, five speak, the others watch',
    plans: (count) =>
      people(count, (i) => ({
        ...{ camera: i === 0, tiles: 1, layer: 1 },
        microphone: i >= 1 && i <= 5 ? 'speaking' : 'none',
      })),
  },
  webinar: {
    ...CALM,
    meaning: 'three cameras, one of those speaks, the others watch',
    plans: (count) =>
      people(count, (i) => ({
        ...{ camera: i < 3, tiles: 3, layer: 1 },
        microphone: i === 0 ? 'speaking' : i < 3 ? 'silent' : 'none',
      })),
  },
  rooms: {
    ...CALM,
    meaning: `rooms of ${SMALL_ROOM}, all with camera and microphone, one in each speaks`,
    plans: (count) =>
      people(count, (i) => ({
        ...{ room: `load-${Math.floor(i / SMALL_ROOM)}`, camera: true, tiles: GRID, layer: 1 },
        microphone: i % SMALL_ROOM === 0 ? 'speaking' : 'silent',
      })),
  },
  storm: {
    meaning: 'all come within ten seconds, two with a camera, all muted',
    plans: (count) => people(count, (i) => ({ camera: i < 2, tiles: 2, microphone: 'muted' })),
    coming: { withinMs: 10_000 },
    churns: false,
  },
  churn: {
    ...CALM,
    meaning: 'as meeting; each second one goes and another comes',
    plans: meeting,
    churns: true,
  },
};
