/** Certificates: the operator's, or one of our own for a local network. */
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { StartError } from '../start-error.ts';

/** PEM. */
export interface Credentials {
  cert: string;
  key: string;
}

const DAY_MS = 86_400_000;
/** Browsers refuse certificates that are valid for longer than 398 days. */
const VALID_DAYS = 397;
/** One that ends sooner is replaced at start. */
const RENEW_DAYS = 30;

/** @throws StartError when a file cannot be used, or the two do not belong together */
export async function readCredentials(certFile: string, keyFile: string): Promise<Credentials> {
  const problem = (reason: string, cause?: unknown): StartError =>
    new StartError(`TLS_CERT and TLS_KEY: ${reason}`, { cause });
  const [cert, key] = await Promise.all([readFile(certFile, 'utf8'), readFile(keyFile, 'utf8')]).catch(
    (error: unknown) => {
      throw problem(error instanceof Error ? error.message : String(error), error);
    },
  );
  const certificate = parsed(() => new X509Certificate(cert));
  if (!certificate) throw problem(`${certFile} is no certificate in PEM form`);
  const privateKey = parsed(() => createPrivateKey(key));
  if (!privateKey) throw problem(`${keyFile} is no key in PEM form, or it has a password`);
  if (!certificate.checkPrivateKey(privateKey)) throw problem(`${keyFile} is not the key of ${certFile}`);
  return { cert, key };
}

/**
 * A certificate for these host names and addresses. It is kept in the folder and used again while it holds, so that
 * browsers warn about it once.
 */
export async function selfSignedCredentials(dir: string, hosts: readonly string[]): Promise<Credentials> {
  const [certFile, keyFile] = [join(dir, 'cert.pem'), join(dir, 'key.pem')];
  const kept = await readKept(certFile, keyFile);
  if (kept && holds(kept, hosts)) return kept;
  // Only here, as it is large, and most servers never make one.
  const { generate } = await import('selfsigned');
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'Tertulia' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + VALID_DAYS * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: hosts.map((host) => (isIP(host) ? { type: 7, ip: host } : { type: 2, value: host })),
      },
    ],
  });
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await writeFile(certFile, cert, { mode: 0o600 });
  await writeFile(keyFile, key, { mode: 0o600 });
  return { cert, key };
}

async function readKept(certFile: string, keyFile: string): Promise<Credentials | null> {
  try {
    const [cert, key] = await Promise.all([readFile(certFile, 'utf8'), readFile(keyFile, 'utf8')]);
    return { cert, key };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** False also for what a server that was killed in the middle has left of them. */
function holds({ cert, key }: Credentials, hosts: readonly string[]): boolean {
  const certificate = parsed(() => new X509Certificate(cert));
  const privateKey = parsed(() => createPrivateKey(key));
  if (!certificate || !privateKey || !certificate.checkPrivateKey(privateKey)) return false;
  const isFresh = certificate.validToDate.getTime() - Date.now() > RENEW_DAYS * DAY_MS;
  return (
    isFresh && hosts.every((host) => (isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host)))
  );
}

/** Null for what cannot be read as what it should be. */
function parsed<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
