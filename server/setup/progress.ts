/** Where progress goes: standard error, or a test's own. */
export type ProgressOutput = {
  write(text: string): unknown;
  isTTY?: boolean | undefined;
  columns?: number | undefined;
};

/** On a terminal the line is rewritten this often; elsewhere (a log file, CI) a line is written now and then. */
const TTY_INTERVAL_MS = 200;
const LOG_INTERVAL_MS = 5000;

/**
 * Tells how far a long step is: one line that is updated on a terminal, else a line every few seconds. It keeps
 * telling the time spent while the step itself is silent.
 */
export class Progress {
  readonly #label: string;
  readonly #output: ProgressOutput;
  readonly #startedMs = Date.now();
  readonly #ticker: NodeJS.Timeout;
  #detail = '';

  constructor(label: string, output: ProgressOutput = process.stderr) {
    this.#label = label;
    this.#output = output;
    this.#show();
    this.#ticker = setInterval(
      () => {
        this.#show();
      },
      output.isTTY ? TTY_INTERVAL_MS : LOG_INTERVAL_MS,
    );
    this.#ticker.unref();
  }

  /** Says what the step is at, such as `42/261`; shown with the next line. */
  update(detail: string): void {
    this.#detail = detail;
  }

  /** Ends the step; says how it ended and how long it took. */
  end(outcome: string): void {
    clearInterval(this.#ticker);
    this.#write(`${this.#label}: ${outcome} (${this.#elapsed()})`, '\n');
  }

  #show(): void {
    const detail = this.#detail === '' ? '' : ` ${this.#detail}`;
    this.#write(`${this.#label} …${detail} (${this.#elapsed()})`, this.#output.isTTY ? '' : '\n');
  }

  #write(line: string, end: string): void {
    if (!this.#output.isTTY) {
      this.#output.write(line + end);
      return;
    }
    // Back to the start, write, clear what is left of a longer line. A wrapped line could not be rewritten.
    // Some terminals give their width as 0.
    const { columns } = this.#output;
    const width = columns !== undefined && columns > 0 ? columns : 80;
    this.#output.write(`\r${line.slice(0, width - 1)}\x1b[K${end}`);
  }

  #elapsed(): string {
    return formatSeconds((Date.now() - this.#startedMs) / 1000);
  }
}

/** Runs a step with its progress shown from start to end, also when it fails. */
export async function withProgress<T>(label: string, step: (progress: Progress) => Promise<T>): Promise<T> {
  const progress = new Progress(label);
  try {
    const result = await step(progress);
    progress.end('done');
    return result;
  } catch (error) {
    progress.end('failed');
    throw error;
  }
}

/** `12 s`, `4 min 20 s`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${String(whole)} s` : `${String(Math.floor(whole / 60))} min ${String(whole % 60)} s`;
}

/** Reads ninja's `[n/m] …` and gives `n/m`, or undefined for another line. */
export function ninjaProgress(line: string): string | undefined {
  return /^\[(\d+\/\d+)\]/.exec(line)?.[1];
}

/**
 * Reads a line of apt-get's machine-readable status (`APT::Status-Fd`), such as `pmstatus:meson:40.5:Unpacking …`,
 * and gives `41 %, Unpacking …`, or undefined for another line.
 */
export function aptProgress(line: string): string | undefined {
  const match = /^(?:dl|pm)status:[^:]*:([\d.]+):(.*)$/.exec(line);
  return match ? `${String(Math.round(Number(match[1])))} %, ${match[2] ?? ''}` : undefined;
}
