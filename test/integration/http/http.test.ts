import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import type { Logger } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpApp } from '../../../server/http/app.ts';
import { createMetrics } from '../../../server/http/metrics.ts';
import { WebDoor, createWebServer } from '../../../server/http/web-door.ts';
import { StartError } from '../../../server/start-error.ts';
import { ApiWithoutRooms } from '../../helpers/api.ts';

const PAGE = `<!doctype html><html><head><base href="/" />
<script type="module" src="./assets/index-1.js"></script></head><body></body></html>`;
const MANIFEST = {
  'index.html': { file: 'assets/index-1.js', isEntry: true },
  'app/meeting/meeting.tsx': {
    file: 'assets/meeting-2.js',
    imports: ['_shared', 'index.html'],
    css: ['assets/m.css'],
  },
  _shared: { file: 'assets/shared-3.js' },
  'phone/ui/phone.tsx': { file: 'assets/phone-4.js', imports: ['_shared', 'index.html'] },
};
const SILENT = pino({ level: 'silent' });
const TOKEN = 'a-token-of-some-length';

describe('The web side', () => {
  let dir: string;
  const apps: FastifyInstance[] = [];
  let api: ApiWithoutRooms;
  let draining = false;
  let workers = 2;

  async function app(
    options: {
      basePath?: string;
      trustedProxies?: string[];
      metricsToken?: string;
      logger?: Logger;
      requestsPerMinute?: number;
    } = {},
  ) {
    const { basePath = '', trustedProxies = [], metricsToken = null, logger = SILENT } = options;
    const { requestsPerMinute = 1_000 } = options;
    const created = await createHttpApp(
      { basePath, trustedProxies, clientDir: dir, logger },
      {
        workerCount: () => workers,
        roomCount: () => 3,
        isDraining: () => draining,
        bridges: () => [],
        metricsToken,
        metrics: createMetrics(
          async () => ({
            workers: [{ index: 0, cpuSeconds: 1.5, maxMemoryBytes: 1_024, load: 2 }],
            rooms: 3,
            routers: 3,
            participants: 5,
            transports: 10,
            publications: 6,
            subscriptions: 20,
            pipes: 0,
            bitrateIn: 1_000,
            bitrateOut: 5_000,
            packetLossIn: 0.25,
            packetLossOut: 0,
          }),
          () => [],
        ),
      },
      { ...api.parts, requestsPerMinute },
    );
    apps.push(created);
    return created;
  }

  beforeAll(async () => {
    api = await ApiWithoutRooms.open();
    // An installation may be anywhere.
    dir = join(await mkdtemp(join(tmpdir(), 'tertulia-client-')), 'assets/dist');
    await mkdir(join(dir, 'assets'), { recursive: true });
    await mkdir(join(dir, '.vite'));
    await writeFile(join(dir, 'index.html'), PAGE);
    await writeFile(join(dir, 'admin.html'), PAGE.replace('index-1', 'admin-1'));
    await writeFile(join(dir, '.vite/manifest.json'), JSON.stringify(MANIFEST));
    await writeFile(join(dir, 'favicon.svg'), '<svg/>');
    await writeFile(join(dir, 'index.html.gz'), gzipSync(PAGE));
    await writeFile(join(dir, 'assets/index-1.js'), 'console.log(1)');
    await writeFile(join(dir, 'assets/index-1.js.gz'), gzipSync('console.log(1)'));
  });
  afterAll(async () => {
    await Promise.all(apps.map((created) => created.close()));
    await api.close();
    await rm(join(dir, '../..'), { recursive: true, force: true });
  });

  it('gives the page for every path that the client knows, below the base path', async () => {
    const web = await app({ basePath: '/meet' });
    const start = await web.inject('/meet/');
    const room = await web.inject('/meet/r/any%20room');
    for (const page of [start, room]) {
      expect(page.statusCode).toBe(200);
      expect(page.body).toContain('<base href="/meet/" />');
      expect(page.headers['cache-control']).toBe('no-cache');
    }
    expect((await web.inject('/meet/admin')).body).toContain('assets/admin-1.js');
    expect((await web.inject('/meet')).headers.location).toBe('/meet/');
    expect((await web.inject('/r/room')).statusCode).toBe(404);
  });

  it('shows people whose address leads nowhere a page that says so, and tells programs the same as data', async () => {
    const web = await app({ basePath: '/meet' });
    const headers = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };
    for (const path of ['/meet/nothing', '/meet/r/a/b', '/meet/assets/gone.js', '/meet/api/nothing?x=1']) {
      const page = await web.inject({ url: path, headers });
      expect(page.statusCode).toBe(404);
      expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(page.headers['content-security-policy']).toContain("default-src 'self'");
      expect(page.body).toContain('<base href="/meet/" />');
      for (const accept of ['*/*', 'application/json', 'application/json, text/html;q=0.5']) {
        const refusal = await web.inject({ url: path, headers: { accept } });
        expect(refusal.statusCode).toBe(404);
        expect(refusal.json()).toHaveProperty('error.code', 'not-found');
      }
    }
    // What is beside the base path, or is not read, is not for people.
    for (const request of [
      { url: '/nothing', headers },
      { url: '/meet/nothing', headers, method: 'POST' as const },
    ])
      expect((await web.inject(request)).json()).toHaveProperty('error.code', 'not-found');
  });

  it('does not mind a slash at the end of an address', async () => {
    const web = await app({ basePath: '/meet' });
    expect((await web.inject('/meet/r/room/')).body).toContain('assets/meeting-2.js');
    expect((await web.inject('/meet/admin/')).body).toContain('assets/admin-1.js');
    const phone = await web.inject('/meet/phone/');
    expect(phone.body).toContain('assets/phone-4.js');
    expect(phone.headers['content-security-policy']).toContain('wss:');
  });

  it('tells the browser early what a room needs, and only what the page does not name itself', async () => {
    const web = await app();
    const { body } = await web.inject('/r/room');
    const links = [...body.matchAll(/<link rel="(\w+)"[^>]*href="([^"]+)"/g)].map(([, rel, href]) => [
      rel,
      href,
    ]);
    expect(links).toEqual([
      ['modulepreload', './assets/meeting-2.js'],
      ['preload', './assets/m.css'],
      ['modulepreload', './assets/shared-3.js'],
    ]);
    expect((await web.inject('/')).body).not.toContain('<link');
  });

  it('sends the page as small as the browser takes it, and never as it was built', async () => {
    const web = await app({ basePath: '/meet' });
    const ask = (accepted: string) => web.inject({ url: '/meet/', headers: { 'accept-encoding': accepted } });
    const plain = await ask('');
    const [brotli, zipped] = [await ask('gzip, deflate, br'), await ask('gzip;q=0.5, br;q=0')];
    expect(brotli.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(brotli.rawPayload).toString()).toBe(plain.body);
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(zipped.rawPayload).toString()).toBe(plain.body);
    expect((await ask('identity, br;q=0.0')).body).toBe(plain.body);
    for (const { headers } of [plain, brotli, zipped]) expect(headers['vary']).toBe('accept-encoding');
    for (const path of [
      'index.html',
      'index.html.gz',
      'admin.html',
      '%61dmin.html',
      '%69ndex.html',
      './index.html',
      '/index.html',
      'r/../index.html',
    ]) {
      expect((await web.inject(`/meet/${path}`)).body).not.toContain('<base href="/"');
    }
  });

  it('sends files as they were compressed by the build, to be kept for ever', async () => {
    const web = await app();
    const plain = await web.inject('/assets/index-1.js');
    expect(plain.body).toBe('console.log(1)');
    expect(plain.headers['cache-control']).toContain('immutable');
    const packed = await web.inject({ url: '/assets/index-1.js', headers: { 'accept-encoding': 'gzip' } });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(packed.headers['content-type']).toContain('javascript');
    // Its name stays when its content changes.
    expect((await web.inject('/favicon.svg')).headers['cache-control']).toBe('no-cache');
  });

  it('lets no page run foreign scripts', async () => {
    const { headers } = await (await app()).inject('/');
    expect(headers['content-security-policy']).toContain("default-src 'self'");
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  it('lets the web phone’s page alone connect to a PBX elsewhere', async () => {
    const web = await app({ basePath: '/meet' });
    const policyOf = async (path: string) =>
      String((await web.inject(path)).headers['content-security-policy']).split(';');
    const phone = await policyOf('/meet/phone?call=sip:ana@example.org');
    expect(phone).toContain("connect-src 'self' ws: wss:");
    expect(phone).toContain("default-src 'self'");
    for (const path of ['/meet/', '/meet/r/room', '/meet/assets/index-1.js'])
      expect((await policyOf(path)).join(';')).not.toContain('connect-src');
    expect((await web.inject('/meet/phone')).body).toContain('assets/phone-4.js');
  });

  it('gives nothing from outside the client, and hides nothing behind its errors', async () => {
    const web = await app();
    for (const path of [
      '/../package.json',
      '/%2e%2e/package.json',
      '/assets/..%2f..%2fetc',
      '/.vite/manifest.json',
      '/r/%E0%A4%A',
    ]) {
      const { statusCode, json } = await web.inject(path);
      expect([400, 403, 404]).toContain(statusCode);
      expect(json()).toHaveProperty('error.code');
    }
    const many = await Promise.all(Array.from({ length: 150 }, () => web.inject('/nothing')));
    const refused = many.find(({ statusCode }) => statusCode === 429);
    expect(refused?.json()).toHaveProperty('error.code', 'rate-limited');
    expect((await web.inject('/')).statusCode).toBe(200);
  });

  it('tells nobody what went wrong inside, but the log', async () => {
    const lines: string[] = [];
    const logger = pino({ level: 'error' }, { write: (line) => void lines.push(line) });
    const web = await app({ logger });
    web.get('/broken', () => Promise.reject(new Error('The password is hidden.')));
    const { statusCode, body } = await web.inject('/broken');
    expect(statusCode).toBe(500);
    expect(JSON.parse(body)).toEqual({ error: { code: 'internal', message: 'The server has failed.' } });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('The password is hidden.');
  });

  it('takes so many requests to the API from one address, and no more', async () => {
    const web = await app({ requestsPerMinute: 3 });
    const ask = (remoteAddress: string) => web.inject({ url: '/api/me', remoteAddress });
    for (let n = 0; n < 3; n += 1) expect((await ask('192.0.2.1')).statusCode).toBe(200);
    const refused = await ask('192.0.2.1');
    expect(refused.statusCode).toBe(429);
    expect(refused.json()).toHaveProperty('error.code', 'rate-limited');
    expect((await ask('192.0.2.2')).statusCode).toBe(200);
    expect((await web.inject('/health/live')).statusCode).toBe(200);
  });

  it('waits neither long for slow senders nor shorter than proxies do', () => {
    const { requestTimeout, keepAliveTimeout } = createWebServer(null);
    expect(requestTimeout).toBe(30_000);
    expect(keepAliveTimeout).toBeGreaterThan(60_000);
  });

  it('believes only proxies that it was told of', async () => {
    const addressOf = async (trustedProxies: string[]) => {
      const web = await app({ trustedProxies });
      web.get('/address', (request) => ({ ip: request.ip }));
      const headers = { 'x-forwarded-for': '192.0.2.66, 198.51.100.7' };
      return (await web.inject({ url: '/address', headers, remoteAddress: '10.0.0.1' })).json<{
        ip: string;
      }>().ip;
    };
    expect(await addressOf([])).toBe('10.0.0.1');
    expect(await addressOf(['10.0.0.2'])).toBe('10.0.0.1');
    expect(await addressOf(['10.0.0.0/8'])).toBe('198.51.100.7');
  });

  it('begins to serve on a free port, or says what stands in the way', async () => {
    const web = await app();
    await web.ready();
    const doorAt = (host: string, port: number): WebDoor =>
      new WebDoor(web.server, { host, port, tls: null, passage: () => null });
    const door = doorAt('127.0.0.1', 0);
    const port = await door.open();
    try {
      expect((await fetch(`http://127.0.0.1:${port}/health/live`)).status).toBe(200);
      await expect(doorAt('127.0.0.1', port).open()).rejects.toThrow(/EADDRINUSE.*Another program/);
      await expect(doorAt('203.0.113.99', 0).open()).rejects.toThrow(StartError);
      door.close();
      await expect(fetch(`http://127.0.0.1:${port}/health/live`)).rejects.toThrow('fetch failed');
      expect(await door.open()).toBe(port);
      expect((await fetch(`http://127.0.0.1:${port}/health/live`)).status).toBe(200);
    } finally {
      await door.ended();
    }
  });

  it('says whether it lives and is ready, at the root and below the base path', async () => {
    const web = await app({ basePath: '/meet' });
    for (const path of ['', '/meet']) {
      expect((await web.inject(`${path}/health/live`)).statusCode).toBe(200);
      expect((await web.inject(`${path}/health/ready`)).statusCode).toBe(200);
    }
    expect((await web.inject('/health')).json()).toEqual({
      status: 'ready',
      draining: false,
      workers: 2,
      rooms: 3,
      bridges: 0,
      trunks: [],
    });
    workers = 0;
    expect((await web.inject('/health/ready')).statusCode).toBe(503);
    workers = 2;
    draining = true;
    expect((await web.inject('/health/ready')).statusCode).toBe(503);
    expect((await web.inject('/health/live')).statusCode).toBe(200);
    draining = false;
  });

  it('has metrics in the form of Prometheus, the same however often they are read', async () => {
    const web = await app();
    await web.inject('/metrics');
    const { body, headers } = await web.inject('/metrics');
    expect(headers['content-type']).toContain('text/plain');
    for (const line of [
      'tertulia_participants 5',
      'tertulia_receive_loss_ratio 0.25',
      'tertulia_worker_cpu_seconds_total{worker="0"} 1.5',
    ]) {
      expect(body.split('\n')).toContain(line);
    }
    expect(body).toContain('nodejs_eventloop_lag_p99_seconds');
    expect(body).toContain('tertulia_join_seconds_bucket');
  });

  it('shows metrics to this machine only, or to whoever has the token', async () => {
    const open = await app();
    expect((await open.inject({ url: '/metrics', remoteAddress: '192.0.2.1' })).statusCode).toBe(403);
    expect(
      (await open.inject({ url: '/metrics', headers: { 'x-forwarded-for': '127.0.0.1' } })).statusCode,
    ).toBe(403);
    const guarded = await app({ metricsToken: TOKEN });
    const ask = (authorization: string) => guarded.inject({ url: '/metrics', headers: { authorization } });
    expect((await ask('')).statusCode).toBe(403);
    expect((await ask(`Bearer ${TOKEN}x`)).statusCode).toBe(403);
    expect((await ask(`Bearer ${TOKEN}`)).statusCode).toBe(200);
  });
});
