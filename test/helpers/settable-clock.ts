/**
 * A machine's clock that can be set: Debian's libfaketime stands between a process, with all its threads, and the
 * kernel's wall clock. The clock that only goes forwards is left alone, as it is when a clock is set.
 */
import { globSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class SettableClock {
  readonly #folder: string;
  readonly #library: string;

  private constructor(folder: string, library: string) {
    this.#folder = folder;
    this.#library = library;
  }

  static async open(): Promise<SettableClock> {
    const [library] = globSync('/usr/lib/*/faketime/libfaketimeMT.so.1');
    if (library === undefined) throw new Error('Debian’s package `libfaketime` is not installed.');
    const clock = new SettableClock(await mkdtemp(join(tmpdir(), 'tertulia-clock-')), library);
    await clock.set(0);
    return clock;
  }

  /** Settings of a process that has this clock. */
  get env(): Readonly<Record<string, string>> {
    return {
      LD_PRELOAD: this.#library,
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
  }

  /** @param seconds beside the true time, from this moment on */
  async set(seconds: number): Promise<void> {
    // In one step: whoever reads the file meanwhile finds the time before, or the time after.
    const next = `${this.#file}.next`;
    await writeFile(next, `${seconds < 0 ? '-' : '+'}${Math.abs(seconds)}s\n`);
    await rename(next, this.#file);
  }

  async close(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  get #file(): string {
    return join(this.#folder, 'offset');
  }
}
