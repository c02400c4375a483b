import { describe, expect, test } from 'vitest';
import { openDecoder, openEncoder } from '../../../server/bridge/media/codec.ts';
import type { Encoder } from '../../../server/bridge/media/codec.ts';
import { AutomaticGain, Gate, Limiter } from '../../../server/bridge/media/loudness.ts';
import { Mix, Source } from '../../../server/bridge/media/mix.ts';
import type { Listener, SharedSound } from '../../../server/bridge/media/mix.ts';
import { FRAME_MS, FRAME_SAMPLES, SILENCE, levelOf as dbov } from '../../../server/bridge/media/sound.ts';
import { Speakers, loudnessAfter } from '../../../server/bridge/media/speakers.ts';
import { Voice } from '../../../server/bridge/media/voice.ts';
import { ToneGenerator, tone } from '../../helpers/sound.ts';
import { levelOf, loudness } from '../../helpers/telephony/tones.ts';

const RATE = 16_000;

/** A caller in a mix: speaks a tone, and keeps what he hears. */
class Caller implements Listener {
  readonly source: Source;
  readonly limiter = new Limiter();
  readonly heard: Float32Array[] = [];
  readonly payloads: Uint8Array[] = [];
  readonly #voice: ToneGenerator;
  readonly #encoder: Encoder;
  #sequence = 0;

  static async join(mix: Mix, frequency: number, amplitude = 0.2): Promise<Caller> {
    const voice = new Voice(await openDecoder('PCMU'));
    const caller = new Caller(voice, await openEncoder('PCMU'), new ToneGenerator(frequency, amplitude));
    mix.sources.add(caller.source);
    mix.listeners.add(caller);
    return caller;
  }

  private constructor(voice: Voice, encoder: Encoder, generator: ToneGenerator) {
    this.source = new Source(voice);
    this.#encoder = encoder;
    this.#voice = generator;
  }

  speak(now: number): void {
    const frame = new Float32Array(FRAME_SAMPLES);
    this.#voice.addTo(frame);
    const payload = this.#encoder.encode(frame);
    const packet = { sequence: this.#sequence, timestamp: this.#sequence * 160, payload, level: dbov(frame) };
    this.source.voice.push(packet, false, now);
    this.#sequence += 1;
  }

  hearOwn(frame: Float32Array): void {
    this.heard.push(frame.slice());
  }

  hearShared(sound: SharedSound): void {
    this.heard.push(sound.frame.slice());
    this.payloads.push(sound.encoded('PCMU'));
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

function run(mix: Mix, speaking: readonly Caller[], frames = 100): void {
  for (let frame = 1; frame <= frames; frame += 1) {
    const now = frame * FRAME_MS;
    for (const caller of speaking) caller.speak(now - 7);
    mix.mixOnce(now);
  }
}

/** What was heard when all had settled. */
const settled = ({ heard }: Caller): Float32Array =>
  Float32Array.from(heard.slice(40).flatMap((frame) => [...frame]));

describe('a mix', () => {
  test('gives everyone all others, and nobody himself', async () => {
    const mix = await openMix();
    const tones = [400, 650, 900, 1_150];
    const callers = await Promise.all(tones.map((frequency) => Caller.join(mix, frequency)));
    run(mix, callers);
    callers.forEach((caller, self) => {
      const heard = settled(caller);
      tones.forEach((frequency, of) => {
        const level = levelOf(frequency, heard, RATE);
        if (of === self) expect(level).toBeLessThan(-60);
        else expect(level).toBeGreaterThan(-25);
      });
    });
  });

  test('encodes once what all silent listeners hear', async () => {
    const mix = await openMix();
    const speaker = await Caller.join(mix, 500);
    const listeners = await Promise.all([0, 0, 0].map((frequency) => Caller.join(mix, frequency)));
    run(mix, [speaker]);
    const [first, ...others] = listeners;
    expect(levelOf(500, settled(first!), RATE)).toBeGreaterThan(-25);
    for (const other of others) {
      // The very same bytes, not only equal ones.
      expect(other.payloads.every((payload, at) => payload === first!.payloads[at])).toBe(true);
    }
  });

  test('sends who is encoded for the room from the first frame in which they speak, if anybody is wanted', async () => {
    const mix = await openMix();
    const [caller, listener] = [await Caller.join(mix, 500), await Caller.join(mix, 0)];
    mix.encoded.add(caller.source);
    const spoken = 10;
    for (const wanted of [0, 1]) {
      mix.wantedVoices = wanted;
      let sent = 0;
      for (let frame = 0; frame < 100; frame += 1) {
        const now = (frame + 1 + 1_000 * wanted) * FRAME_MS;
        if (frame >= 50 && frame < 50 + spoken) caller.speak(now - 7);
        mix.mixOnce(now);
        if (mix.sends(caller.source) && loudness(caller.source.frame) > -40) sent += 1;
      }
      // What is late at its end is concealed for a while.
      if (wanted === 0) expect(sent).toBe(0);
      else expect(sent).toBeGreaterThanOrEqual(spoken);
    }
    expect(levelOf(500, settled(listener), RATE)).toBeGreaterThan(-50);
  });

  test('is never too loud, however many shout', async () => {
    const mix = await openMix();
    const tones = [300, 430, 610, 840, 1_130];
    const callers = await Promise.all(tones.map((frequency) => Caller.join(mix, frequency, 0.9)));
    const listener = await Caller.join(mix, 0);
    run(mix, callers);
    const heard = settled(listener);
    expect(heard.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0)).toBeLessThanOrEqual(1);
    for (const frequency of tones) expect(levelOf(frequency, heard, RATE)).toBeGreaterThan(-25);
    // Turned down, not cut off: what the five together make beside themselves stays small.
    expect(levelOf(2 * 430 - 300, heard, RATE) - levelOf(430, heard, RATE)).toBeLessThan(-20);
  });

  test('of nobody is comfort noise', async () => {
    const mix = await openMix();
    const listener = await Caller.join(mix, 0);
    run(mix, []);
    expect(loudness(settled(listener))).toBeGreaterThan(-80);
    expect(loudness(settled(listener))).toBeLessThan(-60);
  });

  test('lets a silenced voice go unheard, and then heard again', async () => {
    const mix = await openMix();
    const [one, other] = await Promise.all([Caller.join(mix, 500), Caller.join(mix, 800)]);
    one.source.silenced = true;
    run(mix, [one, other], 60);
    expect(levelOf(500, settled(other), RATE)).toBeLessThan(-60);
    one.source.silenced = false;
    other.heard.length = 0;
    for (let frame = 61; frame <= 160; frame += 1) {
      one.speak(frame * FRAME_MS - 7);
      mix.mixOnce(frame * FRAME_MS);
    }
    expect(levelOf(500, settled(other), RATE)).toBeGreaterThan(-25);
  });
});

describe('the choice of speakers', () => {
  class Talker {
    level: number;
    loudness = 0;

    constructor(level: number) {
      this.level = level;
    }
  }

  const talkers = (...levels: number[]): Talker[] => levels.map((level) => new Talker(level));

  /** Lets one frame pass. @returns how loud those are who are chosen, in -dBov */
  function choose(speakers: Speakers<Talker>, all: readonly Talker[]): number[] {
    for (const talker of all) talker.loudness = loudnessAfter(talker.loudness, talker.level);
    speakers.choose(all);
    return all.filter((talker) => speakers.has(talker)).map(({ level }) => level);
  }

  test('is the loudest five', () => {
    expect(choose(new Speakers(5), talkers(50, 20, 40, 30, 25, 35, 45))).toEqual([20, 40, 30, 25, 35]);
  });

  test('is nobody when all are silent, or none is wanted', () => {
    expect(choose(new Speakers(5), talkers(SILENCE, 80, 70))).toEqual([]);
    expect(choose(new Speakers(0), talkers(20))).toEqual([]);
  });

  test('keeps who speaks against one who is a little louder, not against one who is much louder', () => {
    const speakers = new Speakers<Talker>(5);
    const all = talkers(30, 30, 30, 30, 30, 33);
    choose(speakers, all);
    const last = all.at(-1)!;
    last.level = 27;
    for (let frame = 0; frame < 50; frame += 1) choose(speakers, all);
    expect(speakers.has(last)).toBe(false);
    last.level = 20;
    choose(speakers, all);
    expect(speakers.has(last)).toBe(true);
    expect(speakers.count).toBe(5);
  });

  test('keeps a speaker between two words', () => {
    const speakers = new Speakers<Talker>(5);
    const all = talkers(25);
    choose(speakers, all);
    all[0]!.level = SILENCE;
    for (let frame = 0; frame < 20; frame += 1) expect(choose(speakers, all)).toHaveLength(1);
    for (let frame = 0; frame < 100; frame += 1) choose(speakers, all);
    expect(speakers.count).toBe(0);
  });
});

describe('loudness', () => {
  const settle = (amplitude: number): number => {
    const gain = new AutomaticGain();
    const generator = new ToneGenerator(500, amplitude);
    let frame = new Float32Array(FRAME_SAMPLES);
    for (let i = 0; i < 1_000; i += 1) {
      frame = new Float32Array(FRAME_SAMPLES);
      generator.addTo(frame);
      gain.apply(frame, dbov(frame));
    }
    return dbov(frame);
  };

  test.each([
    { amplitude: 0.02, level: 37 },
    { amplitude: 0.1, level: 23 },
    { amplitude: 0.9, level: 4 },
  ])('of a voice at -$level dBov is brought nearer to the others', ({ amplitude, level }) => {
    const after = settle(amplitude);
    const [before, wanted] = [dbov(tone(500, FRAME_SAMPLES, amplitude)), 22];
    expect(Math.abs(before - level)).toBeLessThanOrEqual(1);
    expect(Math.abs(after - wanted)).toBeLessThanOrEqual(Math.max(3, Math.abs(before - wanted) - 9));
  });

  test('a limiter leaves alone what is not too loud, and lets nothing clip', () => {
    const limiter = new Limiter();
    const soft = tone(500, FRAME_SAMPLES, 0.5);
    const same = soft.slice();
    limiter.apply(same);
    expect(same).toEqual(soft);
    for (let i = 0; i < 20; i += 1) {
      const loud = tone(500, FRAME_SAMPLES, 4);
      limiter.apply(loud);
      expect(loud.every((sample) => Math.abs(sample) <= 1)).toBe(true);
      // Turned down at once, and from the second frame on without bending.
      if (i > 0) expect(Math.abs(levelOf(500, loud, RATE) - loudness(loud))).toBeLessThan(0.2);
    }
  });

  test('a gate opens at once and closes after a while', () => {
    const gate = new Gate();
    expect(gate.isOpen(80)).toBe(false);
    expect(gate.isOpen(40)).toBe(true);
    const open = Array.from({ length: 30 }, () => gate.isOpen(SILENCE)).filter(Boolean).length;
    expect(open).toBe(19);
  });
});
