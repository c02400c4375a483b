/**
 * How loud the microphones of a room are.
 *
 * Of a microphone that everybody hears, the level only tells whether it is still needed and who speaks most: the worker's
 * averages do for that, some a second for all of a router. Of one that is not heard the first syllable matters, so this
 * process reads each of its packets (`tap.ts`), which are few: silent microphones send hardly any (DTX), muted ones none.
 */
import type { types } from 'mediasoup';
import type { PublicationId } from '../conference/model.ts';
import type { Publication } from './publications.ts';
import type { RoomRouter } from './routers.ts';
import { LevelTap } from './tap.ts';

/**
 * Over which the worker averages, in ms. It passes over whoever sent fewer than ten packets in that time, so shorter
 * misses people on bad networks, and longer makes the dominant speaker late.
 */
const AVERAGE_MS = 250;
/** Quietest average that is reported, in dBov. Lower: the worker reports fans and keyboards as well, to no use. */
const QUIETEST = -70;
/** What a packet stands for, in ms. Its real length matters little. */
const PACKET_MS = 20;

export interface LevelListener {
  /** @param level in -dBov (RFC 6464), 0 the loudest @param spanMs how much sound it stands for, in ms */
  level(id: PublicationId, level: number, spanMs: number): void;
  /** The levels of a microphone, or of all at a router, can not be read. */
  failed(error: unknown, id: PublicationId): void;
}

export class Levels {
  readonly #listener: LevelListener;
  readonly #mostAtOnce: number;
  readonly #taps = new Map<PublicationId, LevelTap>();
  readonly #byProducer = new Map<string, PublicationId>();
  readonly #observers = new Map<RoomRouter, Promise<types.AudioLevelObserver>>();

  /** @param mostAtOnce how many averages are reported at once, the loudest: as many as are heard, or more */
  constructor(mostAtOnce: number, listener: LevelListener) {
    this.#mostAtOnce = mostAtOnce;
    this.#listener = listener;
  }

  /** Follows a microphone until it is closed. */
  add(publication: Publication): void {
    const { id, producer, home } = publication;
    const failed = (error: unknown): void => {
      if (!publication.closed) this.#listener.failed(error, id);
    };
    const onLevel = (level: number): void => this.#listener.level(id, level, PACKET_MS);
    this.#taps.set(id, new LevelTap(publication, onLevel, failed));
    this.#byProducer.set(producer.id, id);
    this.#observer(home)
      .then((observer) => observer.addProducer({ producerId: producer.id }))
      .catch(failed);
  }

  remove({ id, producer }: Publication): void {
    this.#taps.delete(id);
    this.#byProducer.delete(producer.id);
  }

  /** @param heard the microphones that everybody hears */
  follow(heard: ReadonlySet<PublicationId>): void {
    for (const [id, tap] of this.#taps) tap.open(!heard.has(id));
  }

  #observer(home: RoomRouter): Promise<types.AudioLevelObserver> {
    const known = this.#observers.get(home);
    if (known) return known;
    const opening = this.#open(home);
    this.#observers.set(home, opening);
    const forget = (): void => void this.#observers.delete(home);
    opening.then((observer) => observer.observer.once('close', forget), forget);
    return opening;
  }

  async #open(home: RoomRouter): Promise<types.AudioLevelObserver> {
    const observer = await home.router.createAudioLevelObserver({
      maxEntries: this.#mostAtOnce,
      threshold: QUIETEST,
      interval: AVERAGE_MS,
    });
    observer.on('volumes', (volumes) => {
      for (const { producer, volume } of volumes) {
        const id = this.#byProducer.get(producer.id);
        // Of a tapped one each packet was counted already.
        if (id === undefined || this.#taps.get(id)?.isOpen !== false) continue;
        this.#listener.level(id, -volume, AVERAGE_MS);
      }
    });
    return observer;
  }
}
