/** Steps that change a call's media, one after the other: a connection takes one offer at a time. */

/** `too-early`: another offer is still under way, theirs or ours. `needless`: there is nothing to tell any more. */
export type OfferStart = 'sent' | 'too-early' | 'needless';

/** How soon to try again when it was too early, in ms. */
const RETRY_MS = 100;

export class MediaQueue {
  #last: Promise<unknown> = Promise.resolve();
  readonly #closed = Promise.withResolvers<undefined>();

  /** Rejects when the step does; the next one is taken all the same. */
  run<T>(step: () => Promise<T>): Promise<T> {
    const done = this.#last.then(step, step);
    this.#last = done;
    return done;
  }

  /**
   * Makes an offer as soon as that is possible.
   * @param start is given what to call once the other end has answered
   * @returns resolves then, or when the call is over
   */
  offer(start: (answered: () => void) => OfferStart): Promise<void> {
    return this.run(async () => {
      for (;;) {
        const answer = Promise.withResolvers<undefined>();
        const outcome = start(() => answer.resolve(undefined));
        if (outcome === 'needless') return;
        if (outcome === 'sent') {
          await Promise.race([answer.promise, this.#closed.promise]);
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    });
  }

  /** Nothing is waited for any more. */
  close(): void {
    this.#closed.resolve(undefined);
  }
}
