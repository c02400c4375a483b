/**
 * ICE and DTLS-SRTP (RFC 8445, RFC 5764) by node-datachannel, which is used as a transport alone: it sees
 * descriptions of one line, made here, and never the phone's or ours.
 *
 * It also sees the phone's as an offer, always, and opens its port only then. A connection that has made an offer is
 * reached while it waits for the answer; it gives the answer to ICE before it keeps the fingerprint, and a handshake
 * that ends between the two is refused. So our offers are made here, too, and their port is held until the answer.
 */
import { randomBytes } from 'node:crypto';
import { Audio, PeerConnection } from 'node-datachannel';
import type { Track } from 'node-datachannel';
import { MediaError } from '../media/protocol.ts';
import type { RemoteMedia } from '../sdp.ts';
import type { Certificate } from './certificate.ts';
import type { LocalTransport } from './description.ts';
import { isRtcp } from './leg.ts';
import type { Leg, LegEvents, LegOptions } from './leg.ts';
import { UdpPair } from './udp.ts';

/** Any will do: the library passes packets of all payload types. */
const PAYLOAD_TYPE = 111;
const MID = '0';

/** Of a host candidate that is the only one (RFC 8445, 5.1.2.1). */
const PRIORITY = 2 ** 24 * 126 + 2 ** 8 * 65_535 + 255;

export function openDtls(options: LegOptions, events: LegEvents): Leg {
  return new DtlsLeg(options, events);
}

/** How the phone reaches us, and who we are: what our description says, and what it leaves out. */
interface Local {
  port: number;
  iceUfrag: string;
  icePwd: string;
  certificate: Certificate;
}

interface Connection {
  peer: PeerConnection;
  track: Track;
}

class DtlsLeg implements Leg {
  readonly kind = 'dtls';
  readonly #options: LegOptions;
  readonly #events: LegEvents;
  #local: Local | null = null;
  /** Holds our port until the library opens it. */
  #reserved: UdpPair | null = null;
  #connection: Connection | null = null;
  /** Of the phone's descriptions taken so far, the last one's: a new one is an ICE restart. */
  #remoteUsername: string | null = null;
  #protocol = 'UDP/TLS/RTP/SAVPF';
  /** Our part in the DTLS handshake, once it is settled; later answers repeat it. */
  #role: 'active' | 'passive' = 'active';
  #closed = false;

  constructor(options: LegOptions, events: LegEvents) {
    this.#options = options;
    this.#events = events;
  }

  async offer(): Promise<LocalTransport> {
    this.#local ??= await this.#prepare();
    return this.#describe(this.#local, 'actpass');
  }

  async answer(remote: RemoteMedia): Promise<LocalTransport> {
    const { ice } = needed(remote);
    if (this.#local && this.#remoteUsername === ice.usernameFragment) {
      return this.#describe(this.#local, this.#role);
    }
    this.#protocol = remote.lines[remote.index]?.protocol ?? this.#protocol;
    // The library restarts no ICE: the phone gets a new connection.
    const local = await this.#prepare();
    this.#connect(local, remote, ice.lite);
    return this.#describe(local, this.#role);
  }

  async accept(remote: RemoteMedia): Promise<void> {
    const { ice } = needed(remote);
    if (!this.#local) throw new MediaError('wrong-state', 'There was no offer.');
    if (this.#remoteUsername === ice.usernameFragment) return;
    if (this.#remoteUsername !== null) {
      throw new MediaError('unsupported', 'The phone restarted ICE in an answer.');
    }
    this.#connect(this.#local, remote, true);
  }

  sendRtp(packet: Buffer): void {
    const track = this.#connection?.track;
    if (track?.isOpen()) track.sendMessageBinary(packet);
  }

  sendRtcp(packet: Buffer): void {
    this.sendRtp(packet);
  }

  close(): void {
    this.#closed = true;
    this.#use(null);
    this.#reserve(null);
  }

  #use(connection: Connection | null): void {
    const last = this.#connection;
    this.#connection = connection;
    last?.peer.close();
  }

  #reserve(pair: UdpPair | null): void {
    this.#reserved?.close();
    this.#reserved = pair;
  }

  async #prepare(): Promise<Local> {
    const certificate = await this.#options.certificates.get();
    const reserved = await UdpPair.open(this.#options);
    if (this.#closed) {
      reserved.close();
      throw new MediaError('unknown-call', 'The call was closed meanwhile.');
    }
    this.#reserve(reserved);
    return {
      port: reserved.port,
      // Base 64 has just the characters that ICE allows (RFC 8839, 5.4).
      iceUfrag: randomBytes(6).toString('base64'),
      icePwd: randomBytes(18).toString('base64'),
      certificate,
    };
  }

  /**
   * What there was before goes on when this fails.
   * @param controlling whether we choose the way that media takes: who offers does, or whose phone is lite
   */
  #connect(local: Local, remote: RemoteMedia, controlling: boolean): void {
    this.#reserve(null);
    const { port, iceUfrag, icePwd, certificate } = local;
    const peer = new PeerConnection('phone', {
      iceServers: [],
      bindAddress: this.#options.listenIp,
      disableAutoNegotiation: true,
      portRangeBegin: port,
      portRangeEnd: port,
      certificatePemFile: certificate.cert,
      keyPemFile: certificate.key,
    });
    const audio = new Audio(MID, 'SendRecv');
    audio.addOpusCodec(PAYLOAD_TYPE);
    const connection = { peer, track: peer.addTrack(audio) };
    connection.track.onMessage((packet) => {
      if (this.#connection !== connection) return;
      if (isRtcp(packet)) this.#events.onRtcp(packet);
      else this.#events.onRtp(packet);
    });
    peer.onStateChange((state) => {
      if (this.#connection !== connection || (state !== 'failed' && state !== 'closed')) return;
      this.#use(null);
      this.#events.onFailed(`The DTLS transport is ${state}.`);
    });
    attempt(peer, new MediaError('unsupported', 'The phone can not be reached as it says.'), () =>
      peer.setRemoteDescription(asOffer(remote, controlling), 'offer'),
    );
    attempt(peer, new MediaError('no-port', 'The port that was held is taken.'), () =>
      peer.setLocalDescription('answer', { iceUfrag, icePwd }),
    );
    this.#use(connection);
    this.#local = local;
    this.#remoteUsername = needed(remote).ice.usernameFragment;
    this.#role = remote.setup === 'active' ? 'passive' : 'active';
  }

  #describe({ port, iceUfrag, icePwd, certificate }: Local, setup: string): LocalTransport {
    const address = this.#options.announcedAddress ?? this.#options.listenIp;
    return {
      protocol: this.#protocol,
      address,
      port,
      rtcpMux: true,
      attributes: {
        iceUfrag,
        icePwd,
        fingerprint: { type: 'sha-256', hash: certificate.fingerprint },
        setup,
        candidates: [
          {
            foundation: '1',
            component: 1,
            transport: 'UDP',
            priority: PRIORITY,
            ip: address,
            port,
            type: 'host',
          },
        ],
        endOfCandidates: 'end-of-candidates',
      },
    };
  }
}

/** The library throws errors without a name. */
function attempt(peer: PeerConnection, error: MediaError, step: () => void): void {
  try {
    step();
  } catch {
    peer.close();
    throw error;
  }
}

function needed({ ice, fingerprint }: RemoteMedia): {
  ice: NonNullable<RemoteMedia['ice']>;
  fingerprint: NonNullable<RemoteMedia['fingerprint']>;
} {
  if (!ice || !fingerprint) throw new MediaError('unsupported', 'ICE or the DTLS fingerprint is missing.');
  return { ice, fingerprint };
}

/** @param controlling the library takes that part beside someone who is lite, and asks nothing else of the word */
function asOffer(remote: RemoteMedia, controlling: boolean): string {
  const { ice, fingerprint } = needed(remote);
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    ...(controlling ? ['a=ice-lite'] : []),
    `a=group:BUNDLE ${MID}`,
    `m=audio 9 UDP/TLS/RTP/SAVPF ${PAYLOAD_TYPE}`,
    'c=IN IP4 0.0.0.0',
    `a=mid:${MID}`,
    'a=sendrecv',
    'a=rtcp-mux',
    `a=rtpmap:${PAYLOAD_TYPE} opus/48000/2`,
    `a=ice-ufrag:${ice.usernameFragment}`,
    `a=ice-pwd:${ice.password}`,
    `a=fingerprint:${fingerprint.algorithm} ${fingerprint.value}`,
    `a=setup:${remote.setup}`,
    ...ice.candidates.map((candidate) => `a=candidate:${candidate}`),
    'a=end-of-candidates',
    '',
  ].join('\r\n');
}
