/** While a new version takes over, programs are told of everything that happens in rooms, and of each thing once. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { WebhookBody } from '../../../server/webhooks/webhooks.ts';
import { ApiClient } from '../../helpers/api-client.ts';
import { SignalClient } from '../../helpers/signal-client.ts';
import { Upgrades } from '../../helpers/upgrades.ts';
import { until } from '../../helpers/wait.ts';

/** Several servers are started one after the other, in ms. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const SECRET = 'a secret of more than thirty-two characters';
/** By the path of the receiver. */
const verifiers = new Map([['/', new Webhook(Buffer.from(SECRET).toString('base64'))]]);

const upgrades = new Upgrades();
let receiver: Server;
/** A webhook that has come; its id is of one receiver. */
interface Came {
  to: string;
  id: string;
  line: string;
}
/** How requests are answered. */
let answer: (response: ServerResponse, one: Came) => void;
/** Each time that one came, in order. */
let came: Came[];
/** Those of them that were taken. */
let taken: Came[];
let url: string;
let env: Record<string, string>;

const take = (response: ServerResponse, one: Came): void => {
  taken.push(one);
  response.writeHead(204).end();
};
const refuse = (response: ServerResponse): void => void response.writeHead(503).end();

beforeEach(async () => {
  came = [];
  taken = [];
  answer = take;
  receiver = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const { url: path = '', headers } = request;
      const verifier = verifiers.get(path)!;
      const { type, data } = verifier.verify(text, headers as Record<string, string>) as WebhookBody;
      const line = [data.room, type, data.participant?.name].filter(Boolean).join(' ');
      const one = { to: path, id: `${path} ${String(headers['webhook-id'])}`, line };
      came.push(one);
      answer(response, one);
    });
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const { port } = receiver.address() as AddressInfo;
  url = `http://127.0.0.1:${port}/`;
  env = { WEBHOOK_URLS: url, WEBHOOK_SECRET: SECRET, WEBHOOK_ALLOW_PRIVATE: 'true' };
});
afterEach(async () => {
  await upgrades.close();
  receiver.closeAllConnections();
  receiver.close();
});

async function joined(serverUrl: string, room: string, name: string): Promise<SignalClient> {
  const client = await SignalClient.connect(serverUrl, room);
  await client.join(room, name);
  return client;
}

const about = (room: string): string[] =>
  taken.filter(({ line }) => line.startsWith(`${room} `)).map(({ line }) => line);

/** What a receiver took. */
const linesTo = (path: string): string[] => taken.filter(({ to }) => to === path).map(({ line }) => line);

/** Waits until it is taken. */
const has = (line: string, path = '/') =>
  until(
    line,
    () => linesTo(path),
    (lines) => lines.includes(line),
  );

function expectEachOnce(): void {
  expect(new Set(taken.map(({ id }) => id)).size).toBe(taken.length);
}

it('Webhooks of rooms of both servers come once each, in the order of their room', async () => {
  const old = await upgrades.first(env);
  const ana = await joined(old.url, 'old', 'Ana');
  await has('old participant.joined Ana');
  const next = await upgrades.next(old);
  const ben = await joined(next.url, 'old', 'Ben');
  const diego = await joined(next.url, 'new', 'Diego');
  await ben.ask('raiseHand', { raised: true });
  await ben.ask('leave', {});
  await diego.ask('leave', {});
  ana.mutter('leave', {});
  expect(await old.ended()).toBe(0);
  // Of the same name, and another one.
  const eva = await joined(next.url, 'old', 'Eva');
  await has('old participant.joined Eva');
  await has('new room.ended');

  expectEachOnce();
  expect(about('old')).toEqual([
    ...['old room.started', 'old participant.joined Ana', 'old participant.joined Ben'],
    ...['old hand.raised Ben', 'old participant.left Ben', 'old participant.left Ana', 'old room.ended'],
    ...['old room.started', 'old participant.joined Eva'],
  ]);
  expect(about('new')).toEqual([
    ...['new room.started', 'new participant.joined Diego', 'new participant.left Diego', 'new room.ended'],
  ]);
  eva.close();
});

it('A webhook that the one before tries again is taken once, from the new one', async () => {
  answer = refuse;
  const old = await upgrades.first(env);
  const ana = await joined(old.url, 'old', 'Ana');
  await until(
    'it is tried again',
    () => came.length,
    (count) => count >= 2,
  );
  await upgrades.next(old);
  expect(new Set(came.map(({ line }) => line))).toEqual(new Set(['old room.started']));
  answer = take;
  await ana.ask('raiseHand', { raised: true });
  await has('old hand.raised Ana');
  expectEachOnce();
  expect(about('old')).toEqual(['old room.started', 'old participant.joined Ana', 'old hand.raised Ana']);
  ana.close();
});

it('A webhook that is under way at the one before is not sent by the new one as well', async () => {
  const underWay = new Map<Came, ServerResponse>();
  const together: string[] = [];
  answer = (response, one) => {
    if ([...underWay.keys()].some(({ id }) => id === one.id)) together.push(one.line);
    underWay.set(one, response);
    // On a slow machine it takes too long, and is called off.
    response.on('close', () => underWay.delete(one));
  };
  const old = await upgrades.first(env);
  const ana = await joined(old.url, 'old', 'Ana');
  const next = await upgrades.next(old);
  const ben = await joined(next.url, 'new', 'Ben');
  await until(
    'one is under way',
    () => underWay.size,
    (count) => count > 0,
  );
  await ana.ask('raiseHand', { raised: true });
  await ben.ask('raiseHand', { raised: true });
  answer = take;
  for (const [one, response] of underWay) take(response, one);
  await Promise.all([has('old hand.raised Ana'), has('new hand.raised Ben')]);
  expect(together).toEqual([]);
  expectEachOnce();
  for (const client of [ana, ben]) client.close();
});

it('A webhook that is added at the new one is told of rooms of the one before, until it is removed', async () => {
  const old = await upgrades.first(env);
  const ana = await joined(old.url, 'old', 'Ana');
  const next = await upgrades.next(old);
  const api = await ApiClient.of(next, 'webhooks:write');
  const { body } = await api.call<{ webhook: { id: string }; secret: string }>('POST', 'webhooks', {
    url: `${url}added`,
  });
  verifiers.set('/added', new Webhook(body.secret));
  await ana.ask('raiseHand', { raised: true });
  await has('old hand.raised Ana', '/added');
  expect((await api.call('DELETE', `webhooks/${body.webhook.id}`)).status).toBe(200);
  await ana.ask('raiseHand', { raised: false });
  ana.mutter('leave', {});
  await has('old room.ended');
  expectEachOnce();
  expect(linesTo('/added')).toEqual(['old hand.raised Ana']);
});
