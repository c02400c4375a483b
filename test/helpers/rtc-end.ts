/**
 * The far end of one WebRTC transport, in Node: real ICE, DTLS and SRTP (libdatachannel), with RTP as plain
 * packets on our side. What a test sends and receives is up to the test; nothing is encoded or decoded.
 */
import { cleanup } from 'node-datachannel';
import type { PeerConnection, Track } from 'node-datachannel';
import type { DtlsParameters, IceParameters, TransportParameters } from '../../server/signalling/contract.ts';
import { PAYLOAD_TYPE, openPeer, sendOn } from './track.ts';

/** What has to be known of the other end. */
type FarEnd = Omit<TransportParameters, 'id'>;

export class RtcEnd {
  /** What the server's transport needs of this end; it may be given at any time. */
  readonly dtlsParameters: DtlsParameters;
  /** For a server that checks the way by itself, too, as browsers do. */
  readonly iceParameters: IceParameters;
  /** As a line of a session description has it (RFC 8839, 5.1), for the same. */
  readonly iceCandidate: string;
  readonly #connection: PeerConnection;
  readonly #track: Track;
  readonly #connected: Promise<void>;
  readonly #listeners = new Set<(packet: Buffer) => void>();

  /** Connects at once, or when `connect` is called; DTLS begins when the server has got `dtlsParameters`. */
  constructor(transport?: FarEnd, address?: string) {
    ({ peer: this.#connection, track: this.#track } = openPeer('test', address));
    this.#track.onMessage((packet) => {
      for (const listener of this.#listeners) listener(packet);
    });
    this.#connected = new Promise((resolve, reject) => {
      this.#track.onOpen(resolve);
      this.#connection.onStateChange((state) => {
        if (state === 'failed' || state === 'closed') reject(new Error(`The connection is ${state}.`));
      });
    });
    // Whoever waits for it has the error; who does not, closes it on purpose.
    this.#connected.catch(() => undefined);
    this.#connection.setLocalDescription('offer');
    const sdp = this.#connection.localDescription()?.sdp ?? '';
    const valueOf = (attribute: string): string => {
      const value = new RegExp(`^a=${attribute}(.+?)\\r?$`, 'im').exec(sdp)?.[1];
      if (!value) throw new Error(`The local description has no ${attribute}`);
      return value;
    };
    const fingerprint = valueOf('fingerprint:sha-256 ');
    this.iceParameters = { usernameFragment: valueOf('ice-ufrag:'), password: valueOf('ice-pwd:') };
    this.iceCandidate = valueOf('candidate:');
    this.dtlsParameters = { role: 'client', fingerprints: [{ algorithm: 'sha-256', value: fingerprint }] };
    if (transport) this.connect(transport);
  }

  /** Says where the other end is, if it was not known before. */
  connect(transport: FarEnd): void {
    this.#connection.setRemoteDescription(answerOf(transport), 'answer');
  }

  /** Resolves when packets can be sent. */
  connected(): Promise<void> {
    return this.#connected;
  }

  /** Sends one RTP or RTCP packet. Returns false while the way is not open. */
  send(packet: Buffer): boolean {
    return sendOn(this.#track, packet);
  }

  /** Calls back for each RTP and RTCP packet; the returned function ends that. */
  onPacket(listener: (packet: Buffer) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#listeners.clear();
    this.#connection.close();
  }
}

/** Ends the library's threads, without which the process would not end. After the last test of a file. */
export function closeLibrary(): void {
  cleanup();
}

/** The server's transport as a session description: one line, over which everything goes. */
function answerOf({ iceParameters, iceCandidates, dtlsParameters }: FarEnd): string {
  const fingerprint = dtlsParameters.fingerprints.find(({ algorithm }) => algorithm === 'sha-256');
  if (!fingerprint) throw new Error('The transport has no SHA-256 fingerprint.');
  const candidates = iceCandidates
    .filter(({ protocol }) => protocol === 'udp')
    .map((c) => `a=candidate:${c.foundation} 1 udp ${c.priority} ${c.address} ${c.port} typ ${c.type}`);
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    ...(iceParameters.iceLite ? ['a=ice-lite'] : []),
    'a=group:BUNDLE 0',
    `m=audio 9 UDP/TLS/RTP/SAVPF ${PAYLOAD_TYPE}`,
    'c=IN IP4 127.0.0.1',
    'a=mid:0',
    'a=sendrecv',
    'a=rtcp-mux',
    `a=rtpmap:${PAYLOAD_TYPE} opus/48000/2`,
    `a=ice-ufrag:${iceParameters.usernameFragment}`,
    `a=ice-pwd:${iceParameters.password}`,
    `a=fingerprint:sha-256 ${fingerprint.value}`,
    `a=setup:${dtlsParameters.role === 'client' ? 'active' : 'passive'}`,
    ...candidates,
    'a=end-of-candidates',
    '',
  ].join('\r\n');
}
