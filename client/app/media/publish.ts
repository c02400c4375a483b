import type { RoomClient, Source } from '../../sdk/types.ts';
import { may } from '../../sdk/words.ts';
import type { LocalMedia, LocalMediaState } from './local-media.ts';

interface Sending {
  readonly track: MediaStreamTrack;
  readonly muted: boolean;
}

const SOURCES: readonly Source[] = ['microphone', 'camera', 'screen', 'screenAudio'];

/** What the room should get of what one has. */
export function sendingsOf({
  microphone,
  camera,
  screen,
}: LocalMediaState): Partial<Record<Source, Sending>> {
  return {
    ...(microphone.track && { microphone: { track: microphone.track, muted: !microphone.isOn } }),
    ...(camera.track && { camera: { track: camera.track, muted: false } }),
    ...(screen && { screen: { track: screen.video, muted: false } }),
    ...(screen?.audio && { screenAudio: { track: screen.audio, muted: false } }),
  };
}

/**
 * Keeps what a client publishes the same as what one has, from before it joins. Viewers publish nothing.
 * @param onRefused hears what the server did not take
 * @returns the function that ends it
 */
export function publishLocalMedia(
  media: LocalMedia,
  client: RoomClient,
  onRefused: (source: Source, error: unknown) => void,
): () => void {
  let sent: Partial<Record<Source, Sending>> = {};

  const apply = async (
    source: Source,
    before: Sending | undefined,
    after: Sending | undefined,
  ): Promise<void> => {
    if (!after) await client.unpublish(source);
    else if (before?.track === after.track) await client.setMuted(source, after.muted);
    else await client.publish(source, after.track, { muted: after.muted });
  };
  const follow = (): void => {
    const { self } = client.state;
    const wanted = self && !may(self.role, 'publish') ? {} : sendingsOf(media.state);
    for (const source of SOURCES) {
      const before = sent[source];
      const after = wanted[source];
      if (before?.track === after?.track && before?.muted === after?.muted) continue;
      apply(source, before, after).catch((error: unknown) => {
        // The next wish begins anew.
        if (sent[source] === after) sent = without(sent, source);
        onRefused(source, error);
      });
    }
    sent = wanted;
  };

  follow();
  let role = client.state.self?.role;
  const ends = [
    media.subscribe(follow),
    client.subscribe(() => {
      if (client.state.self?.role === role) return;
      role = client.state.self?.role;
      follow();
    }),
  ];
  return () => {
    for (const end of ends) end();
  };
}

function without<T extends object, K extends keyof T>(values: T, key: K): Omit<T, K> {
  const { [key]: _gone, ...others } = values;
  return others;
}
