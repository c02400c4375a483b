/** SRTP and SRTCP (RFC 3711, RFC 7714) with keys that both sides know; for phones (SDES) and for the SFU. */
import { RtpPacket, SrtcpSession, SrtpSession } from 'werift-rtp';
import type { SrtpSuite } from '../media/protocol.ts';

/** Bytes of master key and salt, and the number that the library knows the suite by. */
const SUITES = {
  AES_CM_128_HMAC_SHA1_80: { profile: 1, key: 16, salt: 14 },
  AEAD_AES_128_GCM: { profile: 7, key: 16, salt: 12 },
} as const satisfies Record<SrtpSuite, unknown>;

/** How many bytes a suite's master key and salt have together. */
export function keyBytes(suite: SrtpSuite): number {
  return SUITES[suite].key + SUITES[suite].salt;
}

/** One direction of packets, under one key; it counts the rollovers of sequence numbers. */
export class SrtpKeys {
  readonly #rtp: SrtpSession;
  readonly #rtcp: SrtcpSession;

  /** @throws RangeError when the key has the wrong length */
  constructor(suite: SrtpSuite, keyAndSalt: Buffer) {
    const { profile, key } = SUITES[suite];
    if (keyAndSalt.length !== keyBytes(suite)) throw new RangeError('An SRTP key has the wrong length.');
    const masterKey = keyAndSalt.subarray(0, key);
    const masterSalt = keyAndSalt.subarray(key);
    // The library wants both directions at once; only one of them is used.
    const keys = {
      localMasterKey: masterKey,
      localMasterSalt: masterSalt,
      remoteMasterKey: masterKey,
      remoteMasterSalt: masterSalt,
    };
    this.#rtp = new SrtpSession({ keys, profile });
    this.#rtcp = new SrtcpSession({ keys, profile });
  }

  protect(packet: Buffer, rtcp: boolean): Buffer {
    if (rtcp) return this.#rtcp.encrypt(packet);
    const { header, payload } = RtpPacket.deSerialize(packet);
    return this.#rtp.encrypt(payload, header);
  }

  /** @returns null when it was not made with this key, or was changed on its way */
  unprotect(packet: Buffer, rtcp: boolean): Buffer | null {
    try {
      return rtcp ? this.#rtcp.decrypt(packet) : this.#rtp.decrypt(packet);
    } catch {
      return null;
    }
  }
}
