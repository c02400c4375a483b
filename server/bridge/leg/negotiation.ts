/**
 * Offers and answers of one call (RFC 3264), over whichever leg they agree on. What was agreed is data; the packets
 * go through the leg.
 */
import { MediaError } from '../media/protocol.ts';
import type { CallOptions, CodecName, Direction, LegKind } from '../media/protocol.ts';
import { randomUint32 } from '../media/rtp.ts';
import { readDescription } from '../sdp.ts';
import type { RemoteMedia } from '../sdp.ts';
import { offeredFormats, writeDescription } from './description.ts';
import type { LocalFormats, LocalTransport } from './description.ts';
import { openDtls } from './dtls.ts';
import type { Leg, LegEvents, LegOptions } from './leg.ts';
import { openPlain } from './plain.ts';
import { openSdes } from './sdes.ts';

/** What both sides have agreed on. */
export interface Agreement {
  codec: CodecName;
  /** What we send it as. */
  payloadType: number;
  /** What the phone sends it as, when that differs. */
  receivedPayloadType: number;
  /** Telephone events; the phone may send them with more clocks than the one that we use. */
  digits: { payloadType: number; clockRate: number } | null;
  digitPayloadTypes: readonly number[];
  comfortNoise: number | null;
  levelExtensionId: number | null;
  /** Ours: `sendrecv` is a conversation, anything else a hold by one side or both. */
  direction: Direction;
}

export class Negotiation {
  readonly #options: CallOptions & LegOptions;
  readonly #events: LegEvents;
  readonly #sessionId = randomUint32();
  #version = 0;
  #leg: Leg | null = null;
  #agreement: Agreement | null = null;
  /** The offer of ours that is not answered yet. */
  #offered: { formats: LocalFormats; direction: Direction } | null = null;
  #closed = false;

  constructor(options: CallOptions & LegOptions, events: LegEvents) {
    this.#options = options;
    this.#events = events;
  }

  get leg(): Leg | null {
    return this.#leg;
  }

  get agreement(): Agreement | null {
    return this.#agreement;
  }

  /** @throws MediaError `no-port`, or `wrong-state` when the call already has another kind of leg */
  async offer(kind: LegKind, direction: Direction): Promise<string> {
    const leg = await this.#legOf(kind);
    const transport = await leg.offer();
    const formats = this.#agreement ? agreedFormats(this.#agreement) : offeredFormats(this.#options.codecs);
    this.#offered = { formats, direction };
    return this.#write(transport, formats, direction, null);
  }

  /** @throws MediaError `malformed`, `unsupported`, `no-port` */
  async answer(
    sdp: string,
    direction: Direction,
  ): Promise<{ sdp: string; kind: LegKind; remoteDirection: Direction }> {
    const remote = readDescription(sdp);
    const codec = this.#options.codecs
      .map((name) => remote.codecs.find((one) => one.name === name))
      .find((one) => one !== undefined);
    if (!codec) throw new MediaError('unsupported', 'There is no codec in common.');
    const leg = await this.#legOf(remote.kind);
    const transport = await leg.answer(remote);
    const agreement = agree(remote, codec, codec.payloadType, answered(direction, remote.direction));
    this.#agreement = agreement;
    this.#offered = null;
    return {
      sdp: this.#write(transport, agreedFormats(agreement), agreement.direction, remote),
      kind: leg.kind,
      remoteDirection: remote.direction,
    };
  }

  /** @throws MediaError `malformed`, `unsupported`, or `wrong-state` without an offer */
  async accept(sdp: string): Promise<{ remoteDirection: Direction }> {
    const offered = this.#offered;
    const leg = this.#leg;
    if (!offered || !leg) throw new MediaError('wrong-state', 'There was no offer to be answered.');
    const remote = readDescription(sdp);
    const codec = remote.codecs.find(({ name }) => offered.formats.codecs.some((one) => one.name === name));
    const ours = offered.formats.codecs.find(({ name }) => name === codec?.name);
    if (!codec || !ours || remote.kind !== leg.kind) {
      throw new MediaError('unsupported', 'The answer does not fit the offer.');
    }
    await leg.accept(remote);
    const direction = answered(offered.direction, remote.direction);
    this.#agreement = agree(remote, codec, ours.payloadType, direction);
    return { remoteDirection: remote.direction };
  }

  /** Idempotent. */
  close(): void {
    this.#closed = true;
    this.#leg?.close();
  }

  async #legOf(kind: LegKind): Promise<Leg> {
    if (this.#leg) {
      if (this.#leg.kind === kind) return this.#leg;
      throw new MediaError('unsupported', `The call is ${this.#leg.kind} and can not become ${kind}.`);
    }
    const open = { plain: openPlain, sdes: openSdes, dtls: openDtls }[kind];
    const leg = await open(this.#options, this.#events);
    if (this.#closed) {
      leg.close();
      throw new MediaError('unknown-call', 'The call was closed meanwhile.');
    }
    this.#leg = leg;
    return leg;
  }

  #write(
    transport: LocalTransport,
    formats: LocalFormats,
    direction: Direction,
    inReplyTo: RemoteMedia | null,
  ): string {
    this.#version += 1;
    const origin = { sessionId: this.#sessionId, version: this.#version };
    return writeDescription(origin, transport, formats, direction, inReplyTo);
  }
}

function agree(
  remote: RemoteMedia,
  codec: { name: CodecName; payloadType: number },
  receivedPayloadType: number,
  direction: Direction,
): Agreement {
  const clockRate = codec.name === 'opus' ? 48_000 : 8_000;
  return {
    codec: codec.name,
    payloadType: codec.payloadType,
    receivedPayloadType,
    digits: remote.digits.find((one) => one.clockRate === clockRate) ?? remote.digits[0] ?? null,
    digitPayloadTypes: remote.digits.map(({ payloadType }) => payloadType),
    comfortNoise: codec.name === 'opus' ? null : remote.comfortNoise,
    levelExtensionId: remote.levelExtensionId,
    direction,
  };
}

function agreedFormats(agreement: Agreement): LocalFormats {
  const { codec, receivedPayloadType, digits, comfortNoise, levelExtensionId } = agreement;
  return {
    codecs: [{ name: codec, payloadType: receivedPayloadType }],
    digits: digits ? [digits] : [],
    comfortNoise,
    levelExtensionId,
  };
}

/** Our direction, of what we want and what the phone says of itself. */
function answered(wanted: Direction, remote: Direction): Direction {
  const send = sends(wanted) && receives(remote);
  const receive = receives(wanted) && sends(remote);
  if (send && receive) return 'sendrecv';
  return send ? 'sendonly' : receive ? 'recvonly' : 'inactive';
}

export function sends(direction: Direction): boolean {
  return direction === 'sendrecv' || direction === 'sendonly';
}

export function receives(direction: Direction): boolean {
  return direction === 'sendrecv' || direction === 'recvonly';
}
