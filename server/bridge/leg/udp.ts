/** UDP ports for RTP and, beside it, RTCP; and where a phone's packets really come from. */
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { isIP, isIPv6 } from 'node:net';
import { MediaError } from '../media/protocol.ts';
import type { LegOptions } from './leg.ts';

export interface Endpoint {
  address: string;
  port: number;
}

/** Tries for a free pair of ports before giving up. More: a large range may be fuller. Fewer: a full one costs less. */
const MOST_TRIES = 100;

/** Bytes that the kernel holds for us. Higher: a late tick loses nothing. The kernel caps it by itself. */
const SOCKET_BUFFER_BYTES = 262_144;

/** Two sockets: RTP on an even port, RTCP on the odd one above it (RFC 3550, 11). */
export class UdpPair {
  readonly rtp: Socket;
  readonly rtcp: Socket;
  readonly port: number;

  private constructor(rtp: Socket, rtcp: Socket, port: number) {
    this.rtp = rtp;
    this.rtcp = rtcp;
    this.port = port;
  }

  /** @throws MediaError `no-port` when the range, or the host, has none left, or hardly any */
  static async open({ listenIp, ports }: Pick<LegOptions, 'listenIp' | 'ports'>): Promise<UdpPair> {
    for (const wanted of candidates(ports)) {
      const rtp = await bound(listenIp, wanted);
      const port = rtp?.address().port ?? 1;
      const rtcp = rtp && port % 2 === 0 ? await bound(listenIp, port + 1) : null;
      if (rtp && rtcp) return new UdpPair(rtp, rtcp, port);
      rtp?.close();
    }
    throw new MediaError('no-port', 'There is no free pair of UDP ports.');
  }

  close(): void {
    this.rtp.close();
    this.rtcp.close();
  }
}

/** A socket at this address and port (0: any), or null when that is taken. */
export function bound(listenIp: string, port: number): Promise<Socket | null> {
  const socket = createSocket({
    type: isIPv6(listenIp) ? 'udp6' : 'udp4',
    recvBufferSize: SOCKET_BUFFER_BYTES,
    sendBufferSize: SOCKET_BUFFER_BYTES,
    // Only addresses are sent to, which need no look-up on each packet.
    lookup: (host, _options, done) => done(null, host, isIP(host)),
  });
  return new Promise((resolve) => {
    socket.once('error', () => {
      socket.close();
      resolve(null);
    });
    socket.bind(port, listenIp, () => {
      socket.removeAllListeners('error');
      // An ICMP "port unreachable" of a phone that has gone is no event of ours: its packets stop, which is one.
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}

/** @throws MediaError `unsupported` when a host name of the description means nothing */
export async function resolved({ address, port }: Endpoint): Promise<Endpoint> {
  if (isIP(address)) return { address, port };
  try {
    return { address: (await lookup(address)).address, port };
  } catch {
    throw new MediaError('unsupported', 'The address in the session description can not be resolved.');
  }
}

/** Even ports to try, each once, from a random one on: where a call's media is should not be guessed. 0: any. */
function* candidates(ports: LegOptions['ports']): Generator<number> {
  if (!ports) {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) yield 0;
    return;
  }
  const first = ports.min + (ports.min % 2);
  const pairs = Math.floor((ports.max - first + 1) / 2);
  const start = Math.floor(Math.random() * pairs);
  for (let tries = 0; tries < Math.min(pairs, MOST_TRIES); tries += 1) {
    yield first + 2 * ((start + tries) % pairs);
  }
}

/** Packets in a row from one source until it is taken for the phone's, against its description. */
const PACKETS_TO_LEARN = 3;

/**
 * Where to send to: what the description says, until packets show where the phone really is (symmetric RTP: it may
 * be behind a NAT). Once learnt it stays, so that nobody else can draw the call to himself.
 */
export class SymmetricTarget {
  #told: Endpoint | null = null;
  #learnt: Endpoint | null = null;
  #candidate: Endpoint | null = null;
  #count = 0;

  get target(): Endpoint | null {
    return this.#learnt ?? this.#told;
  }

  /** What a description says. A new address or port makes it learn anew. */
  tell(endpoint: Endpoint): void {
    if (this.#told?.address === endpoint.address && this.#told.port === endpoint.port) return;
    this.#told = endpoint;
    this.#learnt = null;
    this.#candidate = null;
    this.#count = 0;
  }

  /** Whether a packet from there is to be taken; learns from it. */
  accepts(source: Endpoint): boolean {
    if (this.#learnt) return same(this.#learnt, source);
    this.#count = this.#candidate && same(this.#candidate, source) ? this.#count + 1 : 1;
    this.#candidate = { address: source.address, port: source.port };
    const asTold = this.#told !== null && same(this.#told, source);
    if (asTold || this.#count >= PACKETS_TO_LEARN) this.#learnt = this.#candidate;
    return true;
  }
}

function same(a: Endpoint, b: Endpoint): boolean {
  return a.port === b.port && a.address === b.address;
}
