/** What has happened in a soak, how long it took, and what went wrong. */
export class Notes {
  /** How often what has happened. */
  readonly counts = new Map<string, number>();
  /** How long what took, in ms. */
  readonly times = new Map<string, number[]>();
  /** One line each. */
  readonly faults: string[] = [];

  happened(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  took(what: string, ms: number): void {
    const times = this.times.get(what) ?? [];
    times.push(ms);
    this.times.set(what, times);
  }

  failed(what: string, error: unknown): void {
    const line = `${new Date().toISOString()} ${what}: ${error instanceof Error ? error.message : String(error)}`;
    this.faults.push(line);
    // At once, as it may be an hour to the end.
    console.error(line);
  }
}
