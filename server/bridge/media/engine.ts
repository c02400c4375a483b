/** All calls and rooms of a media process, and what each request does to them. */
import { CertificateShelf } from '../leg/certificate.ts';
import { Call } from './call.ts';
import { Clock, monotonicMs } from './clock.ts';
import { openEncoder } from './codec.ts';
import { Mix } from './mix.ts';
import { MediaError } from './protocol.ts';
import type {
  HandlerResult,
  MediaEvent,
  MediaMethod,
  MediaResult,
  ParsedParams,
  ThreadStats,
} from './protocol.ts';
import { Playing, PromptShelf, TONES } from './prompts.ts';
import { Room } from './room.ts';
import { Usage } from './usage.ts';

export type Handlers = {
  [M in MediaMethod]: (params: ParsedParams<M>) => Promise<HandlerResult<M>>;
};

export interface EngineOptions {
  promptFolder: string;
  tell: (event: MediaEvent) => void;
}

export class Engine {
  readonly handlers: Handlers = {
    openCall: async (params) => this.#openCall(params),
    offer: async ({ callId, kind, direction }) => this.#call(callId).offer(kind, direction),
    answer: async ({ callId, sdp, direction }) => this.#call(callId).answer(sdp, direction),
    acceptAnswer: async ({ callId, sdp }) => this.#call(callId).accept(sdp),
    closeCall: async ({ callId }) => this.#closeCall(callId),
    callStats: async ({ callId }) => this.#call(callId).stats(),
    placeCall: async ({ callId, place }) => {
      const room = place ? this.#room(place.roomId) : null;
      await this.#call(callId).place(place && room ? { room, ssrc: place.ssrc } : null);
    },
    play: async (params) => this.#play(params),
    stopPlaying: async ({ callId }) => this.#call(callId).downlink.stopPlaying(),
    tone: async ({ to, tone }) => {
      const downlinks = 'callId' in to ? [this.#call(to.callId).downlink] : this.#downlinksIn(to.roomId);
      for (const downlink of downlinks) downlink.playTone(new Playing(0, [TONES[tone]], false));
    },
    setMuted: async ({ callId, muted }) => this.#call(callId).setMuted(muted),
    setHeld: async ({ callId, held }) => this.#call(callId).setHeld(held),
    setGain: async ({ callId, decibels }) => this.#call(callId).downlink.setGain(decibels),
    sendDigits: async ({ callId, digits }) => {
      if (this.#call(callId).downlink.sendDigits(digits)) return;
      throw new MediaError('unsupported', 'The phone takes no telephone events.');
    },
    openRoom: async (params) => this.#openRoom(params),
    setWantedVoices: async ({ roomId, wantedVoices }) => {
      this.#room(roomId).mix.wantedVoices = wantedVoices;
    },
    closeRoom: async ({ roomId }) => this.#closeRoom(roomId),
    addVoice: async ({ roomId, ssrc }) => this.#room(roomId).addVoice(ssrc),
    removeVoice: async ({ roomId, ssrc }) => this.#room(roomId).removeVoice(ssrc),
    heartbeat: async () => undefined,
    stats: async () => this.#stats(),
  };

  readonly #tell: (event: MediaEvent) => void;
  readonly #shelf: PromptShelf;
  readonly #certificates = new CertificateShelf();
  readonly #nowhere: Mix;
  readonly #calls = new Map<string, Call>();
  readonly #rooms = new Map<string, Room>();
  readonly #clock: Clock;
  readonly #usage = new Usage();
  #lastPlayId = 0;

  private constructor({ promptFolder, tell }: EngineOptions, nowhere: Mix) {
    this.#tell = tell;
    this.#shelf = new PromptShelf(promptFolder);
    this.#nowhere = nowhere;
    this.#clock = new Clock(
      (now) => this.#tick(now),
      (refusing) => tell({ event: 'overload', refusing }),
    );
  }

  static async start(options: EngineOptions): Promise<Engine> {
    const engine = new Engine(options, await openMix());
    engine.#clock.start();
    return engine;
  }

  close(): void {
    this.#clock.stop();
    for (const call of this.#calls.values()) call.close();
    for (const room of this.#rooms.values()) room.close();
    this.#calls.clear();
    this.#rooms.clear();
    this.#nowhere.close();
  }

  #tick(now: number): void {
    this.#nowhere.mixOnce(now);
    for (const room of this.#rooms.values()) room.tick(now);
    for (const call of this.#calls.values()) call.afterFrame(now);
    this.#usage.measure(now);
  }

  #openCall({ callId, options }: ParsedParams<'openCall'>): void {
    if (this.#clock.refusing) throw new MediaError('overloaded', 'The media process can not keep up.');
    if (this.#calls.has(callId)) throw new MediaError('wrong-state', 'There is a call of this id.');
    this.#calls.set(
      callId,
      new Call(callId, options, {
        clock: monotonicMs,
        tell: this.#tell,
        nowhere: this.#nowhere,
        certificates: this.#certificates,
      }),
    );
  }

  #closeCall(callId: string): MediaResult<'closeCall'> {
    const call = this.#calls.get(callId);
    if (!call) return null;
    const stats = call.stats();
    this.#calls.delete(callId);
    call.close();
    return stats;
  }

  async #play({ callId, prompts, loop }: ParsedParams<'play'>): Promise<MediaResult<'play'>> {
    const { downlink } = this.#call(callId);
    this.#lastPlayId += 1;
    const playId = this.#lastPlayId;
    const wish = downlink.awaitPlaying();
    const sounds = await Promise.all(prompts.map((name) => this.#shelf.get(name)));
    downlink.play(new Playing(playId, sounds, loop), wish);
    return { playId };
  }

  async #openRoom(params: ParsedParams<'openRoom'>): Promise<MediaResult<'openRoom'>> {
    const { roomId } = params;
    if (this.#rooms.has(roomId)) throw new MediaError('wrong-state', 'There is a room of this id.');
    const mix = await openMix();
    try {
      const room = await Room.open(params, mix, monotonicMs);
      // Two requests may have come at once.
      this.#rooms.get(roomId)?.close();
      this.#rooms.set(roomId, room);
      return room.local;
    } catch (error) {
      mix.close();
      throw error;
    }
  }

  #closeRoom(roomId: string): void {
    const room = this.#rooms.get(roomId);
    if (!room) return;
    this.#rooms.delete(roomId);
    for (const call of this.#calls.values()) call.leaveRoom(room);
    room.close();
  }

  #downlinksIn(roomId: string): Call['downlink'][] {
    const { listeners } = this.#room(roomId).mix;
    return [...this.#calls.values()]
      .map(({ downlink }) => downlink)
      .filter((downlink) => listeners.has(downlink));
  }

  #stats(): ThreadStats {
    const { p50Ms, p99Ms } = this.#clock.lateness();
    return {
      calls: this.#calls.size,
      rooms: this.#rooms.size,
      refusing: this.#clock.refusing,
      latenessP50Ms: p50Ms,
      latenessP99Ms: p99Ms,
      cpu: this.#usage.cpu(),
      residentBytes: process.memoryUsage.rss(),
    };
  }

  #call(callId: string): Call {
    const call = this.#calls.get(callId);
    if (!call) throw new MediaError('unknown-call', 'There is no such call.');
    return call;
  }

  #room(roomId: string): Room {
    const room = this.#rooms.get(roomId);
    if (!room) throw new MediaError('unknown-room', 'There is no such room.');
    return room;
  }
}

async function openMix(): Promise<Mix> {
  const [opus, PCMU, PCMA] = await Promise.all([
    openEncoder('opus'),
    openEncoder('PCMU'),
    openEncoder('PCMA'),
  ]);
  return new Mix({ opus, PCMU, PCMA });
}
