/** The media side of one room: its participants, what they publish, who is heard, and what survives a lost worker. */
import type { Logger } from 'pino';
import type { ParticipantId, PublicationId } from '../conference/model.ts';
import type {
  BridgeEvents,
  MediaBridge,
  MediaEvents,
  MediaParticipant,
  MediaRoom,
} from '../conference/ports.ts';
import { Bridge } from './bridge.ts';
import type { BridgeRoom } from './bridge.ts';
import { EventQueue } from './events.ts';
import { Levels } from './levels.ts';
import { DOMINANCE_END_MS, Loudest } from './loudest.ts';
import { Participant } from './participant.ts';
import type { ParticipantRoom } from './participant.ts';
import { Pipes } from './pipes.ts';
import type { Publication } from './publications.ts';
import { QUALITY_INTERVAL_MS } from './quality.ts';
import { unavailable } from './refusal.ts';
import { Routers } from './routers.ts';
import type { RoomRouter } from './routers.ts';
import { openPlace } from './transports.ts';
import type { ListenAddress, Workers } from './workers.ts';

export interface RoomOptions {
  /** Participants on one router before the room goes on with another, on another worker. */
  maxParticipantsPerRouter: number;
  /** How many microphones one participant receives. */
  loudest: number;
  /** Where bridges send the voices of callers to; encrypted if it is not loopback. */
  bridgeListen: ListenAddress;
}

/** Who has a place at a router, and takes another when it is lost. */
type Occupant = Participant | Bridge;

export interface RoomParts {
  workers: Workers;
  options: RoomOptions;
  events: MediaEvents;
  logger: Logger;
  onClosed: (room: Room) => void;
}

/** How often silence is looked for, in ms; the end of dominance is told at most so much late. */
const SILENCE_CHECK_MS = DOMINANCE_END_MS / 6;
/** Pause before a participant whose worker is lost and cannot be placed is tried again, in ms. */
const PLACE_AGAIN_MS = 300;

export class Room implements MediaRoom, ParticipantRoom, BridgeRoom {
  readonly publications = new Map<PublicationId, Publication>();
  readonly pipes = new Pipes();
  readonly events: EventQueue;
  readonly loudest: number;
  readonly routers: Routers;
  readonly #bridgeListen: ListenAddress;
  readonly #logger: Logger;
  readonly #onClosed: (room: Room) => void;
  readonly #participants = new Set<Participant>();
  readonly #bridges = new Set<Bridge>();
  readonly #speakers: Loudest;
  readonly #levels: Levels;
  readonly #timers: readonly NodeJS.Timeout[];
  #ranking: readonly PublicationId[] = [];
  #dominant: Publication | null = null;
  #closed = false;

  private constructor({ workers, options, events, logger, onClosed }: RoomParts) {
    this.events = new EventQueue(events, logger);
    this.loudest = options.loudest;
    this.#speakers = new Loudest(options.loudest);
    this.#levels = new Levels(2 * options.loudest, {
      level: (id, level, spanMs) => {
        if (!this.#speakers.level(id, level, performance.now(), spanMs)) return;
        this.#rankingChanged();
        this.#dominantChanged();
      },
      failed: (error, id) =>
        logger.error({ err: error, publicationId: id }, 'the levels of a microphone can not be read'),
    });
    this.#bridgeListen = options.bridgeListen;
    this.routers = new Routers(workers, options.maxParticipantsPerRouter, (router) => this.#lost(router));
    this.#logger = logger;
    this.#onClosed = onClosed;
    this.#timers = [
      setInterval(() => {
        if (this.#speakers.tick(performance.now())) this.#dominantChanged();
      }, SILENCE_CHECK_MS),
      setInterval(() => {
        for (const participant of this.#participants) participant.measureQuality(performance.now());
      }, QUALITY_INTERVAL_MS),
    ];
  }

  /** @throws ConferenceError `media-unavailable` */
  static async open(parts: RoomParts): Promise<Room> {
    const room = new Room(parts);
    try {
      await room.routers.open();
      return room;
    } catch (error) {
      room.close();
      throw error;
    }
  }

  get ranking(): readonly PublicationId[] {
    return this.#ranking;
  }

  get dominant(): Publication | null {
    return this.#dominant;
  }

  get participants(): ReadonlySet<Participant> {
    return this.#participants;
  }

  get bridges(): ReadonlySet<Bridge> {
    return this.#bridges;
  }

  async connect(participantId: ParticipantId): Promise<MediaParticipant> {
    const place = await openPlace(this.routers);
    const logger = this.#logger.child({ participantId });
    const participant = new Participant(participantId, place, this, logger);
    this.#participants.add(participant);
    if (this.#closed) {
      participant.close();
      throw unavailable('The room was closed.');
    }
    return participant;
  }

  async connectBridge(events: BridgeEvents): Promise<MediaBridge> {
    const bridge = await Bridge.open({
      room: this,
      events,
      listen: this.#bridgeListen,
      routers: this.routers,
      logger: this.#logger,
    });
    this.#bridges.add(bridge);
    if (this.#closed) {
      bridge.close();
      throw unavailable('The room was closed.');
    }
    return bridge;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.events.close();
    for (const occupant of this.#occupants()) occupant.close();
    this.routers.close();
    this.#onClosed(this);
  }

  // ------------------------------------------------------------------------- what participants tell

  publicationOpened(publication: Publication): void {
    this.publications.set(publication.id, publication);
    if (publication.source === 'microphone') {
      this.#speakers.add(publication.id);
      this.#levels.add(publication);
      this.#rankingChanged();
    }
    this.#refreshAll();
  }

  publicationMuted(publication: Publication): void {
    if (publication.source === 'microphone') {
      const { id, muted } = publication;
      if (muted && this.#speakers.mute(id)) this.#dominantChanged();
      if (!muted && this.#speakers.unmute(id)) this.#rankingChanged();
    }
    if (publication.kind === 'video') this.#refreshAll();
  }

  publicationClosed(publication: Publication): void {
    if (this.publications.get(publication.id) === publication) this.publications.delete(publication.id);
    for (const occupant of this.#occupants()) occupant.publicationClosed(publication);
    if (publication.source === 'microphone') {
      const dominantLeft = this.#speakers.remove(publication.id);
      this.#levels.remove(publication);
      this.#rankingChanged();
      if (dominantLeft) this.#dominantChanged();
    }
  }

  placeFailed(participant: Participant): void {
    this.#move([participant]);
  }

  participantClosed(participant: Participant): void {
    this.#participants.delete(participant);
  }

  bridgeClosed(bridge: Bridge): void {
    this.#bridges.delete(bridge);
  }

  // ------------------------------------------------------------------------------- who is heard

  #rankingChanged(): void {
    this.#ranking = this.#speakers.ranking;
    this.#levels.follow(new Set(this.#ranking.slice(0, this.loudest)));
    this.#refreshAll();
  }

  #dominantChanged(): void {
    const id = this.#speakers.dominant;
    const dominant = id === null ? null : (this.publications.get(id) ?? null);
    if (dominant === this.#dominant) return;
    this.#dominant = dominant;
    this.events.tell((to) => to.dominantSpeaker(dominant?.participantId ?? null));
    this.#refreshAll();
  }

  #refreshAll(): void {
    for (const occupant of this.#occupants()) occupant.refresh();
  }

  #occupants(): Occupant[] {
    return [...this.#participants, ...this.#bridges];
  }

  // ------------------------------------------------------------------------------- placement, loss

  /** A worker died: those who were on it go on elsewhere, for the others only their publications end. */
  #lost(router: RoomRouter): void {
    const affected = this.#occupants().filter(({ at }) => at === router);
    this.#logger.warn({ participants: affected.length }, 'a router was lost with its worker');
    this.#move(affected);
  }

  #move(occupants: readonly Occupant[]): void {
    for (const occupant of occupants) occupant.leavePlace();
    // The worker itself is known to be dead, and is being replaced, only after its routers are.
    queueMicrotask(() => {
      for (const occupant of occupants) void this.#placeAgain(occupant);
    });
  }

  /** Never rejects; goes on until it has succeeded or the occupant is gone. */
  async #placeAgain(occupant: Occupant): Promise<void> {
    for (;;) {
      try {
        await occupant.takePlace();
        return;
      } catch (error) {
        if (occupant.closed) return;
        this.#logger.warn({ err: error }, 'no place at another worker yet');
        await new Promise((resolve) => setTimeout(resolve, PLACE_AGAIN_MS));
      }
    }
  }
}
