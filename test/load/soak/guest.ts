/** One who is in a room of a soak by browser, as far as a server can tell: speaks, shows pictures, and moves about. */
import { SignalledParticipant } from '../../helpers/signalled-participant.ts';
import type { JoinExtras } from '../../helpers/signal-client.ts';
import type { SyntheticCamera, SyntheticMicrophone } from '../../helpers/synthetic-media.ts';
import { until } from '../../helpers/wait.ts';
import type { PublicationId } from '../../../server/signalling/contract.ts';

/** What does not come within so many ms is missing. */
const PATIENCE_MS = 10_000;
/** So many packets are no chance. */
const ENOUGH = 3;

export type Picture = 'camera' | 'screen';

export interface GuestPlan {
  serverUrl: string;
  room: string;
  name: string;
  /** Whether its network can change. */
  roams: boolean;
  /** What it says when it speaks, as Opus. */
  sound: readonly Uint8Array[];
  more: JoinExtras;
}

export class Guest {
  readonly participant: SignalledParticipant;
  readonly name: string;
  readonly roams: boolean;
  readonly #sound: readonly Uint8Array[];
  readonly #pictures = new Map<Picture, { id: PublicationId; camera: SyntheticCamera }>();
  #microphone: { id: PublicationId; microphone: SyntheticMicrophone; speaks: boolean } | null = null;

  private constructor(participant: SignalledParticipant, { name, roams, sound }: GuestPlan) {
    this.participant = participant;
    this.name = name;
    this.roams = roams;
    this.#sound = sound;
  }

  static async join(plan: GuestPlan): Promise<Guest> {
    const { serverUrl, room, name, roams, more } = plan;
    const participant = roams
      ? await SignalledParticipant.roam(serverUrl, room, name, more)
      : await SignalledParticipant.join(serverUrl, room, name, more);
    return new Guest(participant, plan);
  }

  get id(): string {
    return this.participant.id;
  }

  /** Its microphone, if that can be heard. */
  get voice(): PublicationId | null {
    return this.#microphone?.speaks === true ? this.#microphone.id : null;
  }

  get pictures(): PublicationId[] {
    return [...this.#pictures.values()].map(({ id }) => id);
  }

  shows(picture: Picture): boolean {
    return this.#pictures.has(picture);
  }

  /** Opens the microphone and speaks, or falls silent and mutes it. */
  async speak(speaks: boolean): Promise<void> {
    if (this.#microphone) {
      const { id: publicationId, microphone } = this.#microphone;
      await this.participant.signal.ask('setMuted', { publicationId, muted: !speaks });
      this.#microphone.speaks = speaks;
      if (!speaks) microphone.hush();
    } else {
      const { publicationId, microphone } = await this.participant.microphone(!speaks, this.#sound);
      this.#microphone = { id: publicationId, microphone, speaks };
    }
    if (speaks) this.#microphone.microphone.speak();
  }

  async show(picture: Picture): Promise<PublicationId> {
    const { publicationId, camera } = await this.participant.camera(picture);
    this.#pictures.set(picture, { id: publicationId, camera });
    return publicationId;
  }

  async hide(picture: Picture): Promise<void> {
    const shown = this.#pictures.get(picture);
    if (!shown) return;
    this.#pictures.delete(picture);
    shown.camera.stop();
    await this.participant.signal.ask('unpublish', { publicationId: shown.id });
  }

  /** Waits for packets of a publication. @returns how long that took, in ms. @throws Error when none come */
  async receives(publicationId: PublicationId): Promise<number> {
    const before = this.participant.packetsOf(publicationId);
    const { tookMs } = await until(
      `${this.name} receives media`,
      () => this.participant.packetsOf(publicationId) - before,
      (packets) => packets >= ENOUGH,
      { timeoutMs: PATIENCE_MS, everyMs: 20 },
    );
    return tookMs;
  }

  /** Is gone from one moment to the other, as when a lid is shut. */
  vanish(): void {
    this.participant.signal.cut();
    this.participant.vanish();
  }
}
