/** Ties the media of a client to its picture of the room: what is sent and received shows in it. */
import { patiently } from './connection.ts';
import type { Ask } from './connection.ts';
import type { RoomClientError } from './errors.ts';
import { Media } from './media/media.ts';
import * as roomState from './room-state.ts';
import type { Store } from './store.ts';
import type { PublicationId, RoomState, Source } from './types.ts';
import type { ViewSender } from './view-sender.ts';

interface Binding {
  readonly store: Store<RoomState>;
  readonly ask: Ask;
  readonly view: ViewSender;
  /** Something failed in the background. */
  readonly failed: (error: RoomClientError) => void;
}

export function bindMedia({ store, ask, view, failed }: Binding): Media {
  const media: Media = new Media({
    ask: patiently(ask),
    view: () => view.view,
    viewed: (sent) => view.start(sent),
    known: (source) => ownPublication(store.value, source),
    published: (id, source, { muted }) => {
      const participantId = store.value.self?.participantId;
      if (participantId === undefined) return;
      const publication = { id, participantId, source, muted };
      store.update((state) => roomState.withPublication(state, publication, media.mediaOf(id)));
    },
    unpublished: (id) => store.update((state) => roomState.withoutPublication(state, id)),
    muted: (id) => store.value.publications.some((publication) => publication.id === id && publication.muted),
    syncGroup: ({ participantId, publicationId }) => {
      const source = store.value.publications.find(({ id }) => id === publicationId)?.source;
      return `${participantId}-${source?.startsWith('screen') ? 'screen' : 'face'}`;
    },
    received: (id) => store.update((state) => roomState.withMedia(state, id, media.mediaOf(id))),
    pathChanged: (direction, path) => store.update((state) => ({ ...state, [direction]: path })),
    failed,
  });
  return media;
}

function ownPublication(
  { self, publications }: RoomState,
  source: Source,
): { publicationId: PublicationId; muted: boolean } | null {
  const own = publications.find(
    (publication) => publication.participantId === self?.participantId && publication.source === source,
  );
  return own ? { publicationId: own.id, muted: own.muted } : null;
}
