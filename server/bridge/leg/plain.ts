/** RTP over UDP: in the clear, or with what `Protection` makes of it. Symmetric, as most phones are behind a NAT. */
import type { RemoteInfo } from 'node:dgram';
import type { LegKind } from '../media/protocol.ts';
import type { RemoteMedia } from '../sdp.ts';
import type { LocalTransport } from './description.ts';
import { isRtcp } from './leg.ts';
import type { Leg, LegEvents, LegOptions } from './leg.ts';
import { SymmetricTarget, UdpPair, resolved } from './udp.ts';

/** What is done to packets on their way; nothing, for plain RTP. */
export interface Protection {
  readonly kind: LegKind;
  readonly protocol: string;
  /** Keys for an offer of ours. */
  offer(): LocalTransport['attributes'];
  /** Takes the phone's keys. @returns ours, for the answer @throws MediaError `unsupported` */
  answer(remote: RemoteMedia): LocalTransport['attributes'];
  /** Takes the phone's keys. @throws MediaError `unsupported` */
  accept(remote: RemoteMedia): void;
  /** @returns null when it can not be sent now */
  protect(packet: Buffer, rtcp: boolean): Buffer | null;
  /** @returns null when it is not the phone's */
  unprotect(packet: Buffer, rtcp: boolean): Buffer | null;
}

const NONE: Protection = {
  kind: 'plain',
  protocol: 'RTP/AVP',
  offer: () => ({}),
  answer: () => ({}),
  accept: () => undefined,
  protect: (packet) => packet,
  unprotect: (packet) => packet,
};

/** @throws MediaError `no-port` */
export async function openPlain(options: LegOptions, events: LegEvents): Promise<Leg> {
  return new UdpLeg(await UdpPair.open(options), options, NONE, events);
}

export class UdpLeg implements Leg {
  readonly kind: LegKind;
  readonly #sockets: UdpPair;
  readonly #address: string;
  readonly #protection: Protection;
  readonly #events: LegEvents;
  readonly #rtp = new SymmetricTarget();
  readonly #rtcp = new SymmetricTarget();
  #protocol: string;
  #rtcpMux = false;
  #closed = false;

  constructor(sockets: UdpPair, options: LegOptions, protection: Protection, events: LegEvents) {
    this.kind = protection.kind;
    this.#sockets = sockets;
    this.#address = options.announcedAddress ?? options.listenIp;
    this.#protection = protection;
    this.#protocol = protection.protocol;
    this.#events = events;
    sockets.rtp.on('message', (packet, source) => this.#received(packet, source, isRtcp(packet)));
    sockets.rtcp.on('message', (packet, source) => this.#received(packet, source, true));
  }

  async offer(): Promise<LocalTransport> {
    return this.#local(this.#protection.offer());
  }

  async answer(remote: RemoteMedia): Promise<LocalTransport> {
    const attributes = this.#protection.answer(remote);
    this.#protocol = remote.lines[remote.index]?.protocol ?? this.#protocol;
    await this.#tell(remote);
    return this.#local(attributes);
  }

  async accept(remote: RemoteMedia): Promise<void> {
    this.#protection.accept(remote);
    await this.#tell(remote);
  }

  sendRtp(packet: Buffer): void {
    const to = this.#rtp.target;
    const protectedPacket = to ? this.#protection.protect(packet, false) : null;
    if (!to || !protectedPacket || this.#closed) return;
    this.#sockets.rtp.send(protectedPacket, to.port, to.address);
  }

  sendRtcp(packet: Buffer): void {
    const to = this.#rtcpMux ? this.#rtp.target : this.#rtcp.target;
    const protectedPacket = to ? this.#protection.protect(packet, true) : null;
    if (!to || !protectedPacket || this.#closed) return;
    const socket = this.#rtcpMux ? this.#sockets.rtp : this.#sockets.rtcp;
    socket.send(protectedPacket, to.port, to.address);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#sockets.close();
  }

  #local(attributes: LocalTransport['attributes']): LocalTransport {
    return {
      protocol: this.#protocol,
      address: this.#address,
      port: this.#sockets.port,
      rtcpMux: this.#rtcpMux,
      attributes,
    };
  }

  async #tell(remote: RemoteMedia): Promise<void> {
    this.#rtcpMux = remote.rtcpMux;
    // An address of zeros is a hold: packets stay away by the direction, and the phone is where it was.
    if (remote.address === '0.0.0.0') return;
    this.#rtp.tell(await resolved(remote));
    this.#rtcp.tell(await resolved(remote.rtcp));
  }

  #received(packet: Buffer, source: RemoteInfo, rtcp: boolean): void {
    const clear = this.#protection.unprotect(packet, rtcp);
    if (!clear || clear.length < 8 || (clear[0] ?? 0) >> 6 !== 2) return;
    if (rtcp) {
      if (this.#rtcpMux || this.#rtcp.accepts(source)) this.#events.onRtcp(clear);
    } else if (this.#rtp.accepts(source)) {
      this.#events.onRtp(clear);
    }
  }
}
