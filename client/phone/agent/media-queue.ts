/** Steps that change a call's media, one after the other: a connection takes one offer at a time. */

/** `too-early`: another offer is still under way, theirs or ours. `needless`: there is nothing to tell any more. */
export type OfferStart = 'sent' | 'too-early' | 'needless';

/** How soon to try again when it was too early, in ms. */
const RETRY_MS = 100;

export class MediaQueue {
  readonly #giveWay: () => Promise<void>;
  readonly #closed = Promise.withResolvers<undefined>();
  #last: Promise<unknown> = Promise.resolve();
  /** Of the offer that is under way. */
  #crossed: (() => void) | null = null;

  /** @param giveWay takes an offer back that has crossed one of the other end, and resolves when it may be made anew */
  constructor(giveWay: () => Promise<void>) {
    this.#giveWay = giveWay;
  }

  get isOffering(): boolean {
    return this.#crossed !== null;
  }

  /** The offer that is under way has crossed one of the other end: neither is taken. */
  crossed(): void {
    this.#crossed?.();
  }

  /** Rejects when the step does; the next one is taken all the same. */
  run<T>(step: () => Promise<T>): Promise<T> {
    const done = this.#last.then(step, step);
    this.#last = done;
    return done;
  }

  /**
   * Makes an offer as soon as that is possible, and anew if it has crossed another.
   * @param start is given what to call once the other end has answered, and whether it is made anew
   * @returns resolves then, or when the call is over
   */
  offer(start: (answered: () => void, isAnew: boolean) => OfferStart): Promise<void> {
    return this.run(async () => {
      let isAnew = false;
      for (;;) {
        const end = Promise.withResolvers<'answered' | 'crossed'>();
        const outcome = start(() => end.resolve('answered'), isAnew);
        if (outcome === 'needless') return;
        if (outcome === 'too-early') {
          await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
          continue;
        }
        this.#crossed = () => end.resolve('crossed');
        const how = await Promise.race([end.promise, this.#closed.promise]);
        this.#crossed = null;
        if (how !== 'crossed') return;
        isAnew = true;
        await this.#giveWay();
      }
    });
  }

  /** Nothing is waited for any more. */
  close(): void {
    this.#closed.resolve(undefined);
  }
}
