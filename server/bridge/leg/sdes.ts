/** SRTP with keys in the session description (RFC 4568); as safe as the way of the description, so use it over WSS. */
import { randomBytes } from 'node:crypto';
import { MediaError, srtpSuites } from '../media/protocol.ts';
import type { SrtpSuite } from '../media/protocol.ts';
import type { RemoteCrypto, RemoteMedia } from '../sdp.ts';
import type { LocalTransport } from './description.ts';
import type { Leg, LegEvents, LegOptions } from './leg.ts';
import { UdpLeg } from './plain.ts';
import type { Protection } from './plain.ts';
import { SrtpKeys, keyBytes } from './srtp.ts';
import { UdpPair } from './udp.ts';

interface LocalKey {
  tag: number;
  suite: SrtpSuite;
  inline: string;
}

/** @throws MediaError `no-port` */
export async function openSdes(options: LegOptions, events: LegEvents): Promise<Leg> {
  return new UdpLeg(await UdpPair.open(options), options, new SdesProtection(), events);
}

class SdesProtection implements Protection {
  readonly kind = 'sdes';
  readonly protocol = 'RTP/SAVP';
  /** What we offered last. */
  #offered: LocalKey[] = [];
  #local: LocalKey | null = null;
  #remoteInline: string | null = null;
  #sending: SrtpKeys | null = null;
  #receiving: SrtpKeys | null = null;

  offer(): LocalTransport['attributes'] {
    // Within a call the agreed key stays: a new one would need both sides to change at the same packet.
    this.#offered = this.#local ? [this.#local] : srtpSuites.map((suite, at) => newKey(at + 1, suite));
    return attributesOf(this.#offered);
  }

  answer(remote: RemoteMedia): LocalTransport['attributes'] {
    for (const { tag, suite, inline } of remote.crypto) {
      const known = srtpSuites.find((one) => one === suite);
      if (!known || !this.#receive(known, inline)) continue;
      if (this.#local?.suite !== known) this.#send(newKey(tag, known));
      // The answer repeats the tag of what it takes (RFC 4568, 5.1.2).
      return attributesOf(this.#local ? [{ ...this.#local, tag }] : []);
    }
    throw new MediaError('unsupported', 'There is no SRTP suite in common.');
  }

  accept(remote: RemoteMedia): void {
    const taken = remote.crypto.find((crypto) => this.#offeredFor(crypto));
    const local = taken && this.#offeredFor(taken);
    if (!local || !this.#receive(local.suite, taken.inline)) {
      throw new MediaError('unsupported', 'The phone took none of the SRTP suites.');
    }
    if (this.#local?.inline !== local.inline) this.#send(local);
  }

  protect(packet: Buffer, rtcp: boolean): Buffer | null {
    return this.#sending?.protect(packet, rtcp) ?? null;
  }

  unprotect(packet: Buffer, rtcp: boolean): Buffer | null {
    return this.#receiving?.unprotect(packet, rtcp) ?? null;
  }

  #offeredFor({ tag, suite }: RemoteCrypto): LocalKey | undefined {
    return this.#offered.find((key) => key.tag === tag && key.suite === suite);
  }

  /** @returns false when the key is none */
  #receive(suite: SrtpSuite, inline: string): boolean {
    if (this.#remoteInline === inline) return true;
    const key = Buffer.from(inline, 'base64');
    if (key.length !== keyBytes(suite)) return false;
    this.#receiving = new SrtpKeys(suite, key);
    this.#remoteInline = inline;
    return true;
  }

  #send(key: LocalKey): void {
    this.#local = key;
    this.#sending = new SrtpKeys(key.suite, Buffer.from(key.inline, 'base64'));
  }
}

function newKey(tag: number, suite: SrtpSuite): LocalKey {
  return { tag, suite, inline: randomBytes(keyBytes(suite)).toString('base64') };
}

function attributesOf(keys: readonly LocalKey[]): LocalTransport['attributes'] {
  return { crypto: keys.map(({ tag, suite, inline }) => ({ id: tag, suite, config: `inline:${inline}` })) };
}
