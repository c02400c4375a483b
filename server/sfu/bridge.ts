/** One bridge's media in a room: what its callers say, and the voices that they hear of the others. */
import { randomInt } from 'node:crypto';
import type { Logger } from 'pino';
import type { ParticipantId, PublicationId } from '../conference/model.ts';
import type { BridgeEvents, CallerPublication, MediaBridge } from '../conference/ports.ts';
import type { BridgeLink } from '../signalling/contract/bridge-words.ts';
import type { RtpParameters } from '../signalling/contract/rtp.ts';
import { openBridgePlace } from './bridge-place.ts';
import type { BridgePlace } from './bridge-place.ts';
import type { EventQueue } from './events.ts';
import type { ParticipantRoom } from './participant.ts';
import { Publication } from './publications.ts';
import { unavailable } from './refusal.ts';
import type { RoomRouter, Routers } from './routers.ts';
import type { SubscriptionListener } from './subscription.ts';
import { Subscriptions } from './subscriptions.ts';
import { LEVEL_URI } from './tap.ts';
import type { ListenAddress } from './workers.ts';

export interface BridgeParts {
  room: BridgeRoom;
  events: BridgeEvents;
  listen: ListenAddress;
  routers: Routers;
  logger: Logger;
}

/** What a bridge needs of its room. */
export type BridgeRoom = Omit<ParticipantRoom, 'participantClosed' | 'placeFailed'> & {
  bridgeClosed(bridge: Bridge): void;
};

/** SSRC 0 is not sent by anybody. */
const MAX_SSRC = 0xffff_ffff;

export class Bridge implements MediaBridge {
  readonly #parts: BridgeParts;
  readonly #publications = new Map<Publication, { ssrc: number }>();
  /** By subscription. */
  readonly #voices = new Map<string, number>();
  /** The last one, for the time without a place. */
  #link: BridgeLink;
  #place: BridgePlace | null = null;
  #subscriptions: Subscriptions | null = null;
  #subscriptionCount = 0;
  #closed = false;

  private constructor(parts: BridgeParts, place: BridgePlace) {
    this.#parts = parts;
    this.#link = place.link;
    this.#settle(place);
  }

  /** @throws ConferenceError `media-unavailable` */
  static async open(parts: BridgeParts): Promise<Bridge> {
    return new Bridge(parts, await openBridgePlace(parts.routers, parts.listen));
  }

  get link(): BridgeLink {
    return this.#link;
  }

  get loudest(): number {
    return this.#parts.room.loudest;
  }

  get at(): RoomRouter | null {
    return this.#place?.at ?? null;
  }

  /** Null while its media is being moved to another worker. */
  get place(): BridgePlace | null {
    return this.#place;
  }

  /** What its callers say. */
  get publications(): Publication[] {
    return [...this.#publications.keys()];
  }

  get closed(): boolean {
    return this.#closed;
  }

  get subscriptionCount(): number {
    return this.#subscriptions?.count ?? 0;
  }

  async publish(
    caller: ParticipantId,
    { id, muted }: { id: PublicationId; muted: boolean },
  ): Promise<CallerPublication> {
    const place = this.#place;
    if (!place) throw unavailable('Media is being moved to another worker.');
    const { room } = this.#parts;
    const ssrc = this.#newSsrc();
    const request = {
      id,
      source: 'microphone',
      muted,
      rtpParameters: parametersOf(place.link, ssrc),
    } as const;
    const publication = await Publication.open(request, caller, place.at, place.transport, room);
    if (this.#place !== place) {
      publication.close();
      throw unavailable('Media is being moved to another worker.');
    }
    this.#publications.set(publication, { ssrc });
    room.publicationOpened(publication);
    return {
      ssrc,
      setMuted: (isMuted) => publication.setMuted(isMuted),
      close: () => publication.close(),
    };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.leavePlace();
    this.#parts.room.bridgeClosed(this);
  }

  // ------------------------------------------------------------------------------------ for the room

  /** What it receives may have to change. */
  refresh(): void {
    this.#subscriptions?.refresh();
  }

  publicationClosed(publication: Publication): void {
    this.#publications.delete(publication);
    this.#subscriptions?.publicationClosed(publication);
  }

  /** As a participant's. Idempotent. */
  leavePlace(): void {
    const place = this.#place;
    this.#place = null;
    this.#subscriptions?.close(true);
    this.#subscriptions = null;
    this.#voices.clear();
    for (const publication of this.#publications.keys()) publication.close();
    place?.close();
  }

  /** Goes on at another place. @throws ConferenceError `media-unavailable` */
  async takePlace(): Promise<void> {
    const { routers, listen, room, events } = this.#parts;
    const place = await openBridgePlace(routers, listen);
    if (this.#closed) {
      place.close();
      return;
    }
    room.events.tell(() => events.reset(place.link));
    this.#settle(place);
  }

  #settle(place: BridgePlace): void {
    this.#place = place;
    this.#link = place.link;
    const { room, logger } = this.#parts;
    this.#subscriptions = new Subscriptions(
      {
        at: place.at,
        transport: place.transport,
        capabilities: place.capabilities,
        pipes: room.pipes,
        told: this.#told(room.events),
        logger,
        nextId: () => String(this.#subscriptionCount++),
        isOwn: (publication) => this.#publications.has(publication),
      },
      room,
    );
    this.#subscriptions.refresh();
  }

  /** A bridge learns of voices by their SSRC; one that is held back may come back at any moment and stays open. */
  #told(queue: EventQueue): SubscriptionListener {
    const { events } = this.#parts;
    return {
      opened: ({ id, rtpParameters }) => {
        const ssrc = rtpParameters.encodings?.[0]?.ssrc;
        if (ssrc === undefined) throw new Error('A voice has no SSRC.');
        this.#voices.set(id, ssrc);
        queue.tell(() => events.voiceOpened(ssrc));
      },
      closed: (id) => {
        const ssrc = this.#voices.get(id);
        this.#voices.delete(id);
        if (ssrc !== undefined) queue.tell(() => events.voiceClosed(ssrc));
      },
      paused: () => undefined,
      layers: () => undefined,
    };
  }

  #newSsrc(): number {
    const used = new Set([...this.#publications.values()].map(({ ssrc }) => ssrc));
    for (;;) {
      const ssrc = randomInt(1, MAX_SSRC);
      if (!used.has(ssrc)) return ssrc;
    }
  }
}

function parametersOf({ opusPayloadType, levelExtensionId }: BridgeLink, ssrc: number): RtpParameters {
  return {
    codecs: [
      {
        mimeType: 'audio/opus',
        payloadType: opusPayloadType,
        clockRate: 48_000,
        channels: 2,
        parameters: { useinbandfec: 1, usedtx: 1 },
      },
    ],
    headerExtensions: [{ uri: LEVEL_URI, id: levelExtensionId }],
    encodings: [{ ssrc, dtx: true }],
    rtcp: { cname: `caller-${ssrc}` },
  };
}
