import type { RoomClient, Source } from '../../sdk/types.ts';
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
 * Keeps what a client publishes the same as what one has, from before it joins.
 * @param onRefused hears what the server did not take
 * @returns the function that ends it
 */
export function publishLocalMedia(
  media: LocalMedia,
  client: RoomClient,
  onRefused: (error: unknown) => void,
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
    const wanted = sendingsOf(media.state);
    for (const source of SOURCES) {
      const before = sent[source];
      const after = wanted[source];
      if (before?.track === after?.track && before?.muted === after?.muted) continue;
      apply(source, before, after).catch(onRefused);
    }
    sent = wanted;
  };

  follow();
  return media.subscribe(follow);
}
