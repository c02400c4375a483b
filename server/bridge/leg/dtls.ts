/**
 * ICE and DTLS-SRTP (RFC 8445, RFC 5764) by node-datachannel, which is used as a transport alone: it sees
 * descriptions of one line, made here, and never the phone's or ours.
 */
import { Audio, PeerConnection } from 'node-datachannel';
import type { Track } from 'node-datachannel';
import { parse } from 'sdp-transform';
import { MediaError } from '../media/protocol.ts';
import type { RemoteMedia } from '../sdp.ts';
import type { LocalTransport } from './description.ts';
import { isRtcp } from './leg.ts';
import type { Leg, LegEvents, LegOptions } from './leg.ts';

/** How long addresses of this host may take to be gathered, in ms; they take one or two. */
const LONGEST_GATHERING_MS = 1_000;

/** Any will do: the library passes packets of all payload types. */
const PAYLOAD_TYPE = 111;
const MID = '0';

export function openDtls(options: LegOptions, events: LegEvents): Leg {
  return new DtlsLeg(options, events);
}

interface Connection {
  peer: PeerConnection;
  track: Track;
}

class DtlsLeg implements Leg {
  readonly kind = 'dtls';
  readonly #options: LegOptions;
  readonly #events: LegEvents;
  #connection: Connection | null = null;
  /** Of the phone's descriptions taken so far, the last one's: a new one is an ICE restart. */
  #remoteUsername: string | null = null;
  #local: LocalTransport | null = null;
  #protocol = 'UDP/TLS/RTP/SAVPF';
  /** Our part in the DTLS handshake, once it is settled; later answers repeat it. */
  #role = 'active';

  constructor(options: LegOptions, events: LegEvents) {
    this.#options = options;
    this.#events = events;
  }

  async offer(): Promise<LocalTransport> {
    if (this.#local) return withSetup(this.#local, 'actpass');
    const { peer } = this.#connect();
    peer.setLocalDescription('offer');
    return this.#gathered(peer, this.#protocol);
  }

  async answer(remote: RemoteMedia): Promise<LocalTransport> {
    const { ice } = needed(remote);
    if (this.#local && this.#remoteUsername === ice.usernameFragment) {
      return withSetup(this.#local, this.#role);
    }
    this.#protocol = remote.lines[remote.index]?.protocol ?? this.#protocol;
    // The library restarts no ICE: the phone gets a new connection.
    const { peer } = this.#connect();
    this.#remoteUsername = ice.usernameFragment;
    apply(peer, () => {
      peer.setRemoteDescription(asDescription(remote), 'offer');
      peer.setLocalDescription('answer');
    });
    const local = await this.#gathered(peer, this.#protocol);
    this.#role = local.attributes.setup ?? 'active';
    return local;
  }

  async accept(remote: RemoteMedia): Promise<void> {
    const { ice } = needed(remote);
    const peer = this.#connection?.peer;
    if (!peer) throw new MediaError('wrong-state', 'There was no offer.');
    if (this.#remoteUsername === ice.usernameFragment) return;
    if (this.#remoteUsername !== null) {
      throw new MediaError('unsupported', 'The phone restarted ICE in an answer.');
    }
    this.#remoteUsername = ice.usernameFragment;
    this.#role = remote.setup === 'active' ? 'passive' : 'active';
    apply(peer, () => peer.setRemoteDescription(asDescription(remote), 'answer'));
  }

  sendRtp(packet: Buffer): void {
    const track = this.#connection?.track;
    if (track?.isOpen()) track.sendMessageBinary(packet);
  }

  sendRtcp(packet: Buffer): void {
    this.sendRtp(packet);
  }

  close(): void {
    const connection = this.#connection;
    this.#connection = null;
    connection?.peer.close();
  }

  #connect(): Connection {
    this.close();
    const { listenIp, ports } = this.#options;
    const peer = new PeerConnection('phone', {
      iceServers: [],
      bindAddress: listenIp,
      disableAutoNegotiation: true,
      ...(ports ? { portRangeBegin: ports.min, portRangeEnd: ports.max } : {}),
    });
    const audio = new Audio(MID, 'SendRecv');
    audio.addOpusCodec(PAYLOAD_TYPE);
    const track = peer.addTrack(audio);
    const connection = { peer, track };
    track.onMessage((packet) => {
      if (this.#connection !== connection) return;
      if (isRtcp(packet)) this.#events.onRtcp(packet);
      else this.#events.onRtp(packet);
    });
    peer.onStateChange((state) => {
      if (this.#connection !== connection) return;
      if (state === 'failed' || state === 'closed') this.#events.onFailed(`The DTLS transport is ${state}.`);
    });
    this.#connection = connection;
    return connection;
  }

  async #gathered(peer: PeerConnection, protocol: string): Promise<LocalTransport> {
    if (peer.gatheringState() !== 'complete') {
      await new Promise<void>((resolve) => {
        const late = setTimeout(resolve, LONGEST_GATHERING_MS);
        peer.onGatheringStateChange((state) => {
          if (state !== 'complete') return;
          clearTimeout(late);
          resolve();
        });
      });
    }
    const description = parse(peer.localDescription()?.sdp ?? '');
    const media = description.media[0];
    // In its answers the library writes it for the whole session.
    const fingerprint = media?.fingerprint ?? description.fingerprint;
    const { announcedAddress, listenIp } = this.#options;
    const address = announcedAddress ?? listenIp;
    const candidates = (media?.candidates ?? []).map((one) => ({ ...one, ip: announcedAddress ?? one.ip }));
    const first = candidates[0];
    if (!media?.iceUfrag || !media.icePwd || !fingerprint || !first) {
      throw new MediaError('no-port', 'No address could be gathered for ICE.');
    }
    this.#local = {
      protocol,
      address,
      port: first.port,
      rtcpMux: true,
      attributes: {
        iceUfrag: media.iceUfrag,
        icePwd: media.icePwd,
        fingerprint,
        setup: media.setup ?? 'actpass',
        candidates,
        endOfCandidates: 'end-of-candidates',
      },
    };
    return this.#local;
  }
}

function withSetup(local: LocalTransport, setup: string): LocalTransport {
  return { ...local, attributes: { ...local.attributes, setup } };
}

function needed({ ice, fingerprint }: RemoteMedia): {
  ice: NonNullable<RemoteMedia['ice']>;
  fingerprint: NonNullable<RemoteMedia['fingerprint']>;
} {
  if (!ice || !fingerprint) throw new MediaError('unsupported', 'ICE or the DTLS fingerprint is missing.');
  return { ice, fingerprint };
}

function asDescription(remote: RemoteMedia): string {
  const { ice, fingerprint } = needed(remote);
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    ...(ice.lite ? ['a=ice-lite'] : []),
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

/** The library throws what the phone's description makes it throw. */
function apply(peer: PeerConnection, change: () => void): void {
  try {
    change();
  } catch {
    peer.close();
    throw new MediaError('unsupported', 'The DTLS transport can not be made of this description.');
  }
}
