import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCredentials, selfSignedCredentials } from '../../../server/http/tls.ts';
import type { Credentials } from '../../../server/http/tls.ts';
import { StartError } from '../../../server/start-error.ts';

const HOSTS = ['localhost', '127.0.0.1', '2001:db8::5'];

/** The status that a client gets which trusts this certificate alone, and checks whom it was made for. */
async function statusOver({ cert, key }: Credentials): Promise<number | undefined> {
  const server = createServer({ cert, key }, (_request, response) => response.end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    return await new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port, ca: cert, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject);
    });
  } finally {
    server.close();
  }
}

describe('Certificates', () => {
  let dir: string;
  const file = (name: string) => join(dir, name);

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'tertulia-tls-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  it('of our own carry HTTPS for each address that they were made for', async () => {
    const credentials = await selfSignedCredentials(file('tls'), HOSTS);
    expect(await statusOver(credentials)).toBe(200);
    const certificate = new X509Certificate(credentials.cert);
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.checkIP('2001:db8::5')).toBe('2001:db8::5');
    expect(certificate.checkIP('192.0.2.1')).toBeUndefined();
    expect(certificate.ca).toBe(false);
  });

  it('of our own are used again as long as they hold, and are nobody else’s to read', async () => {
    const first = await selfSignedCredentials(file('tls'), HOSTS);
    expect(await selfSignedCredentials(file('tls'), HOSTS.slice(1))).toEqual(first);
    const moved = await selfSignedCredentials(file('tls'), [...HOSTS, '192.0.2.1']);
    expect(moved.cert).not.toBe(first.cert);
    expect((await stat(file('tls'))).mode & 0o777).toBe(0o700);
    expect((await stat(file('tls/key.pem'))).mode & 0o777).toBe(0o600);
  });

  it.each(['cert.pem', 'key.pem'])('of our own are made again when %s was spoilt', async (name) => {
    const other = await selfSignedCredentials(file('other'), HOSTS);
    for (const content of ['', 'half of i', name === 'cert.pem' ? other.cert : other.key]) {
      await selfSignedCredentials(file('tls'), HOSTS);
      await writeFile(join(file('tls'), name), content);
      expect(await statusOver(await selfSignedCredentials(file('tls'), HOSTS))).toBe(200);
    }
  });

  it('of the operator are refused when they cannot carry HTTPS, by the file that is the matter', async () => {
    const { cert, key } = await selfSignedCredentials(file('tls'), HOSTS);
    const { key: foreign } = await selfSignedCredentials(file('other'), HOSTS);
    await writeFile(file('cert'), cert);
    await writeFile(file('key'), key);
    await writeFile(file('foreign'), foreign);
    await writeFile(file('empty'), '');
    expect(await readCredentials(file('cert'), file('key'))).toEqual({ cert, key });
    const refusals = [
      [file('empty'), file('key'), /empty is no certificate/],
      [file('cert'), file('empty'), /empty is no key/],
      [file('cert'), file('foreign'), /foreign is not the key of/],
      [file('gone'), file('key'), /ENOENT.*gone/],
    ] as const;
    for (const [certFile, keyFile, problem] of refusals) {
      const reading = readCredentials(certFile, keyFile);
      await expect(reading).rejects.toThrow(problem);
      await expect(reading).rejects.toThrow(StartError);
    }
  });
});
