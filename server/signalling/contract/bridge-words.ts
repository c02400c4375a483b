/** The words of the bridge's contract that need no schema. */

/** Keys of one direction of SRTP. */
export interface SrtpKeys {
  suite: 'AEAD_AES_128_GCM';
  /** Key and salt, 28 bytes. Secret. */
  keyBase64: string;
}

/** Where and how a bridge reaches the media of a room. The server learns the bridge's address from its first packet. */
export interface BridgeLink {
  ip: string;
  port: number;
  opusPayloadType: number;
  /** Of the header extension with the audio level (RFC 6464), in both ways. */
  levelExtensionId: number;
  /** Null when packets stay on this host, where they travel in the clear. */
  srtp: { bridge: SrtpKeys; server: SrtpKeys } | null;
}
