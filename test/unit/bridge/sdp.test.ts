import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { offeredFormats, writeDescription } from '../../../server/bridge/leg/description.ts';
import { SymmetricTarget } from '../../../server/bridge/leg/udp.ts';
import { MediaError, codecNames } from '../../../server/bridge/media/protocol.ts';
import { readDescription } from '../../../server/bridge/sdp.ts';

const sdp = (...lines: string[]): string =>
  ['v=0', 'o=- 1 1 IN IP4 192.0.2.1', 's=-', 'c=IN IP4 192.0.2.1', 't=0 0', ...lines, ''].join('\r\n');

const FINGERPRINT = `a=fingerprint:sha-256 ${Array(32).fill('AB').join(':')}`;
const ICE = ['a=ice-ufrag:abcd', 'a=ice-pwd:0123456789012345678901'];

describe('a session description', () => {
  test.each([
    { kind: 'plain', lines: ['m=audio 4000 RTP/AVP 0'] },
    { kind: 'plain', lines: ['m=audio 4000 RTP/AVPF 0', ...ICE] },
    {
      kind: 'sdes',
      lines: ['m=audio 4000 RTP/SAVP 0', `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${'A'.repeat(40)}`],
    },
    { kind: 'dtls', lines: ['m=audio 9 UDP/TLS/RTP/SAVPF 0', FINGERPRINT, ...ICE] },
    { kind: 'dtls', lines: [FINGERPRINT, ...ICE, 'm=audio 9 RTP/SAVPF 0'] },
  ])('asks for a $kind leg by $lines', ({ kind, lines }) => {
    expect(readDescription(sdp(...lines)).kind).toBe(kind);
  });

  test('tells codecs, digits, noise and level, with static payload types', () => {
    const read = readDescription(
      sdp(
        'm=audio 4000 RTP/AVP 8 0 107 18 101 102 13',
        'a=rtpmap:107 OPUS/48000/2',
        'a=rtpmap:18 G729/8000',
        'a=rtpmap:101 telephone-event/8000',
        'a=rtpmap:102 telephone-event/48000',
        'a=extmap:3 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
      ),
    );
    expect(read.codecs).toEqual([
      { name: 'PCMA', payloadType: 8 },
      { name: 'PCMU', payloadType: 0 },
      { name: 'opus', payloadType: 107 },
    ]);
    expect(read.digits).toEqual([
      { payloadType: 101, clockRate: 8_000 },
      { payloadType: 102, clockRate: 48_000 },
    ]);
    expect(read).toMatchObject({ comfortNoise: 13, levelExtensionId: 3, direction: 'sendrecv', port: 4_000 });
    expect(read.rtcp).toEqual({ address: '192.0.2.1', port: 4_001 });
  });

  test.each([
    { lines: ['m=audio 4000 RTP/AVP 0', 'a=sendonly'], direction: 'sendonly' },
    { lines: ['a=inactive', 'm=audio 4000 RTP/AVP 0'], direction: 'inactive' },
    // Hold as RFC 2543 had it.
    { lines: ['m=audio 4000 RTP/AVP 0', 'c=IN IP4 0.0.0.0'], direction: 'sendonly' },
  ])('says $direction by $lines', ({ lines, direction }) => {
    expect(readDescription(sdp(...lines)).direction).toBe(direction);
  });

  test.each([
    ['malformed', 'nonsense'],
    ['malformed', ''],
    ['malformed', 'v=0\r\nm=audio 4000 RTP/AVP 0\r\n'],
    ['unsupported', sdp('m=video 4000 RTP/AVP 96')],
    ['unsupported', sdp('m=audio 0 RTP/AVP 0')],
    ['unsupported', sdp('m=audio 4000 RTP/AVP 18', 'a=rtpmap:18 G729/8000')],
    ['unsupported', sdp('m=audio 4000 RTP/SAVP 0')],
    ['unsupported', sdp('m=audio 4000 TCP/RTP/AVP 0')],
  ])('is refused as %s: %j', (code, text) => {
    expect(() => readDescription(text)).toThrow(expect.objectContaining({ code }));
  });

  test('whatever it is, is read or refused', () => {
    const line = fc.oneof(
      fc.string({ maxLength: 60 }),
      fc.constantFrom(
        'm=audio 1 RTP/AVP 0',
        'a=rtpmap:0',
        'c=IN',
        'a=crypto:1 x inline:',
        'a=candidate:1',
        ...ICE,
      ),
      fc.string({ maxLength: 40 }).map((rest) => `a=${rest}`),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 15 }), (lines) => {
        try {
          readDescription(sdp(...lines));
        } catch (error) {
          expect(error).toBeInstanceOf(MediaError);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('of ours is read as it was meant', () => {
    const transport = {
      protocol: 'RTP/AVP',
      address: '192.0.2.9',
      port: 5_000,
      rtcpMux: false,
      attributes: {},
    };
    const origin = { sessionId: 7, version: 3 };
    const written = writeDescription(origin, transport, offeredFormats(codecNames), 'sendonly', null);
    const read = readDescription(written);
    expect(written).toContain('o=- 7 3 IN IP4 192.0.2.9');
    expect(read.codecs.map(({ name }) => name)).toEqual(['opus', 'PCMU', 'PCMA']);
    expect(read.digits.map(({ clockRate }) => clockRate)).toEqual([48_000, 8_000]);
    expect(read).toMatchObject({ kind: 'plain', address: '192.0.2.9', port: 5_000, direction: 'sendonly' });
  });

  test('of ours answers each line of the offer, and refuses what is no sound', () => {
    const offer = readDescription(
      sdp('m=video 4002 RTP/AVP 96', 'a=rtpmap:96 VP8/90000', 'm=audio 4000 RTP/AVP 0', 'a=mid:1'),
    );
    const transport = {
      protocol: 'RTP/AVP',
      address: '192.0.2.9',
      port: 5_000,
      rtcpMux: false,
      attributes: {},
    };
    const formats = { codecs: offer.codecs, digits: [], comfortNoise: null, levelExtensionId: null };
    const answer = writeDescription({ sessionId: 7, version: 1 }, transport, formats, 'sendrecv', offer);
    expect(answer.match(/^m=.*$/gm)).toEqual(['m=video 0 RTP/AVP 96', 'm=audio 5000 RTP/AVP 0']);
    expect(answer).toContain('a=mid:1');
  });
});

describe('where a phone is', () => {
  const told = { address: '192.0.2.1', port: 4_000 };
  const nat = { address: '198.51.100.7', port: 61_000 };
  const stranger = { address: '203.0.113.5', port: 9 };

  test('is where its description says, as soon as a packet comes from there', () => {
    const target = new SymmetricTarget();
    target.tell(told);
    expect(target.target).toEqual(told);
    expect(target.accepts(told)).toBe(true);
    expect(target.accepts(stranger)).toBe(false);
    expect(target.target).toEqual(told);
  });

  test('is learnt from three packets in a row, and stays', () => {
    const target = new SymmetricTarget();
    target.tell(told);
    for (const source of [nat, stranger, nat, nat]) target.accepts(source);
    expect(target.target).toEqual(told);
    target.accepts(nat);
    expect(target.target).toEqual(nat);
    for (let i = 0; i < 10; i += 1) expect(target.accepts(stranger)).toBe(false);
    expect(target.target).toEqual(nat);
  });

  test('is learnt anew when a new description says another address', () => {
    const target = new SymmetricTarget();
    target.tell(told);
    target.accepts(told);
    target.tell(told);
    expect(target.accepts(nat)).toBe(false);
    target.tell(nat);
    expect(target.target).toEqual(nat);
    expect(target.accepts(nat)).toBe(true);
  });
});
