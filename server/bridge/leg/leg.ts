/**
 * A call's media between the phone and us: how its packets travel. What is in them is for others to know.
 *
 * In the field a leg is a whole side of a call; here it is the media alone.
 */
import type { LegKind } from '../media/protocol.ts';
import type { RemoteMedia } from '../sdp.ts';
import type { CertificateShelf } from './certificate.ts';
import type { LocalTransport } from './description.ts';

export interface LegEvents {
  /** A packet that is the phone's, as far as the leg can tell: decrypted, from the right source. */
  onRtp(packet: Buffer): void;
  onRtcp(packet: Buffer): void;
  /** Nothing will come or go any more. */
  onFailed(reason: string): void;
}

export interface LegOptions {
  listenIp: string;
  announcedAddress?: string | undefined;
  ports?: { min: number; max: number } | undefined;
  certificates: CertificateShelf;
}

export interface Leg {
  readonly kind: LegKind;
  /** How we are to be reached, for an offer of ours. */
  offer(): Promise<LocalTransport>;
  /**
   * Takes what the phone offers, at first or again.
   * @returns how we are to be reached, for the answer
   * @throws MediaError `unsupported` when the two can not agree
   */
  answer(remote: RemoteMedia): Promise<LocalTransport>;
  /**
   * Takes what the phone answers to our last offer; it may come again.
   * @throws MediaError `unsupported` when the two can not agree
   */
  accept(remote: RemoteMedia): Promise<void>;
  /** Sends one RTP packet; dropped while nobody is known to send to. */
  sendRtp(packet: Buffer): void;
  sendRtcp(packet: Buffer): void;
  /** Idempotent. */
  close(): void;
}

/** Whether it is RTCP rather than RTP, both being on one port (RFC 5761, 4). */
export function isRtcp(packet: Uint8Array): boolean {
  const type = packet[1] ?? 0;
  return type >= 192 && type <= 223;
}
