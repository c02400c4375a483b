// Run by worker.ts, in a process of its own: tries whether a worker does its work. Exits with 0 if so.

import { createWorker } from 'mediasoup';

const TIMEOUT_MS = 15_000;

const timeout = setTimeout(() => {
  console.error(`The worker took longer than ${String(TIMEOUT_MS / 1000)} s.`);
  process.exit(1);
}, TIMEOUT_MS);

const workerBin = process.argv[2];
if (workerBin === undefined) throw new Error('Usage: worker-verify.ts <path of a worker>');

const worker = await createWorker({ workerBin, logLevel: 'warn' });
worker.once('died', (error) => {
  console.error(`The worker died: ${error.message}`);
  process.exit(1);
});
const router = await worker.createRouter({
  mediaCodecs: [{ kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2 }],
});
// Keys are taken into use, so a worker whose SRTP library lacks AES-GCM is found out here.
const transport = await router.createPlainTransport({
  listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
  enableSrtp: true,
  srtpCryptoSuite: 'AEAD_AES_256_GCM',
  comedia: true,
});
const { srtpParameters } = transport;
if (!srtpParameters) throw new Error('The worker made a transport without SRTP.');
await transport.connect({ srtpParameters });
worker.close();
clearTimeout(timeout);
