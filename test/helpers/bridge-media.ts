/** A media process for a test file, with what it told. */
import pino from 'pino';
import { MediaThread } from '../../server/bridge/media/media-thread.ts';
import type { CodecName, MediaEvent } from '../../server/bridge/media/protocol.ts';
import { ROOT } from './paths.ts';
import { RtpPhone } from './rtp-phone.ts';
import type { RtpPhoneOptions } from './rtp-phone.ts';
import { until } from './wait.ts';

const LISTEN = { listenIp: '127.0.0.1' };

export class TestMedia {
  readonly thread: MediaThread;
  readonly events: MediaEvent[] = [];
  readonly #phones: RtpPhone[] = [];
  #calls = 0;

  private constructor(thread: MediaThread) {
    this.thread = thread;
    thread.on('event', (event) => this.events.push(event));
  }

  static async start(): Promise<TestMedia> {
    const logger = pino({ level: 'silent' });
    return new TestMedia(await MediaThread.start({ promptFolder: `${ROOT}server/bridge/prompts`, logger }));
  }

  /** A call of a phone, answered. */
  async call(
    options: RtpPhoneOptions & { inbandDigits?: boolean } = {},
    codecs?: CodecName[],
  ): Promise<{ callId: string; phone: RtpPhone }> {
    const callId = `call-${(this.#calls += 1)}`;
    const { inbandDigits = false, ...phoneOptions } = options;
    const phone = await RtpPhone.open(phoneOptions);
    this.#phones.push(phone);
    await this.thread.request('openCall', {
      callId,
      options: { ...LISTEN, inbandDigits, ...(codecs ? { codecs } : {}) },
    });
    const { sdp } = await this.thread.request('answer', { callId, sdp: phone.description() });
    phone.connect(sdp);
    return { callId, phone };
  }

  /** A call to a phone, which answers. */
  async callOut(options: RtpPhoneOptions = {}): Promise<{ callId: string; phone: RtpPhone }> {
    const callId = `call-${(this.#calls += 1)}`;
    const { kind = 'plain' } = options;
    const phone = await RtpPhone.open(options);
    this.#phones.push(phone);
    await this.thread.request('openCall', { callId, options: LISTEN });
    const { sdp } = await this.thread.request('offer', { callId, kind });
    phone.connect(sdp, 'offer');
    await this.thread.request('acceptAnswer', { callId, sdp: phone.description() });
    return { callId, phone };
  }

  /** Events of one kind about one call. */
  told<N extends MediaEvent['event']>(event: N, callId: string): Extract<MediaEvent, { event: N }>[] {
    return this.events.filter(
      (one): one is Extract<MediaEvent, { event: N }> =>
        one.event === event && 'callId' in one && one.callId === callId,
    );
  }

  /** Waits until a phone's sound comes in. */
  async hears(callId: string): Promise<void> {
    await until(
      'media',
      () => this.told('mediaArrived', callId),
      (told) => told.length === 1,
    );
  }

  /** Ends all calls and rooms of a test. */
  async hangUp(): Promise<void> {
    for (const phone of this.#phones.splice(0)) phone.close();
    for (let call = 1; call <= this.#calls; call += 1) {
      await this.thread.request('closeCall', { callId: `call-${call}` });
    }
    this.events.length = 0;
  }

  async close(): Promise<void> {
    await this.hangUp();
    await this.thread.close();
  }
}
