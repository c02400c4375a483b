/** Reads how loud a packet is (RFC 6464) from its RTP header extension (RFC 8285), without touching the sound. */

const ONE_BYTE_PROFILE = 0xbede;
const TWO_BYTE_PROFILE = 0x1000;

/**
 * @param packet an RTP packet (RFC 3550), of which nothing is taken for granted
 * @param extensionId what the level's extension was negotiated as
 * @returns the level in -dBov, 0 the loudest and 127 silence; null when the packet has none or is malformed
 */
export function audioLevel(packet: Uint8Array, extensionId: number): number | null {
  const first = packet[0];
  if (first === undefined || first >> 6 !== 2 || (first & 0x10) === 0) return null;
  const start = 12 + 4 * (first & 0x0f);
  const profile = uint16(packet, start);
  const words = uint16(packet, start + 2);
  if (profile === null || words === null) return null;
  const from = start + 4;
  const to = from + 4 * words;
  if (to > packet.length) return null;
  if (profile === ONE_BYTE_PROFILE) return findOneByte(packet, from, to, extensionId);
  // The low four bits are the application's.
  if ((profile & 0xfff0) === TWO_BYTE_PROFILE) return findTwoByte(packet, from, to, extensionId);
  return null;
}

function findOneByte(packet: Uint8Array, from: number, to: number, extensionId: number): number | null {
  for (let at = from; at < to;) {
    const header = packet[at] ?? 0;
    const id = header >> 4;
    // Padding is a lone zero byte; 15 tells to stop.
    if (header === 0) at += 1;
    else if (id === 15) return null;
    else {
      const length = (header & 0x0f) + 1;
      if (id === extensionId) return levelAt(packet, at + 1, length, to);
      at += 1 + length;
    }
  }
  return null;
}

function findTwoByte(packet: Uint8Array, from: number, to: number, extensionId: number): number | null {
  for (let at = from; at < to;) {
    const id = packet[at] ?? 0;
    if (id === 0) at += 1;
    else {
      const length = at + 1 < to ? (packet[at + 1] ?? 0) : 0;
      if (id === extensionId) return levelAt(packet, at + 2, length, to);
      at += 2 + length;
    }
  }
  return null;
}

function levelAt(packet: Uint8Array, at: number, length: number, to: number): number | null {
  if (length === 0 || at + length > to) return null;
  // The high bit says whether the sender takes it for voice, which senders judge too differently to be of use.
  return (packet[at] ?? 0) & 0x7f;
}

function uint16(packet: Uint8Array, at: number): number | null {
  const high = packet[at];
  const low = packet[at + 1];
  return high === undefined || low === undefined ? null : (high << 8) | low;
}
