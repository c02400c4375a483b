// The worker that set-up builds encrypts through our header over Debian's libsrtp: proves with real workers that
// packets arrive as they were sent, for each cipher that browsers and phones use, and only with the right key.

import { setTimeout as wait } from 'node:timers/promises';
import { createWorker } from 'mediasoup';
import type { Router, SrtpCryptoSuite, SrtpParameters, Worker } from 'mediasoup/types';
import { afterAll, beforeAll, expect, test } from 'vitest';

const SUITES = [
  'AEAD_AES_256_GCM',
  'AEAD_AES_128_GCM',
  'AES_CM_128_HMAC_SHA1_80',
  'AES_CM_128_HMAC_SHA1_32',
] as const satisfies readonly SrtpCryptoSuite[];

/** From one byte to what an Ethernet frame carries, so that lengths around the ciphers' blocks are among them. */
const PAYLOAD_SIZES = [1, 15, 16, 17, 31, 32, 33, 160, 1000, 1300];
const PAYLOAD_TYPE = 111;
/**
 * How long packets that have been sent may be under way, in ms: those that are to come, on a busy machine, and those that
 * are not, which over loopback take less than one.
 */
const PATIENCE_MS = { toCome: 10_000, notToCome: 500 } as const;
const HEADER_BYTES = 12;

let worker: Worker;
let router: Router;

beforeAll(async () => {
  worker = await createWorker({ logLevel: 'error' });
  router = await worker.createRouter({
    mediaCodecs: [
      {
        kind: 'audio',
        mimeType: 'audio/opus',
        clockRate: 48_000,
        channels: 2,
        preferredPayloadType: PAYLOAD_TYPE,
      },
    ],
  });
});

afterAll(() => {
  worker.close();
});

test.each(SUITES)('%s: packets of all sizes arrive as they were sent', async (suite) => {
  const { sent, received } = await sendThrough(suite, PATIENCE_MS.toCome, (parameters) => parameters);
  expect(received).toEqual(sent);
});

test.each(SUITES)('%s: nothing arrives when the keys differ in one bit', async (suite) => {
  const { received } = await sendThrough(suite, PATIENCE_MS.notToCome, (parameters) => {
    const key = Buffer.from(parameters.keyBase64, 'base64');
    key.writeUInt8(key.readUInt8(0) ^ 1, 0);
    return { ...parameters, keyBase64: key.toString('base64') };
  });
  expect(received).toEqual([]);
});

/** Sends packets from Node to a transport, encrypted over UDP to another, and back to Node; gives their payloads. */
async function sendThrough(
  suite: SrtpCryptoSuite,
  patienceMs: number,
  keyOfReceiver: (keyOfSender: SrtpParameters) => SrtpParameters,
): Promise<{ sent: string[]; received: string[] }> {
  const options = {
    listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
    rtcpMux: true,
    enableSrtp: true,
    srtpCryptoSuite: suite,
  } as const;
  const sender = await router.createPlainTransport(options);
  const receiver = await router.createPlainTransport(options);
  const [senderKey, receiverKey] = [sender.srtpParameters!, receiver.srtpParameters!];
  await sender.connect({ ip: '127.0.0.1', port: receiver.tuple.localPort, srtpParameters: receiverKey });
  await receiver.connect({
    ip: '127.0.0.1',
    port: sender.tuple.localPort,
    srtpParameters: keyOfReceiver(senderKey),
  });

  const ssrc = 1234;
  const origin = await router.createDirectTransport();
  const source = await origin.produce({
    kind: 'audio',
    rtpParameters: {
      codecs: [{ mimeType: 'audio/opus', clockRate: 48_000, channels: 2, payloadType: PAYLOAD_TYPE }],
      encodings: [{ ssrc }],
    },
  });
  const { rtpCapabilities } = router;
  const encrypted = await sender.consume({ producerId: source.id, rtpCapabilities });
  const decrypted = await receiver.produce({ kind: 'audio', rtpParameters: encrypted.rtpParameters });
  const destination = await router.createDirectTransport();
  const sink = await destination.consume({ producerId: decrypted.id, rtpCapabilities });

  const received: string[] = [];
  sink.on('rtp', (packet) => received.push(packet.subarray(-payloadSize(packet)).toString('hex')));
  const sent = PAYLOAD_SIZES.map((size, index) => Buffer.alloc(size, index + 1).toString('hex'));
  for (const [index, payload] of sent.entries()) {
    source.send(rtpPacket(index + 1, ssrc, Buffer.from(payload, 'hex')));
    await wait(5);
  }
  const giveUpAtMs = Date.now() + patienceMs;
  while (received.length < sent.length && Date.now() < giveUpAtMs) await wait(10);
  for (const transport of [sender, receiver, origin, destination]) transport.close();
  return { sent, received };
}

function rtpPacket(sequence: number, ssrc: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(0x80, 0);
  header.writeUInt8(PAYLOAD_TYPE, 1);
  header.writeUInt16BE(sequence, 2);
  header.writeUInt32BE(sequence * 960, 4);
  header.writeUInt32BE(ssrc, 8);
  return Buffer.concat([header, payload]);
}

/** Bytes after the header and its extension (RFC 3550, 5.3.1), which the worker may add. */
function payloadSize(packet: Buffer): number {
  const hasExtension = (packet.readUInt8(0) & 0x10) !== 0;
  const extension = hasExtension ? 4 + 4 * packet.readUInt16BE(HEADER_BYTES + 2) : 0;
  return packet.length - HEADER_BYTES - extension;
}
