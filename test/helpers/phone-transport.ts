/** How a test's telephone sends and receives packets: UDP in the clear, UDP with keys in the SDP, or ICE and DTLS. */
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import type { PeerConnection, Track } from 'node-datachannel';
import { parse } from 'sdp-transform';
import { SrtpKeys } from '../../server/bridge/leg/srtp.ts';
import type { LegKind } from '../../server/bridge/media/protocol.ts';
import { openPeer, sendOn } from './track.ts';

export interface PhoneTransport {
  /** The lines of a description that say how to reach the phone. */
  readonly protocol: string;
  readonly port: number;
  readonly lines: string[];
  /** Takes the bridge's description, its answer or its offer. */
  connect(sdp: string, type: 'offer' | 'answer'): void;
  send(packet: Buffer): void;
  close(): void;
}

export async function openTransport(
  kind: LegKind,
  onPacket: (packet: Buffer) => void,
): Promise<PhoneTransport> {
  if (kind === 'dtls') return new DtlsTransport(onPacket);
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return new UdpTransport(socket, kind === 'sdes', onPacket);
}

const SUITE = 'AES_CM_128_HMAC_SHA1_80';

class UdpTransport implements PhoneTransport {
  readonly protocol: string;
  readonly lines: string[];
  readonly #socket: Socket;
  readonly #key = randomBytes(30);
  readonly #secure: boolean;
  #remote: { address: string; port: number } | null = null;
  #sending: SrtpKeys | null = null;
  #receiving: SrtpKeys | null = null;

  constructor(socket: Socket, secure: boolean, onPacket: (packet: Buffer) => void) {
    this.#socket = socket;
    this.#secure = secure;
    this.protocol = secure ? 'RTP/SAVP' : 'RTP/AVP';
    this.lines = secure ? [`a=crypto:1 ${SUITE} inline:${this.#key.toString('base64')}`] : [];
    socket.on('message', (packet) => {
      const clear = this.#receiving ? this.#receiving.unprotect(packet, false) : packet;
      if (clear) onPacket(clear);
    });
  }

  get port(): number {
    return this.#socket.address().port;
  }

  connect(sdp: string): void {
    const session = parse(sdp);
    const audio = session.media[0]!;
    this.#remote = { address: audio.connection?.ip ?? session.connection!.ip, port: audio.port };
    const crypto = audio.crypto?.find(({ suite }) => suite === SUITE);
    if (!this.#secure || !crypto) return;
    this.#sending ??= new SrtpKeys(SUITE, this.#key);
    this.#receiving = new SrtpKeys(SUITE, Buffer.from(crypto.config.replace('inline:', ''), 'base64'));
  }

  send(packet: Buffer): void {
    if (!this.#remote || (this.#secure && !this.#sending)) return;
    const { address, port } = this.#remote;
    this.#socket.send(this.#sending?.protect(packet, false) ?? packet, port, address);
  }

  close(): void {
    this.#socket.close();
  }
}

class DtlsTransport implements PhoneTransport {
  readonly protocol = 'UDP/TLS/RTP/SAVPF';
  readonly port = 9;
  readonly #connection: PeerConnection;
  readonly #track: Track;

  constructor(onPacket: (packet: Buffer) => void) {
    ({ peer: this.#connection, track: this.#track } = openPeer('phone'));
    this.#track.onMessage(onPacket);
  }

  /**
   * An offer tells no candidates: the bridge would check them before the phone has its answer, and the library closes
   * a connection whose handshake ends while it is still taking the answer. The phone finds the bridge instead.
   */
  get lines(): string[] {
    if (!this.#connection.localDescription()) this.#connection.setLocalDescription('offer');
    const { sdp = '', type } = this.#connection.localDescription() ?? {};
    const wanted = /^a=(ice-ufrag|ice-pwd|fingerprint|setup|candidate|rtcp-mux|mid)\b/;
    const lines = sdp.split('\r\n').filter((line) => wanted.test(line));
    return type === 'offer' ? lines.filter((line) => !line.startsWith('a=candidate:')) : lines;
  }

  connect(sdp: string, type: 'offer' | 'answer'): void {
    if (this.#connection.remoteDescription()) return;
    this.#connection.setRemoteDescription(sdp, type);
    if (type === 'offer') this.#connection.setLocalDescription('answer');
  }

  send(packet: Buffer): void {
    sendOn(this.#track, packet);
  }

  close(): void {
    this.#connection.close();
  }
}
