/** What one participant publishes, and what is taken from them when they may no longer. */
import type { RtpParameters } from '../signalling/contract.ts';
import { ConferenceError } from './errors.ts';
import type { ParticipantId, PublicationId, PublicationInfo, Source } from './model.ts';
import type { MediaParticipant, MediaPublication } from './ports.ts';

/** What is told of publications; `mine` says that the owner is to know it too, as somebody else has done it. */
export interface PublicationListener {
  added(publication: PublicationInfo): void;
  changed(publication: PublicationInfo, mine: boolean): void;
  removed(publication: PublicationInfo, mine: boolean): void;
}

export interface PublicationsParts {
  participantId: ParticipantId;
  media: MediaParticipant;
  /** How many there may be at a time. */
  limit: number;
  newId: () => string;
  /** What may be published unmuted now. */
  allowed: () => readonly Source[];
  /** Whether anything may be published at all. */
  mayPublish: () => boolean;
  /** Whether microphone and camera begin muted, whatever is asked for: who has come in quietly unmutes afterwards. */
  beginsQuietly: () => boolean;
  listener: PublicationListener;
}

interface Publication {
  info: PublicationInfo;
  media: MediaPublication;
  /** What was asked for last; `info` follows when it is so. */
  wantedMuted: boolean;
}

/** May be published muted by those who may not unmute it, so that it is there at once when they may. */
const canBeMuted = (source: Source): boolean => source === 'microphone' || source === 'camera';

export class Publications {
  readonly #parts: PublicationsParts;
  readonly #byId = new Map<PublicationId, Publication>();
  /** What has been published before. */
  readonly #begun = new Set<Source>();
  /** The end of the last publishing: one after the other, as two of one source must not overtake each other. */
  #publishing: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(parts: PublicationsParts) {
    this.#parts = parts;
  }

  get all(): PublicationInfo[] {
    return [...this.#byId.values()].map(({ info }) => info);
  }

  from(source: Source): PublicationInfo | undefined {
    return this.#from(source)?.info;
  }

  /**
   * What was published from the same source before is unpublished.
   * @returns the publication as it begins, which may be muted without having been asked to be
   * @throws ConferenceError `forbidden`, `too-many-publications`, `unsupported-media`, `media-unavailable`
   */
  publish(source: Source, rtpParameters: RtpParameters, muted: boolean): Promise<PublicationInfo> {
    const published = this.#publishing.then(() => this.#publish(source, rtpParameters, muted));
    this.#publishing = published.catch(() => undefined);
    return published;
  }

  async #publish(
    source: Source,
    rtpParameters: RtpParameters,
    wantedMuted: boolean,
  ): Promise<PublicationInfo> {
    const { participantId, newId, limit, listener } = this.#parts;
    this.#assertMay(source, wantedMuted);
    const muted = wantedMuted || this.#beginsQuietly(source);
    const former = this.all.find((publication) => publication.source === source);
    if (former) this.unpublish(former.id);
    if (this.#byId.size >= limit) {
      throw new ConferenceError('too-many-publications', 'You publish as much as you may.');
    }
    const id = newId();
    const media = await this.#parts.media.publish({ id, source, rtpParameters, muted });
    try {
      if (this.#closed) throw new ConferenceError('media-unavailable', 'You have left the room.');
      // A host may have taken it away in the meantime.
      this.#assertMay(source, muted);
    } catch (error) {
      media.close();
      throw error;
    }
    const info = { id, participantId, source, muted };
    this.#byId.set(id, { info, media, wantedMuted: muted });
    this.#begun.add(source);
    listener.added(info);
    return info;
  }

  /** @throws ConferenceError `unknown-publication` */
  unpublish(id: PublicationId): void {
    this.#remove(this.#own(id), false);
  }

  /** @throws ConferenceError `unknown-publication`, `forbidden`, `media-unavailable` */
  async setMuted(id: PublicationId, muted: boolean): Promise<void> {
    const publication = this.#own(id);
    this.#assertMay(publication.info.source, muted);
    await this.#setMuted(publication, muted, false);
  }

  /** Somebody else has muted what is published from this source, if anything is. */
  async mute(source: Source): Promise<void> {
    const publication = this.#from(source);
    if (publication) await this.#setMuted(publication, true, true);
  }

  /** Somebody else lets it be heard again. */
  async unmute(source: Source): Promise<void> {
    const publication = this.#from(source);
    if (publication) await this.#setMuted(publication, false, true);
  }

  /** Somebody else has ended what is published from this source, if anything is. */
  stop(source: Source): void {
    const publication = this.#from(source);
    if (publication) this.#remove(publication, true);
  }

  /** What may no longer be is muted, or ended where it is a picture. */
  async enforce(): Promise<void> {
    const allowed = this.#parts.allowed();
    const forbidden = [...this.#byId.values()].filter(({ info }) => !allowed.includes(info.source));
    await Promise.all(
      forbidden.map(async (publication) => {
        const { source } = publication.info;
        if (!this.#parts.mayPublish()) this.#remove(publication, true);
        else if (source === 'microphone') await this.#setMuted(publication, true, true);
        else if (source !== 'camera' || !publication.wantedMuted) this.#remove(publication, true);
      }),
    );
  }

  /** All are gone with their worker; the owner is told in another way. */
  lost(): void {
    for (const publication of [...this.#byId.values()]) {
      this.#byId.delete(publication.info.id);
      this.#parts.listener.removed(publication.info, false);
    }
  }

  /** The participant has left, and its media with it: nothing more is told. */
  close(): void {
    this.#closed = true;
    this.#byId.clear();
  }

  async #setMuted(publication: Publication, muted: boolean, mine: boolean): Promise<void> {
    publication.wantedMuted = muted;
    await publication.media.setMuted(muted);
    const { info } = publication;
    if (this.#byId.get(info.id) !== publication || publication.wantedMuted !== muted || info.muted === muted)
      return;
    publication.info = { ...info, muted };
    this.#parts.listener.changed(publication.info, mine);
  }

  #remove(publication: Publication, mine: boolean): void {
    this.#byId.delete(publication.info.id);
    publication.media.close();
    this.#parts.listener.removed(publication.info, mine);
  }

  #from(source: Source): Publication | undefined {
    return [...this.#byId.values()].find(({ info }) => info.source === source);
  }

  #own(id: PublicationId): Publication {
    const publication = this.#byId.get(id);
    if (!publication) throw new ConferenceError('unknown-publication', `You have no publication ${id}.`);
    return publication;
  }

  #beginsQuietly(source: Source): boolean {
    return canBeMuted(source) && !this.#begun.has(source) && this.#parts.beginsQuietly();
  }

  #assertMay(source: Source, muted: boolean): void {
    const { allowed, mayPublish } = this.#parts;
    if (!mayPublish()) throw new ConferenceError('forbidden', 'It takes the power publish.');
    if (allowed().includes(source) || (muted && canBeMuted(source))) return;
    throw new ConferenceError('forbidden', `The ${source} is not allowed to you; a host may allow it.`);
  }
}
