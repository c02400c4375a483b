/** How loud a track is. */

export interface Level {
  /** RMS of the last 40 ms in dB below full scale: 0 is the loudest, silence is -Infinity. */
  dbfs: number;
  /** The same for a meter that people look at: 0 to 1, even in decibels from -60 dBFS up. */
  level: number;
}

/** Quieter is shown as nothing. */
const FLOOR_DBFS = -60;
/** Samples looked at: 43 ms at 48 kHz. */
const WINDOW = 2_048;
const DEFAULT_INTERVAL_MS = 50;

/** Reads levels on demand, and costs next to nothing else. To be closed. */
export class LevelMeter {
  readonly #context = new AudioContext({ latencyHint: 'interactive' });
  readonly #source: MediaStreamAudioSourceNode;
  readonly #analyser: AnalyserNode;
  readonly #samples = new Float32Array(WINDOW);
  readonly #ending = new AbortController();

  /** @param track audio; stays the caller's, and is silent here while it is not `enabled` */
  constructor(track: MediaStreamTrack) {
    this.#source = this.#context.createMediaStreamSource(new MediaStream([track]));
    this.#analyser = this.#context.createAnalyser();
    this.#analyser.fftSize = WINDOW;
    this.#source.connect(this.#analyser);
    resumeWhenAllowed(this.#context, this.#ending.signal);
  }

  read(): Level {
    this.#analyser.getFloatTimeDomainData(this.#samples);
    return levelOf(this.#samples);
  }

  /** @returns the function that ends it; `close` does, too */
  watch(listener: (level: Level) => void, intervalMs = DEFAULT_INTERVAL_MS): () => void {
    const timer = setInterval(() => listener(this.read()), intervalMs);
    const end = () => clearInterval(timer);
    this.#ending.signal.addEventListener('abort', end);
    return end;
  }

  /** Idempotent. */
  close(): void {
    if (this.#ending.signal.aborted) return;
    this.#ending.abort();
    this.#source.disconnect();
    void this.#context.close();
  }
}

export function levelOf(samples: Float32Array): Level {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const dbfs = 10 * Math.log10(sum / samples.length);
  return { dbfs, level: Math.min(1, Math.max(0, 1 - dbfs / FLOOR_DBFS)) };
}

/** Browsers keep sound stopped until the first click or key. */
export function resumeWhenAllowed(context: AudioContext, signal: AbortSignal): void {
  const resume = () => {
    if (context.state === 'suspended') void context.resume();
  };
  for (const event of ['pointerdown', 'keydown'] as const) window.addEventListener(event, resume, { signal });
  resume();
}
