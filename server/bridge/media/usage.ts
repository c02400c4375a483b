/** How much of a core this process uses, over the last ten seconds or so. */

const INTERVAL_MS = 1_000;
const KEPT = 11;

export class Usage {
  readonly #samples: { at: number; cpuMs: number }[] = [];

  /** To be called often. @param now in ms */
  measure(now: number): void {
    const last = this.#samples.at(-1);
    if (last && now - last.at < INTERVAL_MS) return;
    const { user, system } = process.cpuUsage();
    this.#samples.push({ at: now, cpuMs: (user + system) / 1_000 });
    if (this.#samples.length > KEPT) this.#samples.shift();
  }

  /** 1 is a whole core. */
  cpu(): number {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (!first || !last || first === last) return 0;
    return (last.cpuMs - first.cpuMs) / (last.at - first.at);
  }
}
