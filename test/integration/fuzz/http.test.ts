/**
 * HTTP, fuzzed over bare sockets: methods, paths, headers and bodies that fit, that nearly do, and that are no HTTP at
 * all. Each connection is answered with a status that is documented, or ended, and never with a failure of ours. For
 * longer runs see `test/helpers/fuzz.ts`.
 */
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ApiClient } from '../../helpers/api-client.ts';
import { FUZZ_TIMEOUT_MS, fuzzRun, junk, mostly, mutated } from '../../helpers/fuzz.ts';
import { ServerProcess } from '../../helpers/server-process.ts';
import { closed } from '../../helpers/wait.ts';

/** What any request may be answered with: documented ones, and those of HTTP itself (RFC 9110). */
const STATUSES = new Set([
  ...[100, 200, 201, 204, 206, 302, 304],
  ...[400, 401, 403, 404, 405, 406, 409, 411, 412, 413, 414, 415, 416, 417, 426, 429, 431],
  // No metric is wrong, no room is made: nothing is unavailable but sign-in, for which there is no provider.
  503,
]);
/** How long a connection may be silent, in ms. What is not complete is waited for by the server, and not by us. */
const SILENT_MS = 300;

let server: ServerProcess;
let key: string;
let operations: string[];

beforeAll(async () => {
  // Behind a proxy, so that each request comes from somebody else, whom no limit has refused yet.
  const env = { WORKERS: '1', API_REQUESTS_PER_MINUTE: '1000000', TRUSTED_PROXIES: '127.0.0.1' };
  server = await ServerProcess.start({ env });
  [key = ''] = (await server.command('keys', 'add', 'fuzz', '--scope', 'admin')).split('\n');
  operations = (await ApiClient.of(server)).operations;
});
afterAll(async () => {
  const accidents = server.log.split('\n').filter((line) => /"level":(50|60)/.test(line));
  expect(await server.close()).toBe(0);
  expect(accidents).toEqual([]);
});

const METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'PRI',
  'get',
  'X',
];
const PATHS = [
  ...['/', '/r/room', '/admin', '/phone', '/assets/../index.html', '/favicon.svg', '/.vite/manifest.json'],
  ...[
    '/health',
    '/health/live',
    '/metrics',
    '/socket.io/',
    '/socket.io/?EIO=4&transport=polling',
    '/bridge/',
  ],
  ...['/%', '/%00', '/r/%ff', '//', '/\\', '*', 'http://other/', '/r/../../etc/passwd', '/?__proto__[a]=b'],
];
const HEADERS = [
  ...['Host: localhost', 'Content-Length: 0', 'Content-Length: -1', 'Content-Length: 99999999999999999999'],
  ...[
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: chunked, identity',
    'Expect: 100-continue',
    'Expect: x',
  ],
  ...['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: x', 'Sec-WebSocket-Version: 13'],
  ...[
    'Content-Type: application/json',
    'Content-Type: text/plain',
    'Content-Type: ;;;',
    'Content-Encoding: gzip',
  ],
  ...['Accept: text/event-stream', 'Accept: */*;q=x', 'Accept-Encoding: br;q=0, *', 'Range: bytes=9-1,-,0-'],
  ...['If-None-Match: *', 'If-Modified-Since: never', 'Cookie: tertulia-session=a.b.c; =; __proto__=x'],
  ...[
    'Authorization: Bearer x',
    'Origin: null',
    'X-Forwarded-For: 1.2.3.4',
    'X-Forwarded-Host: evil.example',
  ],
];

const text = fc.string({ maxLength: 40, unit: 'binary' }).map((value) => value.replaceAll(/[\r\n]/g, ''));
const method = mostly(fc.constantFrom(...METHODS), text);
const header = mostly(fc.constantFrom(...HEADERS), text);
const body = fc.oneof(
  fc.constant(''),
  junk.map((value) => JSON.stringify(value)),
  fc.string({ maxLength: 200, unit: 'binary' }),
);

/** Of the API, with whatever in the place of its parameters, by somebody who may do all of it. */
const operation = fc.nat().chain((n) => {
  const [verb = '', path = ''] = operations[n % operations.length]!.split(' ');
  return fc.record({
    method: fc.constant(verb.toUpperCase()),
    path: fc
      .array(mostly(fc.constantFrom('room', '%C3%B1', 'x'), text), { minLength: 4, maxLength: 4 })
      .map((values) => path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(values.pop() ?? ''))),
    query: mostly(
      fc.constant(''),
      text.map((value) => `?${encodeURI(value)}`),
    ),
    headers: fc.constant([`Authorization: Bearer ${key}`, 'Content-Type: application/json']),
    body,
  });
});
const anything = fc.record({
  method,
  path: mostly(
    fc.constantFrom(...PATHS),
    text.map((value) => `/${value}`),
  ),
  query: mostly(
    fc.constant(''),
    text.map((value) => `?${value}`),
  ),
  headers: fc.array(header, { maxLength: 6 }),
  body,
});

const client = mostly(fc.oneof(fc.ipV4(), fc.ipV6()), text);
const sound = fc.tuple(fc.oneof(operation, anything), client).map(([request, from]) => {
  const { method: verb, path, query, headers, body: content } = request;
  const payload = Buffer.from(content);
  const length = headers.some((line) => /^(content-length|transfer-encoding)/i.test(line))
    ? []
    : [`Content-Length: ${payload.length}`];
  const own = ['Host: 127.0.0.1', 'Connection: close', `X-Forwarded-For: ${from}`];
  const head = [`${verb} ${path}${query} HTTP/1.1`, ...own, ...headers, ...length];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), payload]);
});

/** @returns the statuses of all that was answered, until the connection ended or nothing more came */
async function statusesFor(bytes: Buffer): Promise<number[]> {
  const socket = connect(server.port, '127.0.0.1');
  socket.setTimeout(SILENT_MS, () => socket.destroy());
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.end(bytes);
  await closed(socket);
  const answer = Buffer.concat(chunks).toString('latin1');
  return [...answer.matchAll(/^HTTP\/1\.[01] (\d{3}) /gm)].map(([, status]) => Number(status));
}

it(
  'answers whatever comes with what is documented, and goes on',
  async () => {
    await fc.assert(
      fc.asyncProperty(mostly(sound, mutated(sound)), async (bytes) => {
        for (const status of await statusesFor(bytes)) expect(STATUSES).toContain(status);
      }),
      fuzzRun(),
    );
    expect((await fetch(`${server.url}health/ready`)).status).toBe(200);
  },
  FUZZ_TIMEOUT_MS,
);
