/**
 * All that one participant, or bridge, receives: from what it shows, and who is heard in the room, follows what it should
 * be subscribed to; each `Subscription` brings that about for itself.
 */
import type { PublicationId, SubscriptionId } from '../conference/model.ts';
import type { View } from '../signalling/contract.ts';
import { allocate } from './allocation.ts';
import type { Picture } from './allocation.ts';
import type { Publication } from './publications.ts';
import { Subscription } from './subscription.ts';
import type { Receiver, Wish } from './subscription.ts';

/** What the room tells all its receivers. */
export interface RoomState {
  readonly publications: ReadonlyMap<PublicationId, Publication>;
  /** Microphones: those to be heard first, then those to be kept at hand. */
  readonly ranking: readonly PublicationId[];
  /** How many microphones one receiver hears. */
  readonly loudest: number;
  readonly dominant: Publication | null;
}

/**
 * How long a picture that is no longer shown is kept, held back, in ms. Longer: paging back is instant for longer.
 * Shorter: fewer idle consumers.
 */
const LINGER_MS = 3_000;
/** Pictures that may linger at once; who pages through a large room closes the oldest. */
const MAX_LINGERING = 32;
/** Sounds of shared screens that one receiver hears at once, the newest first. */
const MAX_SCREEN_AUDIO = 4;

export class Subscriptions {
  readonly #receiver: Receiver;
  readonly #room: RoomState;
  readonly #byPublication = new Map<Publication, Subscription>();
  /** Oldest first. */
  readonly #lingering = new Map<Subscription, NodeJS.Timeout>();
  #view: View = { videos: [], pinned: null };
  #scheduled = false;
  #closed = false;

  constructor(receiver: Receiver, room: RoomState) {
    this.#receiver = receiver;
    this.#room = room;
  }

  /** Held back and lingering ones included. */
  get count(): number {
    return this.#byPublication.size;
  }

  setView(view: View): void {
    this.#view = view;
    this.refresh();
  }

  /** What is wished may have changed; several changes at once cost one look. */
  refresh(): void {
    if (this.#scheduled || this.#closed) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      if (!this.#closed) this.#apply();
    });
  }

  ready(ids: ReadonlySet<SubscriptionId>): void {
    for (const subscription of this.#byPublication.values()) {
      if (subscription.id !== null && ids.has(subscription.id)) subscription.ready();
    }
  }

  publicationClosed(publication: Publication): void {
    const subscription = this.#byPublication.get(publication);
    if (subscription) this.#close(subscription);
  }

  /** Scores of what is forwarded now, 0 to 10. */
  scores(): number[] {
    return [...this.#byPublication.values()].map(({ score }) => score).filter((score) => score !== null);
  }

  /** Idempotent. @param silent when the receiver is gone, or knows that all is new */
  close(silent: boolean): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const timer of this.#lingering.values()) clearTimeout(timer);
    this.#lingering.clear();
    for (const subscription of this.#byPublication.values()) subscription.close(silent);
    this.#byPublication.clear();
  }

  #apply(): void {
    const wishes = new Map([...this.#videoWishes(), ...this.#audioWishes()]);
    // First what is to stop, then what is to start: what is forwarded never exceeds what is wished.
    for (const [publication, subscription] of this.#byPublication) {
      const wish = wishes.get(publication);
      if (!wish) this.#unwish(subscription);
      else if (!wish.active) subscription.wish(wish);
    }
    for (const [publication, wish] of wishes) {
      const subscription = this.#byPublication.get(publication);
      if (subscription) {
        this.#stopLingering(subscription);
        if (wish.active) subscription.wish(wish);
      } else {
        this.#byPublication.set(publication, new Subscription(publication, this.#receiver, wish));
      }
    }
  }

  #videoWishes(): Map<Publication, Wish> {
    const shown = new Map<PublicationId, Picture & { publication: Publication }>();
    for (const { publicationId: id } of this.#view.videos) {
      const publication = this.#room.publications.get(id);
      if (
        !publication ||
        publication.kind !== 'video' ||
        publication.muted ||
        this.#receiver.isOwn(publication)
      )
        continue;
      const { source, spatialLayers, temporalLayers } = publication;
      const dominant = this.#room.dominant?.participantId === publication.participantId;
      shown.set(id, { id, source, spatialLayers, temporalLayers, dominant, publication });
    }
    const wishes = new Map<Publication, Wish>();
    for (const [id, allocation] of allocate(this.#view, shown)) {
      const picture = shown.get(id);
      if (picture) wishes.set(picture.publication, { active: true, allocation });
    }
    return wishes;
  }

  #audioWishes(): Map<Publication, Wish> {
    const { publications, ranking, loudest } = this.#room;
    const wishes = new Map<Publication, Wish>();
    for (const id of ranking) {
      const publication = publications.get(id);
      if (!publication || this.#receiver.isOwn(publication) || wishes.size === 2 * loudest) continue;
      wishes.set(publication, { active: wishes.size < loudest, allocation: null });
    }
    const screens = [...publications.values()].filter(
      (publication) => publication.source === 'screenAudio' && !this.#receiver.isOwn(publication),
    );
    for (const publication of screens.slice(-MAX_SCREEN_AUDIO)) {
      wishes.set(publication, { active: true, allocation: null });
    }
    return wishes;
  }

  /** A sound that is out of reach is closed; a picture is held back for a while first. */
  #unwish(subscription: Subscription): void {
    if (this.#lingering.has(subscription)) return;
    if (subscription.publication.kind === 'audio') {
      this.#close(subscription);
      return;
    }
    subscription.wish({ active: false, allocation: null });
    this.#lingering.set(
      subscription,
      setTimeout(() => this.#close(subscription), LINGER_MS),
    );
    const [oldest] = this.#lingering.keys();
    if (oldest && this.#lingering.size > MAX_LINGERING) this.#close(oldest);
  }

  #stopLingering(subscription: Subscription): void {
    clearTimeout(this.#lingering.get(subscription));
    this.#lingering.delete(subscription);
  }

  #close(subscription: Subscription): void {
    this.#stopLingering(subscription);
    this.#byPublication.delete(subscription.publication);
    subscription.close(false);
  }
}
