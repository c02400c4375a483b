import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CallRecord, StartedCall } from '../../../server/signalling/contract/bridge.ts';
import type { ParticipantInfo } from '../../../server/conference/model.ts';
import { openStore } from '../../../server/store/store.ts';
import type { LastingStore } from '../../../server/store/store.ts';
import { webhookEvents } from '../../../server/webhook-events.ts';
import type { WebhookEvent } from '../../../server/webhook-events.ts';
import { MAX_ATTEMPTS } from '../../../server/webhooks/backoff.ts';
import { configuredReceivers } from '../../../server/webhooks/receivers.ts';
import type { AddedReceiver } from '../../../server/webhooks/receivers.ts';
import { createWebhooks } from '../../../server/webhooks/webhooks.ts';
import type { WebhookBody, Webhooks } from '../../../server/webhooks/webhooks.ts';
import { MovableClock } from '../../helpers/movable-clock.ts';

const SECRET = 'a secret of more than thirty-two characters';
const ANA: ParticipantInfo = {
  ...{ id: 'p1', name: 'Ana', kind: 'browser', role: 'host', avatar: null, handRaisedAt: null },
  ...{ joinedAt: 1, quality: 'good', connected: true, held: false, number: null, allowed: [] },
};

const STARTED: StartedCall = {
  ...{ callId: 'c1', direction: 'inbound', trunk: 'office' },
  ...{ number: '1001', name: 'Bo', called: '800' },
};
const ENDED: CallRecord = {
  ...STARTED,
  ...{ room: null, startedAt: 1, answeredAt: 2, endedAt: 3, reason: 'pin-wrong', fault: 'caller' },
  ...{ sipStatus: 200, failedPins: 3, leg: 'plain', codec: 'PCMU', packetsReceived: 9, packetsLost: 0 },
  jitterMs: 1,
};

/** More than it ever takes, in ms. */
const until = (isSo: () => boolean) => vi.waitUntil(isSo, { timeout: 15_000, interval: 10 });

interface Settings {
  urls?: readonly string[];
  secret?: string | null;
  allowPrivate?: boolean;
}

interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  text: string;
  body: WebhookBody;
}

describe('Webhooks', () => {
  let dir: string;
  let clock: MovableClock;
  let store: LastingStore;
  let receiver: Server;
  let url: string;
  let webhooks: Webhooks | null;
  let received: Received[];
  let logged: { msg: string; problem?: string }[];
  let answer: (response: ServerResponse, request: Received) => void;

  function start({
    urls = [url],
    secret = SECRET,
    allowPrivate = true,
  }: Settings = {}): Webhooks['observer'] {
    store = openStore(dir, clock.now());
    webhooks = createWebhooks({
      configured: configuredReceivers(urls, secret),
      receivers: store.receivers,
      allowPrivate,
      queue: store.deliveries,
      clock,
      logger: pino(
        { level: 'debug' },
        { write: (line) => void logged.push(JSON.parse(line) as (typeof logged)[0]) },
      ),
      newId: randomUUID,
    });
    webhooks.start();
    return webhooks.observer;
  }

  async function stop(): Promise<void> {
    await webhooks?.stop();
    webhooks = null;
    store.close();
  }

  const story = () => received.map(({ body: { type, data } }) => `${String(data.room)}: ${type}`);
  const failures = () => logged.filter(({ msg }) => msg === 'webhook failed').length;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'tertulia-webhooks-'));
    clock = new MovableClock();
    received = [];
    logged = [];
    answer = (response) => response.writeHead(204).end();
    receiver = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        const body = JSON.parse(text) as WebhookBody;
        const one = { path: request.url ?? '', headers: request.headers, text, body };
        received.push(one);
        answer(response, one);
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  });
  afterEach(async () => {
    if (webhooks) await stop();
    receiver.closeAllConnections();
    await new Promise((resolve) => receiver.close(resolve));
    await rm(dir, { recursive: true, force: true });
  });

  it('tell what happens, in order, signed so that any library of the standard accepts it', async () => {
    const observer = start();
    observer.roomOpened('seminar');
    observer.participantJoined('seminar', ANA);
    observer.handRaised('seminar', ANA);
    observer.participantLeft('seminar', ANA, 'left');
    observer.roomEnded('seminar');
    await until(() => received.length === 5);
    expect(received.map(({ body }) => body.type)).toEqual([
      ...['room.started', 'participant.joined', 'hand.raised', 'participant.left', 'room.ended'],
    ]);
    expect(received[3]?.body.data).toEqual({ room: 'seminar', participant: ANA, reason: 'left' });
    expect(received[0]?.body.timestamp).toBe(new Date(clock.now()).toISOString());
    const verifier = new Webhook(Buffer.from(SECRET).toString('base64'));
    for (const { headers, text } of received) {
      expect(verifier.verify(text, headers as Record<string, string>)).toBeTruthy();
      expect(() => verifier.verify(`${text} `, headers as Record<string, string>)).toThrow('signature');
    }
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(5);
  });

  it('take a secret that was made for the standard', async () => {
    const made = `whsec_${Buffer.from(SECRET).toString('base64')}`;
    start({ secret: made }).roomOpened('seminar');
    await until(() => received.length === 1);
    const { text, headers } = received[0]!;
    expect(new Webhook(made).verify(text, headers as Record<string, string>)).toBeTruthy();
  });

  it('come again, the same, until they are taken, and nothing of the room overtakes them', async () => {
    let failing = true;
    answer = (response, { body }) => response.writeHead(failing && body.data.room === 'a' ? 500 : 200).end();
    const observer = start();
    observer.roomOpened('a');
    observer.roomEnded('a');
    observer.roomOpened('b');
    observer.roomEnded('b');
    await until(() => failures() === 1 && received.length === 3);
    expect(story().sort()).toEqual(['a: room.started', 'b: room.ended', 'b: room.started']);
    clock.pass(1_000);
    await until(() => failures() === 2);
    failing = false;
    clock.pass(2_000);
    await until(() => story().includes('a: room.ended'));
    const ofA = received.filter(({ body }) => body.data.room === 'a');
    expect(ofA.map(({ body }) => body.type)).toEqual([
      ...['room.started', 'room.started', 'room.started', 'room.ended'],
    ]);
    expect(new Set(ofA.slice(0, 3).map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(ofA.slice(0, 3).map(({ headers }) => headers['webhook-signature'])).size).toBe(3);
  });

  it('are given up after a while, and the room goes on', async () => {
    answer = (response, { body }) => response.writeHead(body.type === 'room.started' ? 503 : 200).end();
    const observer = start();
    observer.roomOpened('seminar');
    observer.roomEnded('seminar');
    for (let attempt = 1; attempt < MAX_ATTEMPTS; attempt += 1) {
      await until(() => failures() === attempt);
      clock.pass(3_600_000);
    }
    await until(() => story().at(-1) === 'seminar: room.ended');
    expect(received).toHaveLength(MAX_ATTEMPTS + 1);
    expect(logged.map(({ msg }) => msg)).toContain('webhook given up');
    await until(() => store.deliveries.count() === 0);
  });

  it('are sent after a restart, but not to URLs that are no longer set', async () => {
    const gone = url.replace('/hook', '/gone');
    answer = (response) => response.writeHead(500).end();
    const observer = start({ urls: [url, gone] });
    observer.roomOpened('seminar');
    observer.roomEnded('seminar');
    await until(() => failures() === 2);
    await stop();
    received = [];
    answer = (response) => response.writeHead(200).end();
    clock.pass(1_000);
    start();
    await until(() => received.length === 2);
    expect(story()).toEqual(['seminar: room.started', 'seminar: room.ended']);
    expect(received.map(({ path }) => path)).toEqual(['/hook', '/hook']);
    await until(() => store.deliveries.count() === 0);
  });

  it('are kept when the server stops in the middle of sending them', async () => {
    answer = () => undefined;
    start().roomOpened('seminar');
    await until(() => received.length === 1);
    await stop();
    answer = (response) => response.writeHead(200).end();
    start();
    await until(() => received.length === 2);
    expect(received[1]?.headers['webhook-id']).toBe(received[0]?.headers['webhook-id']);
  });

  it('are sent once, and in order, while the disk does not take that they were', async () => {
    const observer = start();
    const disk = new DatabaseSync(join(dir, 'tertulia.db'));
    // What a full disk does to whoever writes.
    disk.exec("CREATE TRIGGER full BEFORE DELETE ON webhook_delivery BEGIN SELECT RAISE(ABORT, 'full'); END");
    observer.roomOpened('seminar');
    observer.roomEnded('seminar');
    const notWritten = () => logged.filter(({ msg }) => msg.includes('could not be written down')).length;
    await until(() => notWritten() === 1);
    clock.pass(10_000);
    await until(() => notWritten() === 2);
    expect(story()).toEqual(['seminar: room.started']);
    disk.exec('DROP TRIGGER full');
    disk.close();
    clock.pass(10_000);
    await until(() => received.length === 2);
    expect(story()).toEqual(['seminar: room.started', 'seminar: room.ended']);
  });

  it('do not wait for the receivers of others', async () => {
    answer = (response, { path }) => {
      if (path !== '/slow') response.writeHead(200).end();
    };
    start({ urls: [url.replace('/hook', '/slow'), url] }).roomOpened('seminar');
    await until(() => received.length === 2);
    expect(received.map(({ path }) => path).sort()).toEqual(['/hook', '/slow']);
    await until(() => store.deliveries.count() === 1);
  });

  it('follow no redirect, and read no long answer', async () => {
    answer = (response, { path }) => {
      if (path === '/hook') response.writeHead(302, { location: '/inside' }).end();
      else response.writeHead(200).write('x'.repeat(1_000_000));
    };
    const observer = start({ urls: [url, url.replace('/hook', '/long')] });
    observer.roomOpened('seminar');
    await until(() => failures() === 1 && store.deliveries.count() === 1);
    expect(received.map(({ path }) => path).sort()).toEqual(['/hook', '/long']);
    expect(logged.find(({ msg }) => msg === 'webhook failed')?.problem).toBe('status 302');
  });

  it.each(['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '2130706433'])(
    'never go inside unless they are allowed to: %s',
    async (host) => {
      start({ urls: [url.replace('127.0.0.1', host)], allowPrivate: false }).roomOpened('seminar');
      await until(() => failures() === 1);
      expect(logged.find(({ msg }) => msg === 'webhook failed')?.problem).toMatch(/public address/);
      expect(received).toHaveLength(0);
    },
  );

  it('tell of telephones, each call in order, also of one that came into no room', async () => {
    start();
    webhooks!.callStarted(STARTED);
    webhooks!.callEnded(ENDED);
    await until(() => received.length === 2);
    expect(received.map(({ body: { type, data } }) => [type, data])).toEqual([
      ['call.started', { room: null, call: STARTED }],
      ['call.ended', { room: null, call: ENDED }],
    ]);
  });

  describe('that were added', () => {
    /** Adds one. @throws Error when it is refused */
    function add(path: string, events: readonly WebhookEvent[] = webhookEvents): AddedReceiver {
      const added = webhooks!.add({ url: url.replace('/hook', path), events });
      if (typeof added === 'string') throw new Error(added);
      return added;
    }

    it('are told of what they ask for, with a secret of their own, beside those of the settings', async () => {
      const observer = start();
      const { secret } = add('/added', ['room.ended']);
      observer.roomOpened('seminar');
      observer.roomEnded('seminar');
      await until(() => received.length === 3);
      const [own] = received.filter(({ path }) => path === '/added');
      expect(own?.body.type).toBe('room.ended');
      expect(new Webhook(secret).verify(own!.text, own!.headers as Record<string, string>)).toBeTruthy();
      expect(story().filter((told) => told === 'seminar: room.ended')).toHaveLength(2);
      expect(JSON.stringify(logged)).not.toContain(secret);
    });

    it('need none in the settings, and are there after a restart, with what they have missed', async () => {
      answer = (response) => response.writeHead(500).end();
      const observer = start({ secret: null });
      const added = add('/added');
      observer.roomOpened('seminar');
      await until(() => failures() === 1);
      await stop();
      answer = (response) => response.writeHead(200).end();
      clock.pass(1_000);
      start({ secret: null });
      expect(webhooks!.added).toEqual([added]);
      await until(() => received.length === 2);
      const [before, after] = received.map(({ headers }) => headers['webhook-id']);
      expect(after).toBe(before);
      await until(() => store.deliveries.count() === 0);
    });

    it('get nothing any more once they were removed, also not what waits', async () => {
      answer = (response) => response.writeHead(500).end();
      const observer = start({ secret: null });
      const { id } = add('/added');
      observer.roomOpened('seminar');
      observer.roomEnded('seminar');
      await until(() => failures() === 1 && store.deliveries.count() === 2);
      expect([webhooks!.remove(id), webhooks!.remove(id)]).toEqual([true, false]);
      expect(store.deliveries.count()).toBe(0);
      observer.roomOpened('seminar');
      clock.pass(3_600_000);
      await stop();
      expect(received).toHaveLength(1);
    });

    it.each(['http://127.0.0.1/', 'http://[::1]:8080/', 'https://10.1.2.3/hook', 'http://2130706433/'])(
      'lead to no private address unless they may: %s',
      (inside) => {
        start({ allowPrivate: false });
        const one = { url: inside, events: webhookEvents };
        expect(webhooks!.add(one)).toBe('private-address');
        expect(webhooks!.added).toEqual([]);
      },
    );

    it('are judged by where their names lead when something is sent', async () => {
      const observer = start({ secret: null, allowPrivate: false });
      webhooks!.add({ url: url.replace('127.0.0.1', 'localhost'), events: webhookEvents });
      observer.roomOpened('seminar');
      await until(() => failures() === 1);
      expect(logged.find(({ msg }) => msg === 'webhook failed')?.problem).toMatch(/public address/);
      expect(received).toHaveLength(0);
    });

    it('are not more than a hundred', () => {
      start();
      for (let n = 0; n < 100; n += 1) add(`/${n}`);
      expect(webhooks!.add({ url, events: webhookEvents })).toBe('too-many');
    });
  });

  it('are lost, and it is logged, when too many wait', async () => {
    answer = (response) => response.writeHead(500).end();
    const observer = start();
    for (let i = 0; i < 20_010; i += 1) observer.roomOpened(`room-${i % 3}`);
    await until(() => logged.some(({ msg }) => msg === 'too many webhooks wait'));
    expect(store.deliveries.count()).toBe(20_000);
  });
});
