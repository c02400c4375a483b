/**
 * Rooms of the conference in the media process: open for as long as the server keeps its link to one, each with the voices
 * that come to it.
 */
import { randomInt } from 'node:crypto';
import { nanoid } from 'nanoid';
import type { Logger } from 'pino';
import type { BridgeLink, BridgeRoomEvent, CallerInRoom } from '../../signalling/contract/bridge.ts';
import type { Place } from '../door.ts';
import type { MediaThread } from '../media/media-thread.ts';
import type { MediaMethod, MediaParams } from '../media/protocol.ts';

export interface MediaRoomsParts {
  thread: MediaThread;
  /** Address of this host from which the server is reached. */
  listenIp: string;
  logger: Logger;
}

/** Tones of comings and goings are no closer together than this, in ms. Longer: calmer. Shorter: more is told. */
const TONE_PAUSE_MS = 4_000;
/** SSRC of one who may only listen: nothing that is sent with it is taken. */
const MAX_SSRC = 0xffff_ffff;

/** What a caller has come into. */
type Entered = Pick<CallerInRoom, 'room' | 'link' | 'voices' | 'wantedVoices'>;

interface OpenRoom {
  /** In the media process: that is shared with the rooms of another server, and with one of this name just being closed. */
  id: string;
  wantedVoices: number;
  /** Resolves when it is open there; rejects with a MediaError when it can not be. Another one once a link replaces it. */
  opened: Promise<unknown>;
  /** What is asked of the media process for it, one after the other; never rejects. */
  last: Promise<unknown>;
  toneAt: number;
}

export class MediaRooms {
  readonly #parts: MediaRoomsParts;
  readonly #rooms = new Map<string, OpenRoom>();

  constructor(parts: MediaRoomsParts) {
    this.#parts = parts;
  }

  /** A caller comes in. Resolves when there are places in the room. @throws MediaError */
  async enter({ room, link, voices, wantedVoices }: Entered): Promise<void> {
    if (!this.#rooms.has(room)) {
      const [opened, last] = [Promise.resolve(), Promise.resolve()];
      const open = { id: nanoid(), wantedVoices, opened, last, toneAt: -Infinity };
      this.#rooms.set(room, open);
      this.#open(open, room, link, voices);
    }
    await this.ready(room);
  }

  /** Resolves when there are places in a room, by whatever link it has then. @throws MediaError */
  async ready(room: string): Promise<void> {
    const now = () => this.#rooms.get(room)?.opened;
    for (let awaited: Promise<unknown> | undefined; awaited !== now(); await awaited) awaited = now();
  }

  /**
   * @param ssrc what the server takes the voice with; null for one who may only listen
   * @returns null where there is no such room, as after the media process was lost
   */
  place(room: string, ssrc: number | null): Place | null {
    const open = this.#rooms.get(room);
    return open ? { roomId: open.id, ssrc: ssrc ?? randomInt(1, MAX_SSRC) } : null;
  }

  /** The server is gone: no room is what it was. */
  closeAll(): void {
    for (const [room, open] of this.#rooms) this.#close(open, room);
  }

  /** The media process is gone, and with it all that was open there. */
  forgetAll(): void {
    this.#rooms.clear();
  }

  happened(room: string, event: BridgeRoomEvent): void {
    const open = this.#rooms.get(room);
    if (!open) return;
    switch (event.type) {
      case 'voiceOpened':
        void this.#ask(open, 'addVoice', { roomId: open.id, ssrc: event.ssrc });
        return;
      case 'voiceClosed':
        void this.#ask(open, 'removeVoice', { roomId: open.id, ssrc: event.ssrc });
        return;
      case 'wantedVoices':
        open.wantedVoices = event.count;
        void this.#ask(open, 'setWantedVoices', { roomId: open.id, wantedVoices: event.count });
        return;
      case 'reset':
        void this.#ask(open, 'closeRoom', { roomId: open.id });
        this.#open(open, room, event.link, []);
        return;
      case 'closed':
        this.#close(open, room);
        return;
      case 'came':
      case 'went':
        this.#tone(open, event.type === 'came' ? 'join' : 'leave');
    }
  }

  #tone(open: OpenRoom, tone: 'join' | 'leave'): void {
    const now = performance.now();
    if (now - open.toneAt < TONE_PAUSE_MS) return;
    open.toneAt = now;
    void this.#ask(open, 'tone', { to: { roomId: open.id }, tone });
  }

  #open(open: OpenRoom, room: string, link: BridgeLink, voices: readonly number[]): void {
    const { opusPayloadType, levelExtensionId, ip, port, srtp } = link;
    const opened = this.#ask(open, 'openRoom', {
      ...{
        roomId: open.id,
        opusPayloadType,
        levelExtensionId,
        listenIp: this.#parts.listenIp,
        remote: { ip, port },
        wantedVoices: open.wantedVoices,
      },
      ...(srtp === null ? {} : { srtp: { local: srtp.bridge, remote: srtp.server } }),
    });
    open.opened = opened;
    // Whoever comes next tries anew.
    opened.catch(() => {
      if (open.opened === opened && this.#rooms.get(room) === open) this.#close(open, room);
    });
    for (const ssrc of voices) void this.#ask(open, 'addVoice', { roomId: open.id, ssrc });
  }

  #close(open: OpenRoom, room: string): void {
    this.#rooms.delete(room);
    void this.#ask(open, 'closeRoom', { roomId: open.id });
  }

  /** What fails is logged. @returns the answer, which whoever needs it may wait for */
  #ask<M extends MediaMethod>(open: OpenRoom, method: M, params: MediaParams<M>): Promise<unknown> {
    const asked = open.last.then(() => this.#parts.thread.request(method, params));
    open.last = asked.catch((err: unknown) =>
      this.#parts.logger.warn({ err, method }, 'the media of a room failed'),
    );
    return asked;
  }
}
