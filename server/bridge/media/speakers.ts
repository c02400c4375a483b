/** Chooses the voices of a room that are heard: the loudest few, and not others from one syllable to the next. Pure. */
import { SILENCE } from './sound.ts';

/** How many are heard at once. More: nobody is left out of a quarrel. Fewer: less decoding, less noise. */
const MOST_SPEAKERS = 5;
/** Softer than this, in -dBov, nobody speaks. */
const QUIET_LEVEL = 62;
/** How slowly somebody counts as softer than he was, in dB a frame: 30 dB in half a second. */
const DECAY = 1.2;
/** How much louder, in dB, one has to be to take the place of one who is heard. */
const ADVANTAGE = 6;

/** Somebody who may be chosen. */
export interface Candidate {
  /** Of this frame, in -dBov. */
  level: number;
  /** How loud of late, in dB above silence; kept by the choice. */
  loudness: number;
  /** Kept by the choice. */
  chosen: boolean;
}

/** Marks those who are heard in this frame. @returns how many */
export function chooseSpeakers(candidates: Iterable<Candidate>): number {
  const speaking: Candidate[] = [];
  for (const candidate of candidates) {
    candidate.loudness = Math.max(SILENCE - candidate.level, candidate.loudness - DECAY);
    if (candidate.loudness >= SILENCE - QUIET_LEVEL) speaking.push(candidate);
    else candidate.chosen = false;
  }
  if (speaking.length > MOST_SPEAKERS) {
    const rank = (one: Candidate): number => one.loudness + (one.chosen ? ADVANTAGE : 0);
    speaking.sort((a, b) => rank(b) - rank(a));
  }
  speaking.forEach((candidate, at) => (candidate.chosen = at < MOST_SPEAKERS));
  return Math.min(speaking.length, MOST_SPEAKERS);
}
