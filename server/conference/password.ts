/** Passwords of one room, tried. */
import type { Secrets } from './ports.ts';

export class PasswordCheck {
  readonly #secrets: Secrets;
  /** Makes digests that are good in this process, for this room only. */
  readonly #salt: string;
  /** The right password's, once it was given. */
  #proven: { hash: string; digest: string } | null = null;
  /** The end of the last check. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(secrets: Secrets) {
    this.#secrets = secrets;
    this.#salt = secrets.newKey();
  }

  /**
   * A class that comes all at once with the right password costs one slow comparison, and nobody who guesses more than
   * one at a time.
   */
  isRight(password: string, hash: string): Promise<boolean> {
    const checked = this.#last.then(() => this.#isRight(password, hash));
    this.#last = checked.catch(() => undefined);
    return checked;
  }

  async #isRight(password: string, hash: string): Promise<boolean> {
    const digest = this.#secrets.hashKey(`${this.#salt} ${password}`);
    if (this.#proven?.hash === hash && this.#proven.digest === digest) return true;
    const isRight = await this.#secrets.isPassword(password, hash);
    if (isRight) this.#proven = { hash, digest };
    return isRight;
  }
}
