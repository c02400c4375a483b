/** Whether somebody speaks into a microphone, muted or not. */
import { LevelMeter } from './level-meter.ts';

export interface Speech {
  speaking: boolean;
  /** How loud it is while nobody speaks, in dBFS. */
  floorDbfs: number;
  /** Since when the opposite of `speaking` has been heard, in ms; null while it has not. */
  changingSince: number | null;
  /** When it was last measured, in ms. */
  at: number;
}

const INTERVAL_MS = 50;
/** Quieter is never speech. Higher: whispers are missed. Lower: fans speak. */
const QUIETEST_SPEECH_DBFS = -50;
/** How much louder than the room speech is. Higher: soft voices are missed. Lower: noise speaks. */
const ABOVE_FLOOR_DB = 12;
/** How fast a louder room is believed to be the room. Higher: long words become noise. Lower: a fan speaks longer. */
const FLOOR_RISE_DB_PER_S = 2;
/** A cough is no speech. */
const BEGIN_MS = 200;
/** Pauses between words are. */
const END_MS = 1_000;

export const silence: Speech = { speaking: false, floorDbfs: -60, changingSince: null, at: 0 };

/** @param now in ms, from any origin */
export function heard(before: Speech, dbfs: number, now: number): Speech {
  const elapsedMs = before.at === 0 ? 0 : now - before.at;
  // Digital silence, as of a track that has not begun, says nothing about the room.
  const level = Math.max(dbfs, -90);
  const floorDbfs = Math.min(level, before.floorDbfs + (FLOOR_RISE_DB_PER_S * elapsedMs) / 1_000);
  const loud = level > Math.max(QUIETEST_SPEECH_DBFS, floorDbfs + ABOVE_FLOOR_DB);
  if (loud === before.speaking) return { ...before, floorDbfs, changingSince: null, at: now };
  const changingSince = before.changingSince ?? now;
  const changed = now - changingSince >= (loud ? BEGIN_MS : END_MS);
  return {
    speaking: changed ? loud : before.speaking,
    floorDbfs,
    changingSince: changed ? null : changingSince,
    at: now,
  };
}

/**
 * Listens to a copy of the track, so that it hears a muted microphone, too: what it hears goes nowhere.
 * @returns the function that ends it, to be called before the microphone is given back
 */
export function watchSpeaking(track: MediaStreamTrack, listener: (speaking: boolean) => void): () => void {
  const copy = track.clone();
  copy.enabled = true;
  const meter = new LevelMeter(copy);
  let speech = silence;
  meter.watch(({ dbfs }) => {
    const before = speech;
    speech = heard(before, dbfs, performance.now());
    if (speech.speaking !== before.speaking) listener(speech.speaking);
  }, INTERVAL_MS);
  return () => {
    meter.close();
    copy.stop();
  };
}
