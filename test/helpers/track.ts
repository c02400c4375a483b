/** One connection of the library's with one line, over which RTP goes as plain packets on our side. */
import { Audio, PeerConnection } from 'node-datachannel';
import type { Track } from 'node-datachannel';

/** Any number will do: packets carry their own payload types, whatever the session description says. */
export const PAYLOAD_TYPE = 111;

/** @param name for the library's log */
export function openPeer(name: string, address = '127.0.0.1'): { peer: PeerConnection; track: Track } {
  const peer = new PeerConnection(name, {
    iceServers: [],
    bindAddress: address,
    disableAutoNegotiation: true,
  });
  const line = new Audio('0', 'SendRecv');
  line.addOpusCodec(PAYLOAD_TYPE);
  return { peer, track: peer.addTrack(line) };
}

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
