/** What we show phones in the DTLS handshake; their side knows it by the fingerprint in our SDP (RFC 8122). */
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';

const pem = z.strictObject({ cert: z.string(), key: z.string() });

export type Pem = z.infer<typeof pem>;

export interface Certificate extends Pem {
  /** SHA-256, as SDP writes it: pairs of hexadecimal digits with colons between them. */
  fingerprint: string;
}

const THREAD = new URL('certificate-thread.ts', import.meta.url);

/**
 * The certificate of a media process, made when a call first needs it: with PBXs that speak plain RTP none ever does.
 *
 * That takes some 400 ms, and 25 MB of code. In a thread of its own the mix does not stand still for it, and most of the
 * memory is given back.
 */
export class CertificateShelf {
  #certificate: Promise<Certificate> | null = null;

  /** @throws Error when it can not be made; the next call tries again */
  get(): Promise<Certificate> {
    this.#certificate ??= make().catch((error: unknown) => {
      this.#certificate = null;
      throw error;
    });
    return this.#certificate;
  }
}

async function make(): Promise<Certificate> {
  const thread = new Worker(THREAD);
  try {
    const [{ cert, key }] = z.tuple([pem]).parse(await once(thread, 'message'));
    return { cert, key, fingerprint: new X509Certificate(cert).fingerprint256 };
  } finally {
    await thread.terminate();
  }
}
