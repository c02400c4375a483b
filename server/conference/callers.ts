/** Telephones in a room: their voices go by way of the bridge that they came by, one way for all of its callers. */
import type { BridgeRoomEvent } from '../signalling/contract/bridge.ts';
import type { BridgeLink } from '../signalling/contract/bridge-words.ts';
import { ConferenceError } from './errors.ts';
import type { ParticipantId, PublicationId, RoomName } from './model.ts';
import type {
  CallerPublication,
  MediaBridge,
  MediaConnection,
  MediaParticipant,
  MediaRoom,
} from './ports.ts';

/** A bridge, as far as a room knows it. */
export interface Bridge {
  /** The same bridge, however many of its callers are here. */
  readonly id: string;
  /** Called in order, from within whatever caused it. Must not throw. */
  tell(room: RoomName, event: BridgeRoomEvent): void;
}

/** By whom, and how, a telephone comes to a room. */
export interface Caller {
  readonly bridge: Bridge;
  /** Number or SIP user; null if withheld. */
  readonly number: string | null;
  /** What was keyed in; null for nothing. */
  readonly pin: string | null;
  /** True for one whom the room has called: no PIN, lobby or lock holds them up. */
  readonly invited: boolean;
  /** The voice is sent with another SSRC from now on. */
  voiceMoved(ssrc: number): void;
}

export interface CallersRoom {
  readonly name: RoomName;
  /** All who are there, those on the telephone as well. */
  readonly participants: readonly { readonly id: ParticipantId }[];
}

export interface CallersParts {
  readonly media: Pick<MediaRoom, 'connectBridge'>;
  /** The voice of this caller is gone with a worker; it is to be published again. Never rejects. */
  voiceLost: (id: ParticipantId) => Promise<void>;
}

/** What a bridge finds when it gets its first caller into a room. */
export interface BridgeRoomPicture {
  link: BridgeLink;
  voices: number[];
  /** How many of the bridge's own voices the room takes. */
  wantedVoices: number;
}

/** One bridge's way into the room, open for as long as it has callers there. */
class Way {
  readonly callers = new Map<ParticipantId, CallerMedia>();
  readonly voices = new Set<number>();
  readonly media: Promise<MediaBridge>;
  readonly #bridge: Bridge;
  readonly #room: CallersRoom;
  /** As the bridge was told last; null before. */
  #isHeard: boolean | null = null;

  constructor(bridge: Bridge, room: CallersRoom, { media, voiceLost }: CallersParts) {
    this.#bridge = bridge;
    this.#room = room;
    this.media = media.connectBridge({
      voiceOpened: (ssrc) => {
        this.voices.add(ssrc);
        bridge.tell(room.name, { type: 'voiceOpened', ssrc });
      },
      voiceClosed: (ssrc) => {
        this.voices.delete(ssrc);
        bridge.tell(room.name, { type: 'voiceClosed', ssrc });
      },
      reset: (link) => {
        this.voices.clear();
        bridge.tell(room.name, { type: 'reset', link });
        for (const id of this.callers.keys()) void voiceLost(id);
      },
    });
  }

  /** What the bridge is told when it gets its first caller into the room. */
  async picture(): Promise<BridgeRoomPicture> {
    const { link, loudest } = await this.media;
    this.#isHeard ??= this.#hasOthers;
    return { link, voices: [...this.voices], wantedVoices: this.#isHeard ? loudest : 0 };
  }

  /** People came or went. Never rejects. */
  async tell(type: 'came' | 'went', count: number): Promise<void> {
    if (this.callers.size === 0) return;
    this.#bridge.tell(this.#room.name, { type, count });
    const isHeard = this.#hasOthers;
    if (this.#isHeard === null || isHeard === this.#isHeard) return;
    this.#isHeard = isHeard;
    const { loudest } = await this.media;
    this.#bridge.tell(this.#room.name, { type: 'wantedVoices', count: this.#isHeard ? loudest : 0 });
  }

  /** The last caller is out. */
  close(): void {
    // The bridge can not know by itself: the next caller's answer may be on its way to it when the last one leaves.
    this.#bridge.tell(this.#room.name, { type: 'closed' });
    this.media.then(
      (media) => media.close(),
      // Never opened: whoever waited for it has the error.
      () => undefined,
    );
  }

  /** Callers hear each other within their bridge. */
  get #hasOthers(): boolean {
    return this.#room.participants.some(({ id }) => !this.callers.has(id));
  }
}

export class Callers {
  readonly #room: CallersRoom;
  readonly #parts: CallersParts;
  readonly #ways = new Map<string, Way>();

  constructor(room: CallersRoom, parts: CallersParts) {
    this.#room = room;
    this.#parts = parts;
  }

  /** Media for one more caller. @throws ConferenceError `media-unavailable` */
  async connect(id: ParticipantId, caller: Caller): Promise<CallerMedia> {
    const { bridge } = caller;
    const way = this.#ways.get(bridge.id) ?? new Way(bridge, this.#room, this.#parts);
    this.#ways.set(bridge.id, way);
    try {
      const media = new CallerMedia(id, caller, await way.media, () => this.#gone(bridge.id, way, id));
      way.callers.set(id, media);
      return media;
    } catch (error) {
      if (way.callers.size === 0 && this.#ways.get(bridge.id) === way) this.#ways.delete(bridge.id);
      throw error;
    }
  }

  /** @throws Error for a bridge that has nobody here */
  async picture(bridge: Bridge): Promise<BridgeRoomPicture> {
    const way = this.#ways.get(bridge.id);
    if (!way) throw new Error('The bridge has nobody in this room.');
    return way.picture();
  }

  /** The bridge is told now what this caller's voice is sent with: null for one who may only listen, or not speak yet. */
  ssrcOnEntry(id: ParticipantId): number | null {
    for (const { callers } of this.#ways.values()) {
      const caller = callers.get(id);
      if (caller) return caller.ssrcOnEntry();
    }
    return null;
  }

  /** People came or went: for those who only hear it. */
  tellCount(type: 'came' | 'went', count: number): void {
    for (const way of this.#ways.values()) void way.tell(type, count);
  }

  #gone(bridgeId: string, way: Way, id: ParticipantId): void {
    way.callers.delete(id);
    if (way.callers.size > 0) return;
    if (this.#ways.get(bridgeId) === way) this.#ways.delete(bridgeId);
    way.close();
  }
}

/** A telephone's media as a participant's: it publishes, and receives all in one mix, which is the bridge's business. */
export class CallerMedia implements MediaParticipant {
  readonly caller: Caller;
  readonly #id: ParticipantId;
  readonly #bridge: MediaBridge;
  readonly #onClosed: () => void;
  #publication: CallerPublication | null = null;
  /** Whether the bridge knows that the caller is in, and with what the voice is sent, or that there is none yet. */
  #hasEntered = false;
  #closed = false;

  constructor(id: ParticipantId, caller: Caller, bridge: MediaBridge, onClosed: () => void) {
    this.#id = id;
    this.caller = caller;
    this.#bridge = bridge;
    this.#onClosed = onClosed;
  }

  /** What the voice is sent with; null while nothing is published. What follows is told by `voiceMoved`. */
  ssrcOnEntry(): number | null {
    this.#hasEntered = true;
    return this.#publication?.ssrc ?? null;
  }

  async publish({ id, muted }: { id: PublicationId; muted: boolean }): Promise<CallerPublication> {
    const publication = await this.#bridge.publish(this.#id, { id, muted });
    if (this.#closed) publication.close();
    this.#publication = publication;
    if (this.#hasEntered) this.caller.voiceMoved(publication.ssrc);
    return publication;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#publication?.close();
    this.#onClosed();
  }

  // What is shown, and how packets travel, is not asked of telephones.

  get connection(): MediaConnection {
    throw noTransport();
  }

  async connectTransport(): Promise<void> {
    throw noTransport();
  }

  async restartIce(): Promise<never> {
    throw noTransport();
  }

  setCapabilities(): void {
    throw noTransport();
  }

  setView(): void {
    // Nothing is shown.
  }

  async subscriptionsReady(): Promise<void> {
    throw noTransport();
  }
}

function noTransport(): ConferenceError {
  return new ConferenceError('unsupported-media', 'A telephone has no transports of its own.');
}
