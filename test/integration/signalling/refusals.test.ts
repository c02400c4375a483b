import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { requests } from '../../../server/signalling/contract.ts';
import { SignalledServer } from '../../helpers/signalled-server.ts';
import type { SignalClient } from '../../helpers/signal-client.ts';

const NAMES = Object.keys(requests);
const JOIN = { version: 1, room: 'room', name: 'Eve' };

function overTheWire(value: unknown): unknown {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}

describe('Signalling', () => {
  let server: SignalledServer;
  let bystander: SignalClient;

  beforeAll(async () => {
    server = await SignalledServer.start();
  });
  afterEach(async () => {
    // Whatever somebody sends, nothing of it may reach the log as a mistake of ours, or cost another anything.
    expect(server.logged.filter((line) => line.includes('"level":50'))).toEqual([]);
    if (bystander.connected) await bystander.ask('react', { reaction: '🎉' });
    await server.empty();
  });
  afterAll(() => server.close());

  async function bystanderJoins(): Promise<void> {
    bystander = await server.client();
    await bystander.join('room', 'Bystander');
  }

  it.each(NAMES.filter((name) => name !== 'join'))('refuses %s before a join', async (name) => {
    await bystanderJoins();
    const eve = await server.client();
    const { code } = await eve.refusal(name, {});
    expect(['not-joined', 'invalid-request']).toContain(code);
  });

  it.each(NAMES)('refuses %s with anything that does not fit', async (name) => {
    await bystanderJoins();
    const eve = await server.client();
    if (name !== 'join') await eve.join('room', 'Eve');
    const schema = requests[name as keyof typeof requests];
    await fc.assert(
      fc.asyncProperty(
        fc.anything({ maxDepth: 3, withNullPrototype: false }).filter((value) => {
          return !schema.safeParse(overTheWire(value)).success;
        }),
        async (payload) => {
          const error = await eve.refusal(name, overTheWire(payload));
          expect(['invalid-request', 'version-mismatch']).toContain(error.code);
        },
      ),
      { numRuns: 20 },
    );
    expect(eve.connected).toBe(true);
  });

  it('names the field that does not fit, and does not repeat what was in it', async () => {
    await bystanderJoins();
    const eve = await server.client();
    const error = await eve.refusal('join', { ...JOIN, name: 'a secret \u0000' });
    expect(error).toMatchObject({ code: 'invalid-request' });
    expect(error.message).toMatch(/^name: /);
    expect(error.message).not.toContain('secret');
    expect((await eve.refusal('join', { ...JOIN, extra: true })).code).toBe('invalid-request');
  });

  it('tells a client of another age so', async () => {
    await bystanderJoins();
    const eve = await server.client();
    expect((await eve.refusal('join', { ...JOIN, version: 2, unheardOf: {} })).code).toBe('version-mismatch');
  });

  it('refuses a second join, and any event that is none', async () => {
    await bystanderJoins();
    const eve = await server.client();
    const both = await Promise.all([eve.say('join', JOIN), eve.say('join', { ...JOIN, room: 'other' })]);
    expect(both.map(({ ok }) => ok)).toEqual([true, false]);
    expect((await eve.refusal('join', JOIN)).code).toBe('already-joined');
    for (const name of ['events', 'constructor', '__proto__', 'toString', 'x'.repeat(5_000)]) {
      expect((await eve.refusal(name, {})).code).toBe('invalid-request');
    }
  });

  it('lets nobody touch what belongs to another', async () => {
    await bystanderJoins();
    const eve = await server.client();
    await eve.join('room', 'Eve');
    const stranger = 'V1StGXR8_Z5jdHi6B-myT';
    expect((await eve.refusal('unpublish', { publicationId: stranger })).code).toBe('unknown-publication');
    expect((await eve.refusal('setMuted', { publicationId: stranger, muted: true })).code).toBe(
      'unknown-publication',
    );
    expect((await eve.refusal('subscriptionsReady', { subscriptionIds: [stranger] })).code).toBe(
      'unknown-subscription',
    );
  });

  it('closes a socket that sends too much at once, and no other', async () => {
    await bystanderJoins();
    const eve = await server.client();
    await eve.join('room', 'Eve');
    eve.mutter('chat', { text: 'x'.repeat(1_000_000) });
    await eve.disconnected();
    expect(bystander.connected).toBe(true);
  });

  it('carries out requests without an ack, and survives those that make no sense', async () => {
    await bystanderJoins();
    const eve = await server.client();
    await eve.join('room', 'Eve');
    eve.mutter('chat');
    eve.mutter('chat', null, null, null);
    eve.mutter('view', Buffer.from('binary'));
    eve.mutter('chat', { text: 'Good-bye' });
    eve.mutter('leave', {});
    expect((await bystander.told('chatMessage')).message.text).toBe('Good-bye');
    expect(await bystander.told('participantLeft')).toMatchObject({ reason: 'left' });
  });
});

describe('A flood', () => {
  it('is refused with the time to wait, in the order of coming, and nobody else is', async () => {
    const server = await SignalledServer.start({
      gateway: { rates: { messagesPerSecond: 5, messageBurst: 10, joinsPerMinute: 3 } },
    });
    try {
      const [eve, ana] = [await server.client(), await server.client()];
      await eve.join('room', 'Eve');
      await ana.join('room', 'Ana');
      const results = await Promise.all(
        Array.from({ length: 40 }, () => eve.say('view', { videos: [], pinned: null })),
      );
      const accepted = results.findIndex(({ ok }) => !ok);
      expect(accepted).toBeGreaterThan(5);
      expect(accepted).toBeLessThan(20);
      expect(results.slice(accepted).every(({ ok }) => !ok)).toBe(true);
      const refused = results.at(-1);
      expect(refused).toMatchObject({ ok: false, error: { code: 'rate-limited' } });
      await ana.ask('view', { videos: [], pinned: null });
      const third = await server.client();
      await third.join('room', 'C');
      const fourth = await server.client();
      expect((await fourth.refusal('join', JOIN)).code).toBe('rate-limited');
    } finally {
      await server.close();
    }
  });
});
