/** Listens in on a microphone's packets at its own router, for their level alone. */
import type { types } from 'mediasoup';
import { audioLevel } from './audio-level.ts';
import type { Publication } from './publications.ts';

/** RFC 6464. */
export const LEVEL_URI = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';

/**
 * Reports the level of each packet while it is open, in -dBov, until the publication is closed. A muted microphone costs
 * nothing, a silent one that uses DTX close to nothing.
 */
export class LevelTap {
  readonly #publication: Publication;
  readonly #onLevel: (level: number) => void;
  readonly #failed: (error: unknown) => void;
  #consumer: types.Consumer | null = null;
  #isOpen = false;
  #applying = false;

  /** @param failed called when packets can't be read, also for the reason that publication or router are closed */
  constructor(publication: Publication, onLevel: (level: number) => void, failed: (error: unknown) => void) {
    this.#publication = publication;
    this.#onLevel = onLevel;
    this.#failed = failed;
  }

  /** Whether packets are wished; the worker follows soon after. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  open(wished: boolean): void {
    if (wished === this.#isOpen) return;
    this.#isOpen = wished;
    if (!this.#applying) void this.#apply();
  }

  /** Never rejects. From the last look at what is wished on, a new wish begins anew. */
  async #apply(): Promise<void> {
    this.#applying = true;
    try {
      while (!this.#publication.closed && this.#isOpen === (this.#consumer?.paused ?? true)) {
        if (!this.#consumer) this.#consumer = await this.#consume();
        else await (this.#isOpen ? this.#consumer.resume() : this.#consumer.pause());
      }
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#applying = false;
    }
  }

  /** @throws when the publication or its router is closed */
  async #consume(): Promise<types.Consumer> {
    const { home, producer } = this.#publication;
    const transport = await home.direct();
    const consumer: types.Consumer = await transport.consume({
      producerId: producer.id,
      rtpCapabilities: home.router.rtpCapabilities,
    });
    const extension = consumer.rtpParameters.headerExtensions?.find(({ uri }) => uri === LEVEL_URI);
    if (!extension) throw new Error('The router has no audio levels.');
    consumer.on('rtp', (packet) => {
      const level = audioLevel(packet, extension.id);
      if (level !== null) this.#onLevel(level);
    });
    return consumer;
  }
}
