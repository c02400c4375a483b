/**
 * One caller, from the answer to the end: carries out what the voice menu wants, and takes what happens on the call
 * and at the room's door to the menu. After a transfer it goes on with another call.
 */
import type { Logger } from 'pino';
import type { Place, RoomDoor, Visit } from './door.ts';
import { openIvr, stepIvr } from './ivr.ts';
import type { Ivr, IvrAction, IvrEvent, IvrOptions, IvrTimer, Step } from './ivr.ts';
import type { MediaThread } from './media/media-thread.ts';
import type { MediaEvent, MediaMethod, MediaParams } from './media/protocol.ts';
import type { Call, CallEnd, TransferRequest } from './sip/call.ts';

/** Lines of chat that a caller may send within `LINES_MS`. */
const MOST_LINES = 5;
const LINES_MS = 10_000;

export interface SessionOptions {
  call: Call;
  thread: MediaThread;
  door: RoomDoor;
  ivr: IvrOptions;
  /** Of a call out of a room. */
  invitation: string | null;
  /** Whether the caller may be transferred there. */
  mayTransfer: (referTo: string) => boolean;
  /** Sends the caller a line of the room's chat. */
  write: (from: string, text: string) => void;
  onEnd: () => void;
  logger: Logger;
}

export class Session {
  readonly #options: SessionOptions;
  readonly #logger: Logger;
  readonly #visit: Visit;
  readonly #timers = new Map<IvrTimer, NodeJS.Timeout>();
  /** The menu's ids of what plays, by the media process's. */
  readonly #playing = new Map<number, number>();
  /** When the last lines of chat were sent. */
  #linesAtMs: number[] = [];
  #ivr: Ivr;
  #call: Call;
  /** Whom the caller is being transferred to. */
  #next: Call | null = null;
  #isOver = false;
  #place: Place | null = null;
  #muted = false;
  #decibels = 0;

  /** @param options `call` has just been answered */
  constructor(options: SessionOptions) {
    const { call, door, invitation, logger } = options;
    const first = openIvr(options.ivr);
    this.#ivr = first.ivr;
    this.#options = options;
    this.#logger = logger;
    this.#call = call;
    this.#follow(call);
    this.#visit = door.receive(
      { ...call.details, invitation },
      {
        tell: (event) => this.#happened(event),
        place: (place) => this.#placed(place),
        read: (from, text) => options.write(from, text),
      },
    );
    this.#take(first);
  }

  /** Who it is at the trunk. */
  get call(): Call {
    return this.#call;
  }

  /** Takes a line of chat from the caller's phone. @returns whether it was not too many */
  say(text: string): boolean {
    const now = performance.now();
    this.#linesAtMs = this.#linesAtMs.filter((at) => now - at < LINES_MS);
    if (this.#linesAtMs.length >= MOST_LINES) return false;
    this.#linesAtMs.push(now);
    this.#visit.say(text);
    return true;
  }

  /** The room, or the bridge, is about to stop. */
  endIsNear(): void {
    this.#happened({ type: 'endIsNear' });
  }

  /** The server is gone by now: whom no room knows of yet is told good-bye. */
  endIsHere(): void {
    this.#happened({ type: 'endIsHere' });
  }

  #follow(call: Call): void {
    call.on('digit', (digit, via) => {
      if (call === this.#call) this.#happened({ type: 'digit', digit, via });
    });
    call.on('mediaEvent', (event) => {
      if (call === this.#call) this.#promptEnded(event);
    });
    call.on('transfer', (request) => this.#transfer(request));
    call.on('ended', (end) => this.#ended(call, end));
  }

  /** What comes of something that was under way at the end, such as prompts that could not be played, comes too late. */
  #happened(event: IvrEvent): void {
    if (!this.#isOver) this.#take(stepIvr(this.#ivr, event));
  }

  #take({ ivr, actions }: Step): void {
    if (ivr.stage.name !== this.#ivr.stage.name) this.#logger.debug({ stage: ivr.stage.name }, 'voice menu');
    this.#ivr = ivr;
    for (const action of actions) this.#do(action);
  }

  #do(action: IvrAction): void {
    const callId = this.#call.id;
    switch (action.type) {
      case 'play':
        void this.#play(action.playId, [...action.prompts]);
        return;
      case 'stopPlaying':
        this.#ask('stopPlaying', { callId });
        return;
      case 'askDoor':
        this.#visit.ask(action.roomNumber, action.pin);
        return;
      case 'setMuted':
        this.#muted = action.muted;
        this.#ask('setMuted', { callId, muted: action.muted });
        this.#visit.setMuted(action.muted);
        return;
      case 'raiseHand':
        this.#visit.raiseHand(action.raised);
        return;
      case 'setGain':
        this.#decibels = action.decibels;
        this.#ask('setGain', { callId, decibels: action.decibels });
        return;
      case 'startTimer':
        this.#startTimer(action.timer, action.ms);
        return;
      case 'stopTimer':
        clearTimeout(this.#timers.get(action.timer));
        return;
      case 'leave':
        this.#next?.hangUp(action.reason);
        this.#call.hangUp(action.reason);
    }
  }

  #startTimer(timer: IvrTimer, ms: number): void {
    clearTimeout(this.#timers.get(timer));
    this.#timers.set(
      timer,
      setTimeout(() => this.#happened({ type: 'timeout', timer }), ms),
    );
  }

  async #play(playId: number, prompts: string[]): Promise<void> {
    try {
      const played = await this.#options.thread.request('play', { callId: this.#call.id, prompts });
      this.#playing.set(played.playId, playId);
    } catch (error) {
      this.#logger.warn({ err: error, prompts }, 'prompts that can not be played');
      this.#happened({ type: 'promptEnded', playId });
    }
  }

  #promptEnded(event: MediaEvent): void {
    if (event.event !== 'promptEnded') return;
    const playId = this.#playing.get(event.playId);
    this.#playing.delete(event.playId);
    if (playId !== undefined) this.#happened({ type: 'promptEnded', playId });
  }

  #placed(place: Place | null): void {
    this.#place = place;
    this.#ask('placeCall', { callId: this.#call.id, place });
  }

  /** What nobody waits for. It fails when the call has ended meanwhile. */
  #ask<M extends MediaMethod>(method: M, params: MediaParams<M>): void {
    this.#options.thread.request(method, params).catch((error: unknown) => {
      if (!this.#call.isOver) this.#logger.warn({ err: error, method }, 'the media process refuses');
    });
  }

  // --- Transfers

  #transfer(request: TransferRequest): void {
    const isAllowed = this.#next === null && this.#options.mayTransfer(request.referTo);
    this.#logger.info({ isAllowed }, 'the phone asks to be transferred');
    if (!isAllowed) {
      request.reject();
      return;
    }
    const next = request.accept();
    this.#next = next;
    next.once('answered', () => this.#goOnWith(next));
    next.once('ended', (end) => {
      if (this.#next !== next) return;
      this.#next = null;
      this.#visit.record(next.details, end);
      // The one before may have hung up meanwhile.
      if (this.#call.isOver) this.#end();
    });
  }

  #goOnWith(next: Call): void {
    const before = this.#call;
    this.#ask('placeCall', { callId: before.id, place: null });
    this.#next = null;
    this.#call = next;
    this.#follow(next);
    this.#ask('placeCall', { callId: next.id, place: this.#place });
    this.#ask('setMuted', { callId: next.id, muted: this.#muted });
    this.#ask('setGain', { callId: next.id, decibels: this.#decibels });
    before.hangUp('transferred');
  }

  #ended(call: Call, end: CallEnd): void {
    this.#visit.record(call.details, end);
    // Somebody else goes on in its place, or it is still to be seen whether they do.
    if (call === this.#call && !this.#next) this.#end();
  }

  #end(): void {
    this.#isOver = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#visit.end();
    this.#options.onEnd();
  }
}
