/** Publications on routers other than their own: piped at the first demand there, un-piped with the last. */
import type { types } from 'mediasoup';
import { pipe } from '../../worker-config/mediasoup.ts';
import type { Publication } from './publications.ts';
import type { RoomRouter } from './routers.ts';

/** A publication made available on a router, for as long as it is held. */
export interface Hold {
  /** The producer to consume on that router. */
  readonly producerId: string;
  /** Idempotent. */
  release(): void;
}

interface Pipe {
  holds: number;
  opening: Promise<types.Producer>;
  producer: types.Producer | null;
}

export class Pipes {
  readonly #pipes = new Map<Publication, Map<RoomRouter, Pipe>>();

  /** How many publications are piped or being piped, counted once for each router that they are piped to. */
  get size(): number {
    let size = 0;
    for (const pipes of this.#pipes.values()) size += pipes.size;
    return size;
  }

  /** Rejects when the publication or one of the two routers is closed. */
  async hold(publication: Publication, at: RoomRouter): Promise<Hold> {
    if (publication.home === at) return { producerId: publication.producer.id, release: () => undefined };
    const pipe = this.#pipe(publication, at);
    pipe.holds += 1;
    let held = true;
    const release = () => {
      if (!held) return;
      held = false;
      pipe.holds -= 1;
      if (pipe.holds === 0) this.#close(publication, at, pipe);
    };
    try {
      const { id: producerId } = await pipe.opening;
      return { producerId, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** The one pipe between the two, which whoever comes while it is being opened waits for as well. */
  #pipe(publication: Publication, at: RoomRouter): Pipe {
    let pipes = this.#pipes.get(publication);
    if (!pipes) this.#pipes.set(publication, (pipes = new Map<RoomRouter, Pipe>()));
    const existing = pipes.get(at);
    if (existing) return existing;
    const pipe: Pipe = { holds: 0, opening: openPipe(publication, at), producer: null };
    pipes.set(at, pipe);
    pipe.opening.then(
      (producer) => {
        pipe.producer = producer;
        producer.observer.once('close', () => this.#forget(publication, at, pipe));
        if (pipe.holds === 0) producer.close();
      },
      // Those who hold it have the error.
      () => this.#forget(publication, at, pipe),
    );
    return pipe;
  }

  #close(publication: Publication, at: RoomRouter, pipe: Pipe): void {
    this.#forget(publication, at, pipe);
    // One that is still being opened is closed when it is open.
    pipe.producer?.close();
  }

  #forget(publication: Publication, at: RoomRouter, pipe: Pipe): void {
    const pipes = this.#pipes.get(publication);
    if (pipes?.get(at) !== pipe) return;
    pipes.delete(at);
    if (pipes.size === 0) this.#pipes.delete(publication);
  }
}

async function openPipe(publication: Publication, at: RoomRouter): Promise<types.Producer> {
  const { pipeProducer } = await publication.home.router.pipeToRouter({
    producerId: publication.producer.id,
    router: at.router,
    // A new id each time: the last pipe of the same publication may still be closing.
    keepId: false,
    listenInfo: { protocol: 'udp', ip: pipe.listenIp },
    enableSctp: false,
    enableRtx: pipe.enableRtx,
  });
  if (!pipeProducer) throw new Error('A pipe without producer was opened.');
  return pipeProducer;
}
