/** One call's media: what was agreed with the phone, what comes from it, what it hears, and its place in a room. */
import type { CertificateShelf } from '../leg/certificate.ts';
import { Negotiation } from '../leg/negotiation.ts';
import type { Agreement } from '../leg/negotiation.ts';
import { openDecoder, openEncoder } from './codec.ts';
import { Downlink } from './downlink.ts';
import { InbandDigits } from './inband.ts';
import { Incoming } from './incoming.ts';
import { Source } from './mix.ts';
import type { Mix } from './mix.ts';
import { openTelephoneEncoder } from './opus.ts';
import { MediaError } from './protocol.ts';
import type { CallOptions, CallStats, Direction, LegKind, MediaEvent } from './protocol.ts';
import { readReport, writeReport } from './rtcp.ts';
import { randomUint32 } from './rtp.ts';
import type { Room } from './room.ts';
import { EncodedUplink, PassedUplink } from './uplink.ts';
import type { Uplink } from './uplink.ts';
import { Voice } from './voice.ts';

/** How often reports go to the phone, in ms (RFC 3550, 6.2). */
const REPORT_MS = 5_000;

export interface CallEnvironment {
  /** In ms; only goes forwards. */
  clock(): number;
  tell(event: MediaEvent): void;
  /** What a caller without a room hears. */
  nowhere: Mix;
  certificates: CertificateShelf;
}

/** A room, and what the caller's voice is called there. */
export interface Place {
  room: Room;
  ssrc: number;
}

export class Call {
  readonly id: string;
  readonly downlink: Downlink;
  readonly #options: CallOptions;
  readonly #environment: CallEnvironment;
  readonly #negotiation: Negotiation;
  readonly #incoming: Incoming;
  readonly #inband = new InbandDigits();
  readonly #ssrc = randomUint32();
  #source: Source | null = null;
  #applied: Agreement | null = null;
  #place: Place | null = null;
  #uplink: Uplink | null = null;
  #muted = false;
  #held = false;
  #remote: Pick<CallStats, 'remotePacketsLost' | 'remoteJitterMs' | 'roundTripMs'> = {
    remotePacketsLost: null,
    remoteJitterMs: null,
    roundTripMs: null,
  };
  #heard = { lastReport: 0, at: 0 };
  #reportAt = 0;
  /** One change of the call's media after the other. */
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(id: string, options: CallOptions, environment: CallEnvironment) {
    this.id = id;
    this.#options = options;
    this.#environment = environment;
    this.#negotiation = new Negotiation(
      { ...options, certificates: environment.certificates },
      {
        onRtp: (packet) => this.#incoming.receive(packet, environment.clock()),
        onRtcp: (packet) => this.#reported(packet),
        onFailed: (reason) => this.#tell({ event: 'legFailed', callId: id, reason }),
      },
    );
    this.#incoming = new Incoming({
      onDigit: (digit) => this.#tell({ event: 'digit', callId: id, digit, via: 'rtp' }),
      onVoice: (packet, level, now) => {
        if (this.#isSent) this.#uplink?.pass(packet, level, now);
      },
      onArrived: () => this.#tell({ event: 'mediaArrived', callId: id }),
      onLost: () => this.#tell({ event: 'mediaLost', callId: id }),
    });
    this.downlink = new Downlink(this.#ssrc, {
      send: (packet) => this.#negotiation.leg?.sendRtp(packet),
      onPromptEnded: (playId, whole) => this.#tell({ event: 'promptEnded', callId: id, playId, whole }),
    });
    environment.nowhere.listeners.add(this.downlink);
  }

  offer(kind: LegKind, direction: Direction): Promise<{ sdp: string }> {
    return this.#next(async () => ({ sdp: await this.#negotiation.offer(kind, direction) }));
  }

  answer(
    sdp: string,
    direction: Direction,
  ): Promise<{ sdp: string; kind: LegKind; remoteDirection: Direction }> {
    return this.#next(async () => {
      const answer = await this.#negotiation.answer(sdp, direction);
      await this.#apply();
      return answer;
    });
  }

  accept(sdp: string): Promise<{ remoteDirection: Direction }> {
    return this.#next(async () => {
      const accepted = await this.#negotiation.accept(sdp);
      await this.#apply();
      return accepted;
    });
  }

  /** In a room, or in none. */
  place(place: Place | null): Promise<void> {
    return this.#next(async () => {
      this.#leave();
      // The room may have been closed while what was asked before was done.
      this.#place = place?.room.isClosed === true ? null : place;
      await this.#enter();
    });
  }

  /** When the room is closed: at once, whatever the call is busy with. */
  leaveRoom(room: Room): void {
    if (this.#place?.room !== room) return;
    this.#leave();
    this.#place = null;
    this.#settle();
  }

  setMuted(muted: boolean): void {
    this.#muted = muted;
    this.#settle();
  }

  setHeld(held: boolean): void {
    this.#held = held;
    this.#settle();
  }

  /** Once a frame, after the mixes. @param now in ms */
  afterFrame(now: number): void {
    const source = this.#source;
    if (source && !this.#place) {
      source.advance(now);
      source.render(false);
    }
    if (source && this.#options.inbandDigits) {
      const digit = this.#inband.hear(source.frame);
      if (digit !== null) this.#tell({ event: 'digit', callId: this.id, digit, via: 'inband' });
    }
    this.#uplink?.speak(this.#isSent && source ? source.frame : null);
    this.#incoming.check(now);
    if (now >= this.#reportAt) this.#report(now);
  }

  stats(): CallStats {
    const { reception } = this.#incoming;
    return {
      kind: this.#negotiation.leg?.kind ?? null,
      codec: this.#applied?.codec ?? null,
      packetsReceived: reception.packetsReceived,
      packetsSent: this.downlink.stream.packets,
      packetsLost: reception.packetsLost,
      jitterMs: reception.jitterMs,
      ...this.#remote,
      bufferMs: this.#source?.voice.bufferMs ?? 0,
    };
  }

  /** Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#leave();
    this.#environment.nowhere.listeners.delete(this.downlink);
    this.downlink.close();
    this.#incoming.close();
    this.#source?.voice.close();
    this.#negotiation.close();
  }

  /** Whether the room is to hear the caller. */
  get #speaks(): boolean {
    return !this.#muted && !this.#held && this.#applied?.direction === 'sendrecv';
  }

  /** Whether the room is sent the caller's voice at the moment. */
  get #isSent(): boolean {
    return this.#speaks && this.#source !== null && this.#place?.room.mix.sends(this.#source) === true;
  }

  #next<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#last.then(async () => {
      if (this.#closed) throw new MediaError('unknown-call', 'The call was closed meanwhile.');
      return change();
    });
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** Does as was agreed. */
  async #apply(): Promise<void> {
    const agreement = this.#negotiation.agreement;
    if (!agreement) return;
    const now = this.#environment.clock();
    if (this.#applied?.codec === agreement.codec) {
      this.#applied = agreement;
      this.downlink.agree(agreement, null);
      this.#incoming.agree(agreement, null, now);
      this.#settle();
      return;
    }
    const [encoder, meter, decoder] = await Promise.all([
      openEncoder(agreement.codec),
      openDecoder(agreement.codec),
      openDecoder(agreement.codec),
    ]);
    this.#leave();
    this.#source?.voice.close();
    const voice = new Voice(decoder);
    this.#source = new Source(voice);
    this.#applied = agreement;
    this.downlink.agree(agreement, encoder);
    this.#incoming.agree(agreement, { meter, voice }, now);
    await this.#enter();
  }

  async #enter(): Promise<void> {
    const place = this.#place;
    const source = this.#source;
    const passes = this.#applied?.codec === 'opus';
    if (source) source.alwaysRendered = this.#options.inbandDigits;
    if (place && source) {
      const way = place.room.wayFor(place.ssrc);
      const uplink = passes ? new PassedUplink(way) : new EncodedUplink(way, await openTelephoneEncoder());
      // The room, or the call, may have been closed meanwhile.
      if (this.#closed || this.#place !== place) {
        uplink.close();
        return;
      }
      this.#uplink = uplink;
      place.room.uplinks.add(uplink);
      place.room.mix.sources.add(source);
      if (!passes) place.room.mix.encoded.add(source);
      this.downlink.source = source;
    }
    this.#settle();
  }

  #leave(): void {
    const room = this.#place?.room;
    if (this.#uplink) {
      room?.uplinks.delete(this.#uplink);
      this.#uplink.close();
      this.#uplink = null;
    }
    if (this.#source) {
      room?.mix.sources.delete(this.#source);
      room?.mix.encoded.delete(this.#source);
    }
    room?.mix.listeners.delete(this.downlink);
    this.downlink.source = null;
  }

  /** Who hears the caller, and what the caller hears. */
  #settle(): void {
    if (this.#source) this.#source.silenced = !this.#speaks;
    const room = this.#place?.room.mix;
    const nowhere = this.#environment.nowhere;
    const heard = room && !this.#held ? room : nowhere;
    for (const mix of [nowhere, room]) if (mix !== heard) mix?.listeners.delete(this.downlink);
    heard.listeners.add(this.downlink);
  }

  #report(now: number): void {
    this.#reportAt = now + REPORT_MS;
    const leg = this.#negotiation.leg;
    if (!leg || !this.#applied) return;
    const reception = this.#incoming.reception.report();
    leg.sendRtcp(writeReport(this.downlink.stream.state(), reception, this.#heard, Date.now(), now));
  }

  #reported(packet: Buffer): void {
    const now = this.#environment.clock();
    this.#incoming.receiveReport(now);
    const report = readReport(packet, this.#ssrc, Date.now());
    if (!report) return;
    if (report.senderTime !== null) this.#heard = { lastReport: report.senderTime, at: now };
    if (!report.about) return;
    const { packetsLost, jitterTicks, roundTripMs } = report.about;
    const ticksPerMs = this.#applied?.codec === 'opus' ? 48 : 8;
    this.#remote = {
      remotePacketsLost: Math.max(0, packetsLost),
      remoteJitterMs: jitterTicks / ticksPerMs,
      roundTripMs,
    };
  }

  #tell(event: MediaEvent): void {
    if (!this.#closed) this.#environment.tell(event);
  }
}
