import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import {
  headerExtensionUri,
  rtpCapabilities,
  rtpParameters,
} from '../../../server/signalling/contract/rtp.ts';
import { RtcParticipant, receiverCapabilities } from '../../helpers/rtc-participant.ts';
import { TestSfu } from '../../helpers/sfu.ts';

let sfu: TestSfu;
beforeAll(async () => (sfu = await TestSfu.start({ workers: 1 })));
afterAll(() => sfu.close());

const uri = fc.constantFrom(...headerExtensionUri.options);
const kind = fc.constantFrom('audio' as const, 'video' as const);
const mimeType = fc.constantFrom(
  'audio/opus',
  'video/VP8',
  'video/VP9',
  'video/H264',
  'video/rtx',
  'audio/',
  '',
);
const payloadType = fc.integer({ min: 0, max: 127 });
const ssrc = fc.oneof(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 0xffff_ffff }));
const fmtpName = fc.constantFrom(
  'apt',
  'profile-id',
  'packetization-mode',
  'profile-level-id',
  'usedtx',
  'x',
);
const fmtpValue = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.string(),
  fc.constant(null),
  fc.array(fc.anything()),
);
const parameters = fc.dictionary(fmtpName, fmtpValue, { maxKeys: 3 });
const rtcpFeedback = fc.array(
  fc.record(
    { type: fc.constantFrom('nack', 'ccm', 'x', ''), parameter: fc.constantFrom('pli', 'fir', '') },
    { requiredKeys: ['type'] },
  ),
  { maxLength: 3 },
);
const codec = {
  mimeType,
  clockRate: fc.constantFrom(48_000, 90_000, 1, 2 ** 40),
  channels: fc.constantFrom(1, 2, 70_000),
  parameters,
  rtcpFeedback,
};
const anyParameters = fc.record(
  {
    mid: fc.constantFrom('', '0', 'x'.repeat(32)),
    codecs: fc.array(
      fc.record({ ...codec, payloadType }, { requiredKeys: ['mimeType', 'clockRate', 'payloadType'] }),
      { minLength: 1, maxLength: 2 },
    ),
    headerExtensions: fc.array(
      fc.record({ uri, id: fc.integer({ min: 1, max: 255 }), parameters }, { requiredKeys: ['uri', 'id'] }),
      { maxLength: 6 },
    ),
    encodings: fc.array(
      fc.record(
        {
          ssrc,
          rid: fc.constantFrom('', 'r0', 'r1', 'é'),
          codecPayloadType: payloadType,
          rtx: fc.record({ ssrc }),
          dtx: fc.boolean(),
          scalabilityMode: fc.constantFrom('L1T3', 'L3T3_KEY', 'S3T3', 'L99T99', ''),
          maxBitrate: fc.double({ min: Number.MIN_VALUE, noNaN: true, noDefaultInfinity: true }),
        },
        { requiredKeys: [] },
      ),
      { maxLength: 4 },
    ),
    rtcp: fc.record({ cname: fc.string({ maxLength: 4 }), reducedSize: fc.boolean() }, { requiredKeys: [] }),
    msid: fc.string({ maxLength: 4 }),
  },
  { requiredKeys: ['codecs'] },
);
const anyCapabilities = fc.record(
  {
    codecs: fc.array(
      fc.record(
        { ...codec, kind, preferredPayloadType: payloadType },
        { requiredKeys: ['kind', 'mimeType', 'clockRate', 'preferredPayloadType'] },
      ),
      { maxLength: 5 },
    ),
    headerExtensions: fc.array(fc.record({ kind, uri, preferredId: fc.integer({ min: 1, max: 255 }) }), {
      maxLength: 5,
    }),
  },
  { requiredKeys: [] },
);

it('whatever passes the schemas is taken or refused, and harms neither the worker nor others', async () => {
  const workers = sfu.sfu.workers;
  const room = await sfu.openRoom();
  const [sender, receiver] = await Promise.all(['a', 'b'].map((id) => RtcParticipant.join(room, id)));
  let count = 0;
  await fc.assert(
    fc.asyncProperty(kind, anyParameters, anyCapabilities, async (ofKind, sent, received) => {
      const capabilities = rtpCapabilities.safeParse(received);
      if (capabilities.success) receiver!.media.setCapabilities(capabilities.data);
      const parsed = rtpParameters.safeParse(sent);
      if (!parsed.success) return;
      const id = `publication-${count++}`;
      const source = ofKind === 'audio' ? 'microphone' : 'camera';
      receiver!.show([id]);
      try {
        const publish = { id, source, rtpParameters: parsed.data, muted: false } as const;
        (await sender!.media.publish(publish)).close();
      } catch (error) {
        expect(error).toMatchObject({ name: 'ConferenceError', code: 'unsupported-media' });
      }
    }),
    { numRuns: 3_000, endOnFailure: true },
  );
  expect(sfu.sfu.workers).toEqual(workers);
  receiver!.media.setCapabilities(receiverCapabilities);
  const third = await RtcParticipant.join(room, 'c');
  const [microphone] = await third.microphone('voice');
  microphone.speak();
  await vi.waitFor(() => expect(receiver!.packetsOf('voice')).toBeGreaterThan(5), { timeout: 5_000 });
}, 60_000);
