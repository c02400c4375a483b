import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { audioLevel } from '../../../server/sfu/audio-level.ts';
import { rtpHeader } from '../../helpers/rtp.ts';

const header = { payloadType: 111, sequence: 1, timestamp: 960, ssrc: 42 };

interface Element {
  id: number;
  data: Uint8Array;
}

/** A packet with these elements, in one-byte or two-byte form, padded between and after them. */
function packetWith(
  elements: readonly Element[],
  form: 'one-byte' | 'two-byte',
  csrcs = 0,
  padding = 0,
): Buffer {
  const parts = elements.flatMap(({ id, data }) => [
    form === 'one-byte' ? [(id << 4) | (data.length - 1)] : [id, data.length],
    [...data],
    Array.from({ length: padding }, () => 0),
  ]);
  const body = parts.flat();
  while (body.length % 4 !== 0) body.push(0);
  const rtp = rtpHeader(header);
  rtp[0] = 0x90 | csrcs;
  const extension = Buffer.alloc(4);
  extension.writeUInt16BE(form === 'one-byte' ? 0xbede : 0x1000, 0);
  extension.writeUInt16BE(body.length / 4, 2);
  return Buffer.concat([rtp, Buffer.alloc(4 * csrcs), extension, Buffer.from(body), Buffer.alloc(60)]);
}

describe('audioLevel', () => {
  it('reads the level that a browser writes', () => {
    expect(audioLevel(rtpHeader(header, 35), 6)).toBe(35);
  });

  it('leaves the voice flag out', () => {
    const packet = rtpHeader(header, 35);
    packet[17] = 0x80 | 35;
    expect(audioLevel(packet, 6)).toBe(35);
  });

  it('knows a packet without extensions, and one with others only', () => {
    expect(audioLevel(rtpHeader(header), 6)).toBeNull();
    expect(audioLevel(rtpHeader(header, 35), 7)).toBeNull();
  });

  it('stops at the reserved one-byte id 15', () => {
    const elements = [
      { id: 15, data: Uint8Array.of(1) },
      { id: 6, data: Uint8Array.of(9) },
    ];
    expect(audioLevel(packetWith(elements, 'one-byte'), 6)).toBeNull();
  });

  it('takes nothing from an extension that is longer than the packet', () => {
    const packet = rtpHeader(header, 35);
    packet.writeUInt16BE(2, 14);
    expect(audioLevel(packet, 6)).toBeNull();
  });

  it('takes nothing from an element that is longer than the extension', () => {
    const packet = rtpHeader(header, 35);
    packet[16] = (6 << 4) | 15;
    expect(audioLevel(packet, 6)).toBeNull();
  });

  it('finds the level among any other elements, in both forms', () => {
    const data = (min: number, max: number) => fc.uint8Array({ minLength: min, maxLength: max });
    const others = (form: 'one-byte' | 'two-byte') =>
      fc.array(
        fc.record({
          id: fc.integer({ min: 1, max: form === 'one-byte' ? 14 : 255 }).filter((id) => id !== 6),
          data: form === 'one-byte' ? data(1, 16) : data(0, 40),
        }),
        { maxLength: 8 },
      );
    const cases = fc.constantFrom('one-byte' as const, 'two-byte' as const).chain((form) =>
      fc.record({
        form: fc.constant(form),
        before: others(form),
        after: others(form),
        level: fc.integer({ min: 0, max: 127 }),
        csrcs: fc.integer({ min: 0, max: 15 }),
        padding: fc.integer({ min: 0, max: 3 }),
      }),
    );
    fc.assert(
      fc.property(cases, ({ form, before, after, level, csrcs, padding }) => {
        const elements = [...before, { id: 6, data: Uint8Array.of(0x80 | level) }, ...after];
        expect(audioLevel(packetWith(elements, form, csrcs, padding), 6)).toBe(level);
      }),
    );
  });

  it('survives any bytes, and reads nothing beyond what levels can be', () => {
    const bytes = fc.uint8Array({ maxLength: 200 });
    // Most random bytes fail at the first look: these get further.
    const plausible = bytes.map((packet) => {
      packet.set([0x90, 0x6f].slice(0, packet.length));
      if (packet.length > 15) packet.set([0xbe, 0xde, 0], 12);
      return packet;
    });
    fc.assert(
      fc.property(fc.oneof(bytes, plausible), fc.integer({ min: 0, max: 255 }), (packet, id) => {
        const level = audioLevel(packet, id);
        if (level === null) return;
        expect(level).toBeGreaterThanOrEqual(0);
        expect(level).toBeLessThanOrEqual(127);
      }),
      { numRuns: 2_000 },
    );
  });
});
