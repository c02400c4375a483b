/** Who is told of whose publications: cameras may be for hosts only. */
import type { RoomEvent, View } from '../signalling/contract.ts';
import type { PublicationId, PublicationInfo } from './model.ts';
import type { Participant } from './participant.ts';
import type { RoomSettings } from './settings.ts';

/** What is not told to some. */
export class Sight {
  readonly #settings: () => RoomSettings;
  readonly #participants: () => Iterable<Participant>;
  /** What each one must not see. */
  readonly #hidden = new WeakMap<Participant, Set<PublicationId>>();

  constructor(settings: () => RoomSettings, participants: () => Iterable<Participant>) {
    this.#settings = settings;
    this.#participants = participants;
  }

  /** Tells all others who may see it. */
  added(owner: Participant, publication: PublicationInfo): void {
    for (const viewer of this.#participants()) {
      if (viewer === owner) continue;
      if (this.#mayShow(owner, publication, viewer)) viewer.tell({ type: 'publicationAdded', publication });
      else this.#hiddenFrom(viewer).add(publication.id);
    }
  }

  /** Tells all others who see it, and with `mine` the owner. */
  changed(owner: Participant, publication: PublicationInfo, mine: boolean): void {
    this.#tell(owner, publication, mine, { type: 'publicationChanged', publication });
  }

  removed(owner: Participant, publication: PublicationInfo, mine: boolean): void {
    this.#tell(owner, publication, mine, { type: 'publicationRemoved', publicationId: publication.id });
    for (const viewer of this.#participants()) this.#hidden.get(viewer)?.delete(publication.id);
  }

  /** What this one may know of, all own included; one who has just come has been told of nothing else. */
  of(viewer: Participant): PublicationInfo[] {
    return [...this.#participants()].flatMap((owner) =>
      owner.publications.filter((publication) => this.#mayShow(owner, publication, viewer)),
    );
  }

  /** To be called when one has come, before anything is published to it. */
  begin(viewer: Participant): void {
    this.#compare(viewer, () => undefined);
  }

  /** Roles or settings are others: tells each one what has come into sight, or gone out of it. */
  refresh(): void {
    for (const viewer of this.#participants()) {
      if (this.#compare(viewer, (event) => viewer.tell(event))) viewer.sightChanged();
    }
  }

  /** Of a view, what may be seen. What is not known, or gone, shows nothing anyway. */
  filter(viewer: Participant, { videos, pinned }: View): View {
    const known = new Set(this.of(viewer).map(({ id }) => id));
    return { videos: videos.filter(({ publicationId }) => known.has(publicationId)), pinned };
  }

  /** @returns whether anything is another */
  #compare(viewer: Participant, tell: (event: RoomEvent) => void): boolean {
    let changed = false;
    const hidden = this.#hiddenFrom(viewer);
    for (const owner of this.#participants()) {
      if (owner === viewer) continue;
      for (const publication of owner.publications) {
        const { id } = publication;
        const isHidden = !this.#mayShow(owner, publication, viewer);
        if (isHidden === hidden.has(id)) continue;
        changed = true;
        if (isHidden) {
          hidden.add(id);
          tell({ type: 'publicationRemoved', publicationId: id });
        } else {
          hidden.delete(id);
          tell({ type: 'publicationAdded', publication });
        }
      }
    }
    return changed;
  }

  #tell(owner: Participant, { id }: PublicationInfo, mine: boolean, event: RoomEvent): void {
    for (const viewer of this.#participants()) {
      const isTold = viewer === owner ? mine : !this.#hidden.get(viewer)?.has(id);
      if (isTold) viewer.tell(event);
    }
  }

  #mayShow(owner: Participant, { source }: PublicationInfo, viewer: Participant): boolean {
    const isForAll = source !== 'camera' || !this.#settings().camerasForHostsOnly;
    return isForAll || owner === viewer || owner.may('see-as-host') || viewer.may('see-as-host');
  }

  #hiddenFrom(viewer: Participant): Set<PublicationId> {
    const hidden = this.#hidden.get(viewer) ?? new Set();
    this.#hidden.set(viewer, hidden);
    return hidden;
  }
}
