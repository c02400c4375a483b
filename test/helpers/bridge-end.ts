/** A bridge's end of a room's media, without a bridge and without signalling. */
import type { ParticipantId, PublicationId } from '../../server/conference/model.ts';
import type { BridgeEvents, CallerPublication, MediaBridge } from '../../server/conference/ports.ts';
import type { BridgeLink } from '../../server/signalling/contract/bridge-words.ts';
import { BridgeRtp } from './bridge-rtp.ts';
import type { CallerVoice } from './bridge-rtp.ts';
import type { RtcRoom } from './rtc-participant.ts';

/** Somebody on the telephone. */
export interface Caller {
  publication: CallerPublication;
  voice: CallerVoice;
}

export class BridgeEnd implements BridgeEvents {
  /** SSRCs that the server says it sends. */
  readonly voices = new Set<number>();
  resets = 0;
  readonly #rtp: BridgeRtp;
  #media: MediaBridge | null = null;

  private constructor(rtp: BridgeRtp) {
    this.#rtp = rtp;
  }

  static async open(room: RtcRoom): Promise<BridgeEnd> {
    const end = new BridgeEnd(await BridgeRtp.open());
    end.#media = await room.media.connectBridge(end);
    end.#rtp.follow(end.#media.link);
    return end;
  }

  get media(): MediaBridge {
    if (!this.#media) throw new Error('The bridge is not there yet.');
    return this.#media;
  }

  get link(): BridgeLink {
    return this.#rtp.link;
  }

  async call(caller: ParticipantId, id: PublicationId): Promise<Caller> {
    const publication = await this.media.publish(caller, { id, muted: false });
    return { publication, voice: this.#rtp.voice(publication.ssrc) };
  }

  /** Streams of which packets came within the last `ms`. */
  heardIn(ms: number): number[] {
    return this.#rtp.heardIn(ms);
  }

  close(): void {
    this.#media?.close();
    this.#rtp.close();
  }

  voiceOpened(ssrc: number): void {
    this.voices.add(ssrc);
  }

  voiceClosed(ssrc: number): void {
    this.voices.delete(ssrc);
  }

  reset(link: BridgeLink): void {
    this.resets += 1;
    this.voices.clear();
    this.#rtp.follow(link);
  }
}
