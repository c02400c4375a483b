import type { Track } from 'node-datachannel';

/** Sends one RTP or RTCP packet. @returns false while the way is not open */
export function sendOn(track: Track, packet: Buffer): boolean {
  if (!track.isOpen()) return false;
  try {
    return track.sendMessageBinary(packet);
  } catch (error) {
    // The other end may have closed it meanwhile: the library learns of that in a thread of its own.
    if (track.isOpen()) throw error;
    return false;
  }
}
