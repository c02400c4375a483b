/** Webhooks that programs add by the API: from the request to what arrives. */
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { webhookEvents } from '../../../server/webhook-events.ts';
import type { WebhookBody } from '../../../server/webhooks/webhooks.ts';
import { ApiClient } from '../../helpers/api-client.ts';
import { BridgeClient } from '../../helpers/bridge-client.ts';
import { ServerProcess } from '../../helpers/server-process.ts';
import { BRIDGE_SECRET } from '../../helpers/signalled-server.ts';
import { SignalClient } from '../../helpers/signal-client.ts';

interface Made {
  webhook: Record<string, unknown> & { id: string };
  secret: string;
}

const OWN_SECRET = 'a secret of more than thirty-two characters';
const until = (isSo: () => boolean) => vi.waitUntil(isSo, { timeout: 15_000, interval: 20 });

let server: ServerProcess;
let admin: ApiClient;
let receiver: Server;
let url: string;
/** The receiver is in trouble so often before it takes anything. */
let troubles = 0;
let received: { path: string; headers: IncomingHttpHeaders; text: string }[] = [];

const toldAt = (path: string) =>
  received.filter((one) => one.path === path).map(({ text }) => JSON.parse(text) as WebhookBody);

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      troubles -= 1;
      if (troubles < 0) received.push({ path: request.url ?? '', headers: request.headers, text });
      response.writeHead(troubles < 0 ? 204 : 503).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  const own = { WEBHOOK_URLS: `${url}/own`, WEBHOOK_SECRET: OWN_SECRET, WEBHOOK_ALLOW_PRIVATE: 'true' };
  server = await ServerProcess.start({ env: { WORKERS: '1', BRIDGE_SECRET, ...own } });
  admin = await ApiClient.of(server, 'webhooks:write');
});
afterAll(async () => {
  await server.close();
  receiver.close();
});

it('A webhook that is added is told what it asks for, signed with the secret that its maker was told', async () => {
  const { status, body } = await admin.call<Made>('POST', 'webhooks', {
    ...{ url: `${url}/added`, events: ['room.started', 'call.started', 'call.ended'] },
  });
  expect(status).toBe(201);
  expect(body.webhook).toMatchObject({
    url: `${url}/added`,
    events: ['room.started', 'call.started', 'call.ended'],
  });
  troubles = 3;
  const ana = await SignalClient.connect(server.url);
  await ana.join('seminar', 'Ana');
  const bridge = await BridgeClient.connect(server.url);
  const call = bridge.call({ number: '1001', trunk: 'office' });
  await call.enter('1');
  await bridge.ask('record', {
    ...{
      callId: call.callId,
      direction: 'inbound',
      trunk: 'office',
      number: '1001',
      name: null,
      called: '800',
    },
    ...{ room: null, startedAt: 1, answeredAt: 2, endedAt: 3, reason: 'room-unknown', fault: 'caller' },
    ...{ sipStatus: 200, failedPins: 0, leg: 'plain', codec: 'PCMU', packetsReceived: 9, packetsLost: 0 },
    jitterMs: 1,
  });
  await until(() => toldAt('/added').length === 3 && toldAt('/own').length === 4);
  const told = toldAt('/added');
  expect(told.find(({ type }) => type === 'room.started')?.data).toEqual({ room: 'seminar' });
  const ofCall = told.filter(({ data }) => data.call);
  expect(ofCall.map(({ type }) => type)).toEqual(['call.started', 'call.ended']);
  expect(ofCall[1]?.data.call).toMatchObject({ callId: call.callId, number: '1001', reason: 'room-unknown' });
  for (const { path, headers, text } of received) {
    const verifier = new Webhook(path === '/own' ? Buffer.from(OWN_SECRET).toString('base64') : body.secret);
    expect(verifier.verify(text, headers as Record<string, string>)).toBeTruthy();
  }
  expect(server.log).not.toContain(body.secret);
  ana.close();
  bridge.close();
});

it('Webhooks are listed without their secrets, those of the settings, too, which the API does not remove', async () => {
  const { body } = await admin.call<{ webhooks: Made['webhook'][] }>('GET', 'webhooks');
  expect(body.webhooks).toEqual([
    { id: null, url: `${url}/own`, events: [...webhookEvents], createdAt: null },
    expect.objectContaining({ url: `${url}/added`, createdAt: expect.any(Number) as number }),
  ]);
  expect(JSON.stringify(body)).not.toMatch(/secret|whsec_/);
  const own = encodeURIComponent(`${url}/own`.slice(0, 64));
  expect((await admin.call('DELETE', `webhooks/${own}`)).status).toBe(404);
});

it('A webhook that is removed is told nothing any more', async () => {
  const { body } = await admin.call<{ webhooks: Made['webhook'][] }>('GET', 'webhooks');
  const path = `webhooks/${body.webhooks[1]!.id}`;
  expect((await admin.call('DELETE', path)).status).toBe(200);
  expect((await admin.call('DELETE', path)).status).toBe(404);
  received = [];
  const ana = await SignalClient.connect(server.url);
  await ana.join('another', 'Ana');
  await until(() => toldAt('/own').some(({ data }) => data.room === 'another'));
  expect(toldAt('/added')).toEqual([]);
  ana.close();
});

it.each([
  { url: 'ftp://example.org/' },
  { url: 'https://user:password@example.org/' },
  { url: 'nonsense' },
  { url: 'https://example.org/', events: [] },
  { url: 'https://example.org/', events: ['room.burning'] },
  { url: 'https://example.org/', secret: 'mine' },
])('%j is no webhook', async (payload) => {
  expect((await admin.call('POST', 'webhooks', payload)).status).toBe(400);
});

it('A private address is refused at once where it may not be', async () => {
  const careful = await ServerProcess.start({ env: { WORKERS: '1' } });
  const client = await ApiClient.of(careful, 'webhooks:write');
  const { status, body } = await client.call<{ error: { code: string } }>('POST', 'webhooks', { url });
  expect([status, body.error.code]).toEqual([400, 'private-address']);
  await careful.close();
});

it('All that the API documents of webhooks was used here', () => {
  expect(admin.unused.filter((operation) => operation.includes('/api/webhooks'))).toEqual([]);
});
