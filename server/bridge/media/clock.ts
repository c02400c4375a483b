/** The beat of the media process: a tick each 20 ms, by deadlines, so that lateness never adds up. */
import { FRAME_MS } from './sound.ts';

/** Ticks of which the figures speak: ten seconds. */
const REMEMBERED = 500;
/** Ticks made up for after a stall; what is older is let go, as nobody wants to hear it. */
const MOST_AT_ONCE = 5;

/**
 * Above the first no more calls are taken, below the second they are again. `busy` is the part of one processor's time
 * that ticks use: what they have had of it, and not how long they lasted. `latenessMs` is how late one tick in ten is,
 * which counts only if we are `active` enough to be its cause: on a machine that is busy with other things, to refuse
 * calls would mend nothing.
 */
const REFUSE = { busy: 0.8, latenessMs: 20, active: 0.35 };
const ACCEPT = { busy: 0.6, latenessMs: 10, active: 0.25 };
const JUDGED_EACH = 50;

/** In ms; only goes forwards. */
export function monotonicMs(): number {
  return performance.now();
}

/** Processor time that this thread has had, in ms. */
function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

export class Clock {
  readonly #onTick: (now: number) => void;
  readonly #onOverload: (refusing: boolean) => void;
  readonly #lateness = new Float64Array(REMEMBERED);
  readonly #work = new Float64Array(REMEMBERED);
  #ticks = 0;
  #deadline = 0;
  #timer: NodeJS.Timeout | null = null;
  #refusing = false;

  /** @param onTick with the time that the tick was due, by `monotonicMs` */
  constructor(onTick: (now: number) => void, onOverload: (refusing: boolean) => void) {
    this.#onTick = onTick;
    this.#onOverload = onOverload;
  }

  /** Whether the machine can not keep up, so that more calls would harm those that are there. */
  get refusing(): boolean {
    return this.#refusing;
  }

  start(): void {
    this.#deadline = monotonicMs() + FRAME_MS;
    this.#wait();
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** How late ticks began, over the last ten seconds, in ms. */
  lateness(): { p50Ms: number; p90Ms: number; p99Ms: number } {
    const sorted = this.#lateness.slice(0, Math.min(this.#ticks, REMEMBERED)).sort();
    const at = (part: number): number => sorted[Math.floor((sorted.length - 1) * part)] ?? 0;
    return { p50Ms: at(0.5), p90Ms: at(0.9), p99Ms: at(0.99) };
  }

  #wait(): void {
    // Timers have whole milliseconds, and round them up.
    this.#timer = setTimeout(() => this.#run(), Math.max(0, Math.floor(this.#deadline - monotonicMs())));
  }

  #run(): void {
    for (let done = 0; done < MOST_AT_ONCE && monotonicMs() >= this.#deadline; done += 1) {
      const began = monotonicMs();
      const workedBefore = threadMs();
      const due = this.#deadline;
      this.#deadline += FRAME_MS;
      this.#onTick(due);
      const at = this.#ticks % REMEMBERED;
      this.#lateness[at] = began - due;
      this.#work[at] = threadMs() - workedBefore;
      this.#ticks += 1;
      if (this.#ticks % JUDGED_EACH === 0) this.#judge();
    }
    const behind = Math.floor((monotonicMs() - this.#deadline) / FRAME_MS);
    if (behind > 0) this.#deadline += behind * FRAME_MS;
    this.#wait();
  }

  #judge(): void {
    if (this.#ticks < REMEMBERED / 5) return;
    const counted = Math.min(this.#ticks, REMEMBERED);
    let work = 0;
    for (let i = 0; i < counted; i += 1) work += this.#work[i] ?? 0;
    const busy = work / (counted * FRAME_MS);
    const limits = this.#refusing ? ACCEPT : REFUSE;
    const isLate = this.lateness().p90Ms > limits.latenessMs;
    const refusing = busy > limits.busy || (isLate && busy > limits.active);
    if (refusing === this.#refusing) return;
    this.#refusing = refusing;
    this.#onOverload(refusing);
  }
}
