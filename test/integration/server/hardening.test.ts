/** What every answer of the server tells browsers, whatever was asked, and which TLS it speaks. */
import { once } from 'node:events';
import { request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:tls';
import type { SecureVersion } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServerProcess } from '../../helpers/server-process.ts';

let server: ServerProcess;

beforeAll(async () => {
  server = await ServerProcess.start({
    env: { WORKERS: '1', TLS_SELF_SIGNED: 'true', API_REQUESTS_PER_MINUTE: '7' },
  });
});
afterAll(() => server.close());

interface Asked {
  path: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

async function ask({ path, method = 'GET', headers = {}, body }: Asked): Promise<IncomingMessage> {
  const asked = request(new URL(path, server.url), {
    method,
    headers,
    rejectUnauthorized: false,
    agent: false,
  });
  asked.end(body);
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  response.resume();
  return response;
}

const JSON_TYPE = { 'content-type': 'application/json' };

describe('An answer', () => {
  it.each<Asked & { status: number }>([
    { path: '/', status: 200 },
    { path: '/r/room', status: 200 },
    { path: '/phone', status: 200 },
    { path: '/admin', status: 200 },
    { path: '/favicon.svg', status: 200 },
    { path: '/health', status: 200 },
    { path: '/metrics', status: 200 },
    { path: '/nothing', status: 404 },
    { path: '/%', status: 400 },
    { path: '/', method: 'TRACE', status: 404 },
    { path: '/api/openapi.json', status: 200 },
    { path: '/api/rooms', status: 401 },
    { path: '/api/session', method: 'POST', headers: JSON_TYPE, body: '{', status: 400 },
    {
      path: '/api/session',
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: '{}',
      status: 400,
    },
    { path: '/api/session', method: 'POST', headers: JSON_TYPE, body: 'x'.repeat(70_000), status: 413 },
    { path: '/api/me', status: 200 },
    { path: '/api/me?room=a&room=b', status: 400 },
    { path: '/api/me', status: 429 },
    { path: '/socket.io/?EIO=4&transport=polling', status: 200 },
    { path: '/socket.io/?EIO=4&transport=polling', headers: { origin: 'https://evil.example' }, status: 403 },
    { path: '/bridge/?EIO=4&transport=polling', status: 400 },
  ])('to $path with $status is not to be guessed at, framed, or told on', async ({ status, ...asked }) => {
    const { statusCode, headers } = await ask(asked);
    expect(statusCode).toBe(status);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(headers['content-security-policy']).toMatch(/frame-ancestors '(self|none)'/);
    expect(headers['content-security-policy']).not.toContain('unsafe');
    if (/^\/(api|socket\.io|bridge)\//.test(asked.path)) expect(headers['cache-control']).toBe('no-store');
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('server');
    expect(headers['content-type']).toMatch(/charset=utf-8|image\/svg\+xml|application\/json|javascript/i);
  });
});

describe('TLS', () => {
  async function versionWith(only: SecureVersion): Promise<string | null> {
    const socket = connect({
      ...{ port: server.port, host: '127.0.0.1', rejectUnauthorized: false },
      // So that it is the server that refuses, and not this end.
      ...{ minVersion: only, maxVersion: only, ciphers: 'DEFAULT:@SECLEVEL=0' },
    });
    const version = await Promise.race([
      once(socket, 'secureConnect').then(() => socket.getProtocol()),
      once(socket, 'close').then(() => null),
    ]).catch(() => null);
    socket.destroy();
    return version;
  }

  it.each<[SecureVersion, string | null]>([
    ['TLSv1', null],
    ['TLSv1.1', null],
    ['TLSv1.2', 'TLSv1.2'],
    ['TLSv1.3', 'TLSv1.3'],
  ])('%s is spoken as %s', async (only, spoken) => {
    expect(await versionWith(only)).toBe(spoken);
  });
});
