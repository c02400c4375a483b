import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openDecoder, openEncoder } from '../../../server/bridge/media/codec.ts';
import type { CodecName } from '../../../server/bridge/media/protocol.ts';
import { FRAME_MS, FRAME_SAMPLES, SILENCE } from '../../../server/bridge/media/sound.ts';
import { Voice } from '../../../server/bridge/media/voice.ts';
import { random } from '../../helpers/random.ts';
import { ToneGenerator } from '../../helpers/sound.ts';
import { levelOf, loudness } from '../../helpers/telephony/tones.ts';

const TONE = 440;
const RATE = 16_000;

interface Arrival {
  sequence: number;
  timestamp: number;
  payload: Uint8Array;
  /** In ms. */
  at: number;
}

/** What a phone sends that speaks a tone all the time, before the network. */
async function packets(codec: CodecName, count: number): Promise<Omit<Arrival, 'at'>[]> {
  const encoder = await openEncoder(codec);
  const voice = new ToneGenerator(TONE);
  return Array.from({ length: count }, (_, i) => {
    const frame = new Float32Array(FRAME_SAMPLES);
    voice.addTo(frame);
    const timestamp = (0xffff_f000 + i * encoder.ticksPerFrame) >>> 0;
    return { sequence: (65_500 + i) & 0xffff, timestamp, payload: encoder.encode(frame) };
  });
}

/** Plays what arrives, frame by frame on a clock of its own, as the mixer does. */
async function play(
  codec: CodecName,
  arrivals: readonly Arrival[],
  frames: number,
): Promise<{ sound: Float32Array[]; voice: Voice }> {
  const voice = new Voice(await openDecoder(codec));
  const inOrder = arrivals.toSorted((a, b) => a.at - b.at);
  let next = 0;
  const sound = Array.from({ length: frames }, (_, frame) => {
    const now = (frame + 1) * FRAME_MS;
    for (; next < inOrder.length && inOrder[next]!.at <= now; next += 1) {
      const { at, ...packet } = inOrder[next]!;
      voice.push({ ...packet, level: 17 }, false, at);
    }
    const out = new Float32Array(FRAME_SAMPLES);
    voice.advance(now);
    voice.render(out);
    return out;
  });
  return { sound, voice };
}

const join = (frames: readonly Float32Array[]): Float32Array =>
  Float32Array.from(frames.flatMap((frame) => [...frame]));

const codecs = ['PCMU', 'opus'] as const;

describe.each(codecs)('a voice in %s', (codec) => {
  test('is played as it was spoken, over the wrap of all numbers', async () => {
    const sent = await packets(codec, 200);
    const { sound } = await play(
      codec,
      sent.map((packet, i) => ({ ...packet, at: i * FRAME_MS + 5 })),
      190,
    );
    const heard = join(sound.slice(20));
    expect(levelOf(TONE, heard, RATE)).toBeGreaterThan(-15);
    // Nothing but the tone.
    expect(Math.abs(levelOf(TONE, heard, RATE) - loudness(heard))).toBeLessThan(0.5);
  });

  test.each([0.05, 0.1])('has no holes when %f of its packets are lost', async (loss) => {
    const next = random();
    const sent = await packets(codec, 500);
    const arrivals = sent.map((packet, i) => ({ ...packet, at: i * FRAME_MS })).filter(() => next() >= loss);
    const { sound } = await play(codec, arrivals, 490);
    const levels = sound.slice(20).map((frame) => loudness(frame));
    // One lost packet is filled; the few losses in a row fade.
    const holes = levels.filter((level) => level < -40).length;
    expect(holes / levels.length).toBeLessThan(loss / 4);
    expect(levelOf(TONE, join(sound.slice(20)), RATE)).toBeGreaterThan(-17);
  });

  test('is put in order, and held as long as the jitter of the network asks for', async () => {
    const next = random();
    const sent = await packets(codec, 1_000);
    const arrivals = sent.map((packet, i) => ({ ...packet, at: i * FRAME_MS + 60 * next() }));
    const { sound, voice } = await play(codec, arrivals, 990);
    expect(voice.bufferMs).toBeGreaterThanOrEqual(60);
    expect(voice.bufferMs).toBeLessThanOrEqual(110);
    const settled = sound.slice(200);
    const holes = settled.filter((frame) => loudness(frame) < -40).length;
    expect(holes).toBe(0);
    expect(voice.tooLate).toBeLessThan(30);
  });

  test.each([200, -200])(
    'is not later and later when its clock is %i ppm off, in ten minutes',
    async (ppm) => {
      // A soft tone, and each ten seconds one packet that is loud: when it is heard tells the delay.
      const period = 500;
      const encoder = await openEncoder(codec);
      const soft = new ToneGenerator(TONE, 0.05);
      const payloads = Array.from({ length: period }, (_, i) => {
        const frame = new Float32Array(FRAME_SAMPLES);
        soft.addTo(frame);
        if (i === period / 2) frame.forEach((sample, at) => (frame[at] = sample * 12));
        return encoder.encode(frame);
      });
      const voice = new Voice(await openDecoder(codec));
      const sentAt = (i: number): number => i * FRAME_MS * (1 + ppm / 1_000_000) + 3;
      const delays: number[] = [];
      const out = new Float32Array(FRAME_SAMPLES);
      let holes = 0;
      let next = 0;
      for (let now = FRAME_MS; now < 600_000; now += FRAME_MS) {
        for (; sentAt(next) <= now; next += 1) {
          const payload = payloads[next % period]!;
          const timestamp = next * encoder.ticksPerFrame;
          voice.push({ sequence: next & 0xffff, timestamp, payload, level: 17 }, false, sentAt(next));
        }
        voice.advance(now);
        voice.render(out);
        const loud = loudness(out);
        if (now > 1_000 && loud < -45) holes += 1;
        // One loud packet may be heard in two frames.
        if (loud > -14 && next % period < period / 2 + 20) {
          delays[Math.floor(next / period)] ??= now - sentAt(next - (next % period) + period / 2);
        }
      }
      expect(delays).toHaveLength(60);
      expect(Math.min(...delays)).toBeGreaterThan(10);
      expect(Math.max(...delays)).toBeLessThan(100);
      expect(Math.abs(delays.at(-1)! - delays[1]!)).toBeLessThan(45);
      expect(holes).toBe(0);
    },
  );

  test('that stops comes to rest, and is in time when it begins again', async () => {
    const sent = await packets(codec, 300);
    const arrivals = sent
      .map((packet, i) => ({ ...packet, at: i * FRAME_MS }))
      .filter((_, i) => i < 100 || i >= 200);
    const { sound } = await play(codec, arrivals, 290);
    expect(loudness(join(sound.slice(115, 198)))).toBeLessThan(-60);
    expect(loudness(join(sound.slice(206, 280)))).toBeGreaterThan(-20);
  });
});

/** Decoded by libopus to fifty times full scale. */
const loudJunk = [
  [0, 0, [169, 246, 9], 86, false, 198] as const,
  [33_585, 2_596_213_841, [6, 43, 239], 27, true, 56] as const,
  [51_158, 4_120_714_011, [61], 110, false, 210] as const,
  [51_376, 2_827_041_270, [216, 156, 52], 42, true, 152] as const,
].map(([sequence, timestamp, payload, level, noise, gapMs]) => {
  return { sequence, timestamp, payload: Uint8Array.from(payload), level, noise, gapMs };
});

test('whatever comes, each frame is a frame, and no packet breaks anything', async () => {
  const decoders = { PCMU: await openDecoder('PCMU'), opus: await openDecoder('opus') };
  const packet = fc.record({
    sequence: fc.integer({ min: 0, max: 0xffff }),
    timestamp: fc.integer({ min: 0, max: 0xffff_ffff }),
    payload: fc.uint8Array({ maxLength: 400 }),
    level: fc.option(fc.integer({ min: 0, max: 127 })),
    noise: fc.boolean(),
    gapMs: fc.integer({ min: 0, max: 300 }),
  });
  fc.assert(
    fc.property(fc.constantFrom(...codecs), fc.array(packet, { maxLength: 40 }), (codec, arrivals) => {
      const voice = new Voice(decoders[codec]);
      const out = new Float32Array(FRAME_SAMPLES);
      let now = 0;
      for (const { noise, gapMs, ...arrival } of arrivals) {
        voice.push(arrival, noise, now);
        now += gapMs;
        const level = voice.advance(now);
        expect(level).toBeGreaterThanOrEqual(0);
        expect(level).toBeLessThanOrEqual(SILENCE);
        if (gapMs % 2 === 0) voice.render(out);
        else voice.discard();
        expect(out.every((sample) => Number.isFinite(sample) && Math.abs(sample) < 2)).toBe(true);
      }
    }),
    { numRuns: 200, examples: [['opus', loudJunk]] },
  );
});
