/** A participant of the bare server without a browser: sends and receives the same packets as one of the server's. */
import { RtcEnd } from '../../helpers/rtc-end.ts';
import { receiverCapabilities } from '../../helpers/rtc-participant.ts';
import { isRtcp } from '../../helpers/rtp.ts';
import { SyntheticCamera, SyntheticMicrophone } from '../../helpers/synthetic-media.ts';
import type { TransportParameters } from '../../../server/signalling/contract.ts';
import { call } from './calls.ts';

export class BareParticipant {
  readonly microphone: SyntheticMicrophone;
  readonly camera: SyntheticCamera;
  /** Packets of media that were received. */
  packets = 0;
  /** Own producers, which are not consumed. */
  readonly #producers: string[] = [];
  readonly #url: string;
  readonly #receiveId: string;
  readonly #send: RtcEnd;
  readonly #receive: RtcEnd;

  private constructor(url: string, send: TransportParameters, receive: TransportParameters) {
    this.#url = url;
    this.#receiveId = receive.id;
    this.#send = new RtcEnd(send);
    this.#receive = new RtcEnd(receive);
    this.#receive.onPacket((packet) => (this.packets += isRtcp(packet) ? 0 : 1));
    this.microphone = new SyntheticMicrophone(this.#send);
    this.camera = new SyntheticCamera(this.#send);
  }

  /** Joins, and publishes microphone and camera. */
  static async join(url: string): Promise<BareParticipant> {
    const [send, receive] = await Promise.all([call(url, 'transport', null), call(url, 'transport', null)]);
    const participant = new BareParticipant(url, send, receive);
    const ends = [
      [send.id, participant.#send],
      [receive.id, participant.#receive],
    ] as const;
    await Promise.all(
      ends.map(([transportId, { dtlsParameters }]) => call(url, 'connect', { transportId, dtlsParameters })),
    );
    await Promise.all(ends.map(([, end]) => end.connected()));
    for (const [kind, { rtpParameters }] of [
      ['audio', participant.microphone],
      ['video', participant.camera],
    ] as const) {
      const request = { transportId: send.id, kind, rtpParameters };
      participant.#producers.push(await call(url, 'produce', request));
    }
    return participant;
  }

  /** Receives all that others publish. */
  async receiveAll(): Promise<void> {
    for (const producerId of await call(this.#url, 'producers', null)) {
      if (this.#producers.includes(producerId)) continue;
      const transportId = this.#receiveId;
      const request = { transportId, producerId, rtpCapabilities: receiverCapabilities };
      await call(this.#url, 'resume', (await call(this.#url, 'consume', request)).id);
    }
  }

  vanish(): void {
    this.microphone.hush();
    this.camera.stop();
    this.#send.close();
    this.#receive.close();
  }
}
