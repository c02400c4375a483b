/** Makes one certificate, in a thread of its own: see `certificate.ts`. */
import { parentPort } from 'node:worker_threads';
import { generate } from 'selfsigned';
import type { Pem } from './certificate.ts';

/** Nobody looks at it, as the fingerprint vouches for the key; a process may run for as long. */
const VALID_MS = 10 * 365 * 86_400_000;

const { cert, private: key } = await generate([{ name: 'commonName', value: 'Tertulia' }], {
  keyType: 'ec',
  curve: 'P-256',
  algorithm: 'sha256',
  notAfterDate: new Date(Date.now() + VALID_MS),
});
parentPort?.postMessage({ cert, key } satisfies Pem);
