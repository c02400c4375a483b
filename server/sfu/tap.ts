/** Listens in on a microphone's packets at its own router, for their level alone. */
import type { types } from 'mediasoup';
import { audioLevel } from './audio-level.ts';
import type { Publication } from './publications.ts';

/** RFC 6464. */
export const LEVEL_URI = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';

/**
 * Reports the level of each packet, in -dBov, until the publication is closed. A muted microphone costs nothing,
 * a silent one that uses DTX close to nothing.
 * @throws when the publication or its router is closed
 */
export async function tapLevels(publication: Publication, onLevel: (level: number) => void): Promise<void> {
  const transport = await publication.home.direct();
  const consumer: types.Consumer = await transport.consume({
    producerId: publication.producer.id,
    rtpCapabilities: publication.home.router.rtpCapabilities,
  });
  const extension = consumer.rtpParameters.headerExtensions?.find(({ uri }) => uri === LEVEL_URI);
  if (!extension) throw new Error('The router has no audio levels.');
  consumer.on('rtp', (packet) => {
    const level = audioLevel(packet, extension.id);
    if (level !== null) onLevel(level);
  });
}
