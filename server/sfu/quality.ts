/** From mediasoup's stream scores to a connection quality that does not flicker. `now` comes with each call. */
import type { ConnectionQuality } from '../conference/model.ts';

/** Scores go from 0, nothing arrives, to 10, nothing is lost. Higher limits: people are warned earlier. */
const GOOD_FROM = 8;
const FAIR_FROM = 5;
/** Ms that a worse connection must last to be told. Longer: short losses go unseen. Shorter: more flicker. */
const WORSE_AFTER_MS = 2_000;
/** Ms that a better connection must last to be told. */
const BETTER_AFTER_MS = 6_000;
/** How often the meter should be asked, in ms. */
export const QUALITY_INTERVAL_MS = 2_000;

const ORDER = ['poor', 'fair', 'good'] as const satisfies readonly ConnectionQuality[];

/** The worst of a participant's streams decides. */
export function qualityOf(scores: readonly number[]): ConnectionQuality {
  const worst = Math.min(10, ...scores);
  return worst >= GOOD_FROM ? 'good' : worst >= FAIR_FROM ? 'fair' : 'poor';
}

export class QualityMeter {
  #told: ConnectionQuality = 'good';
  #differs: { better: boolean; since: number } | null = null;

  /** @returns the quality to tell, when it is another than the last */
  update(measured: ConnectionQuality, now: number): ConnectionQuality | null {
    if (measured === this.#told) {
      this.#differs = null;
      return null;
    }
    const better = ORDER.indexOf(measured) > ORDER.indexOf(this.#told);
    if (this.#differs?.better !== better) this.#differs = { better, since: now };
    if (now - this.#differs.since < (better ? BETTER_AFTER_MS : WORSE_AFTER_MS)) return null;
    this.#told = measured;
    this.#differs = null;
    return measured;
  }
}
