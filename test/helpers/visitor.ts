/** Somebody in front of a page with senses: what is heard and seen there, whichever browser it is. */
import { personas } from './fake-devices.ts';
import type { Picture, Received, Sound } from './senses.ts';
import { sleep, until } from './wait.ts';

/** A tone as loud as this, in dB, comes from a voice. */
const HEARD_DB = -45;
/** A tone that is never louder than this, in dB, is not there. What Opus adds to a telephone's voice reaches -52. */
const SILENT_DB = -50;
/** Longer than two syllables of a voice, in ms. */
const SYLLABLES_MS = 600;
/** Of less than this many sounds of that time nothing is said: the page has been busy with something else. */
const FEWEST_SOUNDS = 5;
/** A page that did not listen for longer does not know what there was meanwhile, in ms. */
const BUSY_MS = 200;

const TONES: readonly number[] = personas.map(({ tone }) => tone);

export abstract class Visitor {
  readonly name: string;
  /** What went wrong in the page without anybody handling it. */
  readonly problems: string[] = [];

  constructor(name: string) {
    this.name = name;
  }

  /** Works a control by its name. */
  abstract press(name: string): Promise<void>;

  /** Waits for a phase of the room's client. */
  abstract phase(phase: string, timeoutMs?: number): Promise<void>;

  /** Runs a function inside the page. */
  abstract inPage<A, R>(run: (argument: A) => R, argument: A): Promise<Awaited<R>>;

  abstract close(): Promise<void>;

  /** From the preview into the room. */
  async enter(): Promise<void> {
    await this.press('Join now');
    await this.phase('joined');
  }

  /** Keeps an ear on all tones from now on. */
  async listen(): Promise<void> {
    await this.inPage((tones) => window.senses.listen(tones), TONES);
  }

  // ------------------------------------------------------------------------------------ heard

  /** What was heard since a moment, in ms since the epoch. */
  async heardSince(at: number): Promise<Sound[]> {
    return this.inPage((since) => window.senses.heardSince(since), at);
  }

  /** The tones of all who can be heard now, in Hz; null where it is neither clearly there nor clearly not. */
  async heard(): Promise<(number | null)[]> {
    const sounds = await this.heardSince(Date.now() - SYLLABLES_MS);
    if (sounds.length < FEWEST_SOUNDS) return TONES.map(() => null);
    return TONES.flatMap((tone, i) => {
      const loudest = Math.max(...sounds.map(({ levels }) => levels[i]!));
      if (loudest > HEARD_DB) return tone;
      return loudest < SILENT_DB ? [] : null;
    });
  }

  /** The tones of all whom a recording of `ms` has; for a browser without a loudspeaker. */
  async recorded(ms: number): Promise<number[]> {
    const levels = await this.inPage(([tones, time]) => window.senses.record(tones, time), [
      TONES,
      ms,
    ] as const);
    return TONES.filter((_, i) => levels[i]! > HEARD_DB);
  }

  /** Waits until exactly these tones are heard. @returns how long it took, in ms */
  async hears(tones: readonly number[], timeoutMs?: number): Promise<number> {
    const wished = JSON.stringify([...tones].sort((a, b) => a - b));
    const { tookMs } = await until(
      `${this.name} hears ${wished}`,
      () => this.heard(),
      (heard) => JSON.stringify(heard) === wished,
      { ...(timeoutMs === undefined ? {} : { timeoutMs }) },
    );
    return tookMs;
  }

  /** The first moment after `at` from which on a tone is not heard, in ms since the epoch; null if it is. */
  async silentFrom(tone: number, at: number): Promise<number | null> {
    const sounds = await this.heardSince(at);
    const i = TONES.indexOf(tone);
    const last = sounds.findLastIndex(({ levels }) => levels[i]! > HEARD_DB);
    return sounds[last + 1]?.at ?? null;
  }

  /**
   * Waits until a tone that fell silent after `at` is heard for good.
   * @returns when it was heard again, in ms after `at`
   */
  async hearsAgain(tone: number, at: number, timeoutMs: number): Promise<number> {
    const i = TONES.indexOf(tone);
    const { answer } = await until(
      `${this.name} hears ${tone} Hz again`,
      async () => {
        const sounds = await this.heardSince(at);
        const silence = sounds.findLastIndex(({ levels }) => levels[i]! < SILENT_DB);
        const back =
          silence < 0 ? undefined : sounds.slice(silence).find(({ levels }) => levels[i]! > HEARD_DB);
        return back && Date.now() - back.at > SYLLABLES_MS ? back.at : null;
      },
      (back) => back !== null,
      { timeoutMs, everyMs: 200 },
    );
    return answer! - at;
  }

  /**
   * The longest time since a moment, in ms, in which a tone was not heard.
   * @throws Error when the page listened for less than a quarter of the time
   */
  async longestSilence(tone: number, at: number): Promise<number> {
    const i = TONES.indexOf(tone);
    let longest = 0;
    let listened = 0;
    let [heardAt, before] = [at, at];
    for (const { at: now, levels } of await this.heardSince(at)) {
      if (now - before > BUSY_MS) heardAt += now - before;
      else listened += now - before;
      longest = Math.max(longest, now - heardAt);
      if (levels[i]! > HEARD_DB) heardAt = now;
      before = now;
    }
    if (listened < (Date.now() - at) / 4) throw new Error(`${this.name} listened for ${listened} ms only.`);
    return longest;
  }

  /** Waits until exactly these are open: `audio` for a microphone, `video` for a camera. */
  async hasOpen(kinds: readonly string[]): Promise<void> {
    const wished = JSON.stringify(kinds);
    await until(
      `${this.name} has ${wished} open`,
      () => this.inPage(() => window.senses.openDevices(), null),
      (open) => JSON.stringify(open) === wished,
    );
  }

  // ------------------------------------------------------------------------------------ seen

  look(): Promise<Picture[]> {
    return this.inPage(() => window.senses.look(), null);
  }

  /** What the pictures of the others spell, lowest first. */
  async seen(): Promise<(number | null)[]> {
    const others = (await this.look()).filter(({ self }) => !self);
    return others.map(({ code }) => code).sort((a, b) => (a ?? -1) - (b ?? -1));
  }

  /** Waits until exactly these pictures of others are seen. @returns how long it took, in ms */
  async sees(codes: readonly number[], timeoutMs?: number): Promise<number> {
    const wished = JSON.stringify([...codes].sort((a, b) => a - b));
    const { tookMs } = await until(
      `${this.name} sees ${wished}`,
      () => this.seen(),
      (seen) => JSON.stringify(seen) === wished,
      { ...(timeoutMs === undefined ? {} : { timeoutMs }) },
    );
    return tookMs;
  }

  /** Waits until there are pictures of others, and each of them has moved. */
  async seesMotion(timeoutMs = 10_000): Promise<void> {
    const last = new Map<string, number>();
    const moved = new Set<string>();
    await until(
      `${this.name} sees motion`,
      async () => (await this.look()).filter(({ self }) => !self),
      (pictures) => {
        for (const { participantId, source, frames } of pictures) {
          const key = `${participantId} ${source}`;
          // One that is drawn anew begins to count anew.
          if (frames > (last.get(key) ?? Infinity)) moved.add(key);
          last.set(key, frames);
        }
        const keys = pictures.map(({ participantId, source }) => `${participantId} ${source}`);
        return keys.length > 0 && keys.every((key) => moved.has(key));
      },
      { timeoutMs },
    );
  }

  // ------------------------------------------------------------------------------------ received

  /** What the browser has received over all connections so far. */
  received(): Promise<Received> {
    return this.inPage(() => window.senses.received(), null);
  }

  /** What the browser receives within `ms`: bytes of all video, and streams of which any packet comes. */
  async receivedIn(ms: number): Promise<{ videoBytes: number; videos: number; voices: number }> {
    const before = await this.received();
    await sleep(ms);
    const after = await this.received();
    const streams = Object.entries(after).filter(([id, { packets }]) => packets > (before[id]?.packets ?? 0));
    const videos = streams.filter(([, { kind }]) => kind === 'video');
    const voices = streams.filter(([, { kind }]) => kind === 'audio');
    return {
      videoBytes: videos.reduce((sum, [id, { bytes }]) => sum + bytes - (before[id]?.bytes ?? 0), 0),
      videos: videos.length,
      voices: voices.length,
    };
  }
}
