/** A telephone in a room of a soak: it hums a tone, and listens for the voice of those who are there by browser. */
import { RtpPhone } from '../../helpers/rtp-phone.ts';
import { levelsOf } from '../../helpers/telephony/tones.ts';
import { sleep, until } from '../../helpers/wait.ts';
import type { PublicationId } from '../../../server/signalling/contract.ts';
import type { Call, Exchange } from './exchange.ts';
import type { Guest } from './guest.ts';

/** Hz. */
const HUM = 440;
const SAMPLE_RATE = 16_000;
/** A tone as it is mostly heard, in dB of full scale; that of speech lies below. */
const HEARD_DB = -45;
/** Between two keys, in ms: the end of a digit is told three times. */
const KEY_PAUSE_MS = 80;
const LISTEN_MS = 1_000;
/** Prompts tell the caller how many are there, and what keys do, before they leave the voices alone, in ms. */
const PATIENCE_MS = 30_000;

export class Caller {
  readonly participantId: string;
  readonly voice: PublicationId;
  readonly #phone: RtpPhone;
  readonly #call: Call;

  private constructor(phone: RtpPhone, call: Call, participantId: string, voice: PublicationId) {
    this.#phone = phone;
    this.#call = call;
    this.participantId = participantId;
    this.voice = voice;
  }

  /** Calls the conference, and keys in the room's number. @param witness is in that room */
  static async callsIn(
    exchange: Exchange,
    from: string,
    roomNumber: string,
    witness: Guest,
  ): Promise<Caller> {
    const phone = await RtpPhone.open({ tone: HUM });
    const call = await exchange.call(phone, from);
    return Caller.#arrive(phone, call, witness, async () => {
      // Nobody keys in anything before there is something to be heard.
      await until('the conference answers', () => phone.packets().length, Boolean);
      for (const digit of `${roomNumber}#`) {
        await phone.key(digit);
        await sleep(KEY_PAUSE_MS);
      }
    });
  }

  /** Is called from the room. @param host calls */
  static async isCalled(exchange: Exchange, number: string, host: Guest): Promise<Caller> {
    const phone = await RtpPhone.open({ tone: HUM });
    await host.participant.signal.ask('callOut', { destination: number });
    return Caller.#arrive(phone, await exchange.pickUp(phone, number), host, () => Promise.resolve());
  }

  static async #arrive(
    phone: RtpPhone,
    call: Call,
    witness: Guest,
    enter: () => Promise<void>,
  ): Promise<Caller> {
    try {
      return await Caller.#comeIn(phone, call, witness, enter);
    } catch (error) {
      // It might come in later, and nobody would know of it.
      await call.hangUp();
      phone.close();
      throw error;
    }
  }

  static async #comeIn(
    phone: RtpPhone,
    call: Call,
    { participant }: Guest,
    enter: () => Promise<void>,
  ): Promise<Caller> {
    const known = new Set(participant.publications.keys());
    const { events } = participant.signal;
    const before = events.length;
    await enter();
    const { answer: participantId } = await until(
      'a telephone comes in',
      () => {
        const joined = events.slice(before).find((event) => {
          return event.type === 'participantJoined' && event.participant.kind === 'phone';
        });
        return joined?.type === 'participantJoined' ? joined.participant.id : '';
      },
      (id) => id !== '',
    );
    const { answer: voice } = await until(
      'it has a voice',
      () => [...participant.publications.values()].find((p) => p.participantId === participantId)?.id ?? '',
      (id) => id !== '' && !known.has(id),
    );
    return new Caller(phone, call, participantId, voice);
  }

  /** Waits until the tone is what it mostly hears. @returns how long that took, in ms. @throws Error when it is not */
  async hears(tone: number): Promise<number> {
    const { tookMs } = await until(
      `a telephone hears ${tone} Hz`,
      async () => {
        this.forget();
        await sleep(LISTEN_MS);
        const levels = levelsOf(tone, this.#phone.heard(), SAMPLE_RATE);
        return levels[levels.length >> 1] ?? -Infinity;
      },
      (level) => level > HEARD_DB,
      { timeoutMs: PATIENCE_MS },
    );
    return tookMs;
  }

  /** What was heard until now is of no interest. */
  forget(): void {
    this.#phone.heard();
    this.#phone.packets();
  }

  async hangUp(): Promise<void> {
    await this.#call.hangUp();
    this.#phone.close();
  }

  /** Waits until the bridge has hung up. */
  async ends(): Promise<void> {
    await until('the bridge hangs up', () => this.#call.hasEnded(), Boolean);
    this.#phone.close();
  }
}
