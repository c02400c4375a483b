/** One participant of the generator, whatever system it takes part in. */
import type { RtcEnd } from '../../helpers/rtc-end.ts';
import { isRtcp } from '../../helpers/rtp.ts';
import type { SendClock } from './clock.ts';
import type { Kind } from './packets.ts';
import type { Joined, Plan, Traffic } from './plan.ts';
import { Reception } from './reception.ts';
import { Camera, Microphone } from './sources.ts';

const RECEIVER_REPORT_MS = 1_000;

/** What all participants of one process share. */
export interface Shared {
  clock: SendClock;
  /** Is told how long each packet was under way. */
  delayed: (kind: Kind, ms: number) => void;
}

/** What a system's end of a participant does. */
export interface Member {
  readonly media: MemberMedia;
  readonly joined: Joined;
  /** When it wished to join, by `performance.now()`. */
  readonly startedAt: number;
  readonly traffic: Traffic;
  /** Says in the room that the microphone is open, or not. */
  setMuted: (muted: boolean) => Promise<void>;
  leave: () => Promise<void>;
}

/** What a participant sends and receives. */
export class MemberMedia {
  readonly reception: Reception;
  readonly microphone: Microphone;
  readonly camera: Camera;
  readonly #plan: Plan;
  #send: RtcEnd | null = null;
  #receive: RtcEnd | null = null;
  #stopReports = (): void => {};

  constructor(plan: Plan, { clock, delayed }: Shared) {
    this.#plan = plan;
    const send = (packet: Buffer): boolean => this.#send?.send(packet) ?? false;
    this.reception = new Reception((packet) => this.#receive?.send(packet) ?? false, delayed);
    this.microphone = new Microphone(clock, send);
    this.camera = new Camera(clock, send);
    this.#stopReports = clock.each(RECEIVER_REPORT_MS, () => this.reception.report());
  }

  sendOver(end: RtcEnd): void {
    this.#send = end;
    end.onPacket((packet) => {
      if (isRtcp(packet)) this.camera.takeRtcp(packet);
    });
  }

  receiveOver(end: RtcEnd): void {
    this.#receive = end;
    end.onPacket((packet) => this.reception.take(packet, performance.now()));
  }

  /** Begins to send what is planned. */
  start(): void {
    const { microphone, camera } = this.#plan;
    if (camera) this.camera.start();
    if (microphone === 'speaking') this.microphone.speak();
    else if (microphone !== 'none') this.microphone.listen();
  }

  stop(): void {
    this.camera.stop();
    this.microphone.stop();
  }

  close(): void {
    this.stop();
    this.#stopReports();
    this.#send?.close();
    this.#receive?.close();
  }
}
