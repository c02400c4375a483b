import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { WebhookBody } from '../../../server/webhooks/webhooks.ts';
import { ServerProcess } from '../../helpers/server-process.ts';
import { SignalClient } from '../../helpers/signal-client.ts';

const SECRET = 'a secret of more than thirty-two characters';
const until = (isSo: () => boolean) => vi.waitUntil(isSo, { timeout: 15_000, interval: 20 });

let receiver: Server;
let server: ServerProcess;
let isThere = false;
const received: WebhookBody[] = [];
let attempts = 0;

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      attempts += 1;
      if (!isThere) {
        response.writeHead(503).end();
        return;
      }
      const verifier = new Webhook(Buffer.from(SECRET).toString('base64'));
      received.push(verifier.verify(text, request.headers as Record<string, string>) as WebhookBody);
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const { port } = receiver.address() as AddressInfo;
  server = await ServerProcess.start({
    env: {
      ...{ WORKERS: '1', WEBHOOK_URLS: `http://127.0.0.1:${port}/`, WEBHOOK_SECRET: SECRET },
      WEBHOOK_ALLOW_PRIVATE: 'true',
    },
  });
});
afterAll(async () => {
  await server.close();
  receiver.close();
});

it('Webhooks of a server that was killed come from the one that is started after it, in order', async () => {
  const ana = await SignalClient.connect(server.url);
  await ana.join('seminar', 'Ana');
  await ana.ask('raiseHand', { raised: true });
  await until(() => attempts > 0);
  await server.kill();
  ana.close();
  expect(received).toEqual([]);

  isThere = true;
  await server.run();
  await until(() => received.length >= 3);
  expect(received.slice(0, 3).map(({ type, data }) => [type, data.room, data.participant?.name])).toEqual([
    ['room.started', 'seminar', undefined],
    ['participant.joined', 'seminar', 'Ana'],
    ['hand.raised', 'seminar', 'Ana'],
  ]);
  expect(server.log).not.toContain(SECRET);
});
