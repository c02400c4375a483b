/** Telephones in the API: told by a bridge's socket, as a bridge tells it, and read by a program with a key. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallRecord } from '../../../server/signalling/contract/bridge.ts';
import { ApiClient } from '../../helpers/api-client.ts';
import { BridgeClient } from '../../helpers/bridge-client.ts';
import { ServerProcess } from '../../helpers/server-process.ts';
import { BRIDGE_SECRET } from '../../helpers/signalled-server.ts';

interface Page {
  calls: CallRecord[];
  next: string | null;
}

const NOW = Date.now();

function record(callId: string, more: Partial<CallRecord> = {}): CallRecord {
  return {
    ...{ callId, direction: 'inbound', trunk: 'office', number: '+541155551234', name: 'Ana', called: '800' },
    ...{ room: 'física', startedAt: NOW, answeredAt: NOW + 1_000, endedAt: NOW + 61_000 },
    ...{ reason: 'hung-up', fault: 'nobody', sipStatus: 200, failedPins: 0, leg: 'dtls', codec: 'opus' },
    ...{ packetsReceived: 3_000, packetsLost: 2, jitterMs: 1.5 },
    ...more,
  };
}

let server: ServerProcess;
let bridge: BridgeClient;
let admin: ApiClient;

beforeAll(async () => {
  server = await ServerProcess.start({ env: { WORKERS: '1', BRIDGE_SECRET } });
  admin = await ApiClient.of(server, 'admin');
  bridge = await BridgeClient.connect(server.url);
});
afterAll(async () => {
  bridge.close();
  await server.close();
});

describe('Calls that have ended', () => {
  const calls = async (query = ''): Promise<Page> => (await admin.call<Page>('GET', `calls${query}`)).body;
  const idsOf = async (query: string) => (await calls(query)).calls.map(({ callId }) => callId);

  const lost = { room: null, answeredAt: null, sipStatus: 503, leg: null, codec: null, packetsReceived: 0 };
  const records = [
    record('first', { startedAt: NOW - 4_000 }),
    record('guessed', { startedAt: NOW - 3_000, reason: 'pin-wrong', fault: 'caller', failedPins: 3 }),
    record('out', { startedAt: NOW - 3_000, direction: 'outbound', trunk: 'carrier', room: 'seminar' }),
    record('nowhere', { startedAt: NOW - 1_000, number: null, name: '=HYPERLINK("x")', ...lost }),
  ];

  beforeAll(async () => {
    for (const one of records) await bridge.ask('record', one);
  });

  it('are told newest first, also those whose PINs were wrong, and those that came into no room', async () => {
    const [first, guessed, out, nowhere] = records;
    expect(await calls()).toEqual({ calls: [nowhere, out, guessed, first], next: null });
  });

  it.each([
    ['?room=F%C3%8DSICA', ['guessed', 'first']],
    ['?trunk=carrier', ['out']],
    ['?direction=inbound', ['nowhere', 'guessed', 'first']],
    [`?from=${NOW - 3_000}&until=${NOW - 1_000}`, ['out', 'guessed']],
    [`?room=seminar&trunk=office`, []],
  ])('are those that were asked for: %s', async (query, expected) => {
    expect(await idsOf(query)).toEqual(expected);
  });

  it('come page by page, none of them twice or never, also where they began at the same time', async () => {
    const seen: string[] = [];
    let query = '?limit=1';
    for (;;) {
      const { calls: page, next } = await calls(query);
      seen.push(...page.map(({ callId }) => callId));
      if (next === null) break;
      query = `?limit=1&olderThan=${next}`;
    }
    expect(seen).toEqual(['nowhere', 'out', 'guessed', 'first']);
  });

  it('are a table, too, in which nothing is a formula', async () => {
    const { type, headers, body } = await admin.call<string>('GET', 'calls.csv?direction=inbound');
    expect(type).toBe('text/csv');
    expect(headers.get('content-disposition')).toContain('calls.csv');
    const [headings, ...lines] = body.trimEnd().split('\r\n');
    expect(headings).toMatch(/^started,answered,ended,direction,trunk,number,name,called,room,reason,/);
    expect(lines).toHaveLength(3);
    expect(lines[0]).toContain(`,inbound,office,,"'=HYPERLINK(""x"")",800,,hung-up,nobody,503,0,,,0,`);
    const started = new Date(NOW - 3_000).toISOString();
    expect(lines[1]).toMatch(new RegExp(`^${started},.*,inbound,office,'\\+541155551234,Ana,800,física,`));
  });

  it('are all in the table, however many they are', async () => {
    const many = Array.from({ length: 1_001 }, (_, n) => record(`many-${n}`, { trunk: 'many' }));
    await Promise.all(many.map((one) => bridge.ask('record', one)));
    const { body } = await admin.call<string>('GET', 'calls.csv?trunk=many');
    const ids = body
      .trimEnd()
      .split('\r\n')
      .map((line) => line.split(',').at(-1));
    expect(new Set(ids)).toEqual(new Set(['call', ...many.map(({ callId }) => callId)]));
    expect(ids).toHaveLength(1_002);
  });

  it.each(['limit=0', 'limit=1001', 'direction=sideways', 'from=yesterday', 'nonsense=1'])(
    'are not told to who asks wrongly: %s',
    async (query) => {
      expect((await admin.call('GET', `calls?${query}`)).status).toBe(400);
    },
  );

  it('are nobody’s to read without the scope for it', async () => {
    const others = await ApiClient.of(server, 'rooms:read', 'attendance:read', 'moderate');
    const reader = await ApiClient.of(server, 'calls:read');
    for (const path of ['calls', 'calls.csv']) {
      expect((await others.call('GET', path)).status).toBe(403);
      expect((await admin.withHeaders({}).call('GET', path)).status).toBe(401);
      expect((await reader.call('GET', path)).status).toBe(200);
    }
    expect(server.log).not.toContain('541155551234');
  });
});
