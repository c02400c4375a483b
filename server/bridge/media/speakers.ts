/** Chooses the voices that are heard: the loudest few, and not others from one syllable to the next. Pure. */
import { SILENCE } from './sound.ts';

/** Softer than this, in -dBov, nobody speaks. */
const QUIET_LEVEL = 62;
/** How slowly somebody counts as softer than he was, in dB a frame: 30 dB in half a second. */
const DECAY = 1.2;
/** How much louder, in dB, one has to be to take the place of one who is heard. */
const ADVANTAGE = 6;

/** Somebody who may be chosen. */
export interface Candidate {
  /** How loud of late, in dB above silence. */
  readonly loudness: number;
}

/**
 * How loud somebody is of late, in dB above silence.
 * @param before the same, a frame earlier
 * @param level of this frame, in -dBov
 */
export function loudnessAfter(before: number, level: number): number {
  return Math.max(SILENCE - level, before - DECAY);
}

export class Speakers<C extends Candidate> {
  /** How many are chosen at most. */
  most: number;
  readonly #chosen = new Set<C>();

  constructor(most: number) {
    this.most = most;
  }

  get count(): number {
    return this.#chosen.size;
  }

  has(candidate: C): boolean {
    return this.#chosen.has(candidate);
  }

  /** Chooses anew, once a frame. */
  choose(candidates: Iterable<C>): void {
    const speaking: C[] = [];
    if (this.most > 0) {
      for (const candidate of candidates) {
        if (candidate.loudness >= SILENCE - QUIET_LEVEL) speaking.push(candidate);
      }
    }
    if (speaking.length > this.most) {
      const rank = (one: C): number => one.loudness + (this.#chosen.has(one) ? ADVANTAGE : 0);
      speaking.sort((a, b) => rank(b) - rank(a));
      speaking.length = this.most;
    }
    this.#chosen.clear();
    for (const one of speaking) this.#chosen.add(one);
  }
}
