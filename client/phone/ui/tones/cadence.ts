/** Sounds that a telephone makes, as figures and from figures: no files. */

/** One note. Times in seconds from the cadence's beginning. */
export interface Note {
  /** In Hz, all at once. */
  readonly frequencies: readonly number[];
  readonly from: number;
  readonly to: number;
}

export interface Cadence {
  readonly notes: readonly Note[];
  /** When it begins again, in seconds; null plays it once. */
  readonly every: number | null;
  /** 0 to 1. */
  readonly loudness: number;
}

/** A chord that rises twice: pleasant, and not to be taken for anybody else's. */
export const ringing: Cadence = {
  notes: [
    { frequencies: [523.25, 659.25], from: 0, to: 0.18 },
    { frequencies: [659.25, 783.99], from: 0.2, to: 0.38 },
    { frequencies: [783.99, 1046.5], from: 0.4, to: 0.8 },
    { frequencies: [523.25, 659.25], from: 1.1, to: 1.28 },
    { frequencies: [659.25, 783.99], from: 1.3, to: 1.48 },
    { frequencies: [783.99, 1046.5], from: 1.5, to: 1.9 },
  ],
  every: 3.5,
  loudness: 0.25,
};

/** Somebody else calls during a call: noticed, and not talked over. */
export const waiting: Cadence = {
  notes: [{ frequencies: [880], from: 0, to: 0.15 }],
  every: 4,
  loudness: 0.08,
};

/** It rings at the other end (ETSI TR 101 041-2; many countries have 425 Hz). */
export const ringback: Cadence = {
  notes: [{ frequencies: [425], from: 0, to: 1 }],
  every: 4,
  loudness: 0.12,
};

/** The other end can't be reached: three of busy tone's beats. */
export const busy: Cadence = {
  notes: [0, 0.5, 1].map((from) => ({ frequencies: [425], from, to: from + 0.25 })),
  every: null,
  loudness: 0.12,
};

/** Fades of this length keep notes from clicking, in s. */
const FADE_S = 0.015;

/** @returns the function that ends it */
export function play({ notes, every, loudness }: Cadence): () => void {
  const context = new AudioContext();
  const once = (): void => {
    const begin = context.currentTime;
    for (const { frequencies, from, to } of notes) {
      const gain = new GainNode(context, { gain: 0 });
      gain.connect(context.destination);
      gain.gain.setValueAtTime(0, begin + from);
      gain.gain.linearRampToValueAtTime(loudness / frequencies.length, begin + from + FADE_S);
      gain.gain.setValueAtTime(loudness / frequencies.length, begin + to - FADE_S);
      gain.gain.linearRampToValueAtTime(0, begin + to);
      for (const frequency of frequencies) {
        const oscillator = new OscillatorNode(context, { frequency });
        oscillator.connect(gain);
        oscillator.start(begin + from);
        oscillator.stop(begin + to);
      }
    }
  };
  once();
  const timer = every === null ? undefined : setInterval(once, every * 1_000);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}
