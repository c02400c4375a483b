/** Telephones in the API: told by a bridge's socket, as a bridge tells it, and read by a program with a key. */
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import type { Dial } from '../../../server/conference/model.ts';
import type { BridgeStatus } from '../../../server/signalling/bridge-status.ts';
import { BRIDGE_VERSION } from '../../../server/signalling/contract/bridge.ts';
import type { CallRecord } from '../../../server/signalling/contract/bridge.ts';
import { createCallRecordRepository } from '../../../server/store/call-records.ts';
import { openDatabase } from '../../../server/store/database.ts';
import { ApiClient } from '../../helpers/api-client.ts';
import { BridgeClient } from '../../helpers/bridge-client.ts';
import { ServerProcess, freePorts } from '../../helpers/server-process.ts';
import { SignalClient } from '../../helpers/signal-client.ts';
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

let dataDir: string;
let server: ServerProcess;
let bridge: BridgeClient;
let admin: ApiClient;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'tertulia-calls-'));
  server = await ServerProcess.start({
    env: { WORKERS: '1', BRIDGE_SECRET, CALLS_OUT_PER_ROOM: '2', DATA_DIR: dataDir },
  });
  admin = await ApiClient.of(server, 'admin');
  bridge = await BridgeClient.connect(server.url);
});
afterAll(async () => {
  bridge.close();
  await server.close();
  await rm(dataDir, { recursive: true });
});

describe('Bridges', () => {
  const trunk = { name: 'office', uri: 'wss://pbx.example.org/ws', reason: null, calls: 2 };
  const load = { cpu: 0.25, latenessP50Ms: 0.5, latenessP99Ms: 4, refusing: false };
  const isTime = expect.any(Number) as number;

  beforeAll(async () => {
    await bridge.ask('hello', {
      version: BRIDGE_VERSION,
      callsOut: true,
      trunks: [
        { ...trunk, state: 'registered' },
        { name: 'carrier', state: 'failed', reason: 'refused: 403', calls: 0 },
      ],
    });
    await bridge.ask('load', load);
  });

  it('are told of with their trunks, their load, and the calls that are going on', async () => {
    const settings = { lobby: true };
    const { body } = await admin.call<{ room: { number: string } }>('POST', 'rooms', {
      name: 'line',
      settings,
    });
    const [asking, waiting] = [bridge.call({ number: '1001' }), bridge.call({ number: '1002', name: 'Bo' })];
    await asking.enter('1');
    await waiting.enter(body.room.number);
    const calls = async () => {
      const { body: answer } = await admin.call<{ bridges: Record<string, unknown>[] }>('GET', 'bridges');
      expect(answer.bridges).toMatchObject([
        {
          load,
          since: isTime,
          trunks: [
            { ...trunk, state: 'registered', since: isTime, lastProblem: null },
            {
              name: 'carrier',
              state: 'failed',
              uri: null,
              lastProblem: { reason: 'refused: 403', at: isTime },
            },
          ],
        },
      ]);
      return answer.bridges[0]!['calls'];
    };
    const nowhere = { room: null, since: null, participantId: null };
    expect(await calls()).toMatchObject([
      { number: '1001', direction: 'inbound', state: 'asking', ...nowhere },
      { number: '1002', name: 'Bo', state: 'waiting', room: 'line', since: isTime, participantId: null },
    ]);
    expect(await server.metric('tertulia_calls_in_rooms')).toEqual(
      new Map([
        ['direction="inbound"', 0],
        ['direction="outbound"', 0],
      ]),
    );
    await admin.call('POST', 'rooms/line/admit', { knockIds: 'all' });
    const { participantId } = await waiting.isTold('joined');
    expect(await calls()).toMatchObject([
      { number: '1001' },
      { number: '1002', state: 'in-room', room: 'line', since: isTime, participantId },
    ]);
    expect((await server.metric('tertulia_calls_in_rooms')).get('direction="inbound"')).toBe(1);
    for (const { callId } of [asking, waiting]) await bridge.ask('leave', { callId });
    expect(await calls()).toEqual([]);
  });

  it('are in the health of the server, without where they lead and who calls', async () => {
    const health: unknown = await (await fetch(new URL('health', server.url))).json();
    expect(health).toMatchObject({
      bridges: 1,
      trunks: [
        { name: 'office', state: 'registered', calls: 2 },
        { name: 'carrier', state: 'failed', calls: 0 },
      ],
    });
    expect(JSON.stringify(health)).not.toMatch(/example\.org|403/);
  });

  it('are in the metrics', async () => {
    expect((await server.metric('tertulia_bridges')).get('')).toBe(1);
    const trunks = await server.metric('tertulia_trunks');
    expect([...trunks.values()]).toEqual([1, 0, 0, 1]);
    expect(trunks.get('state="failed"')).toBe(1);
    expect((await server.metric('tertulia_trunk_calls')).get('trunk="office"')).toBe(2);
    expect((await server.metric('tertulia_bridge_lateness_seconds')).get('quantile="0.99"')).toBe(0.004);
    expect((await server.metric('tertulia_bridge_cpu_ratio')).get('')).toBe(0.25);
    expect((await server.metric('tertulia_bridges_refusing')).get('')).toBe(0);
    await bridge.ask('load', { ...load, refusing: true });
    expect((await server.metric('tertulia_bridges_refusing')).get('')).toBe(1);
  });

  it('are gone when they are gone', async () => {
    const other = await BridgeClient.connect(server.url);
    await other.hello('other');
    expect((await server.metric('tertulia_bridges')).get('')).toBe(2);
    other.close();
    await vi.waitUntil(async () => (await server.metric('tertulia_bridges')).get('') === 1, {
      timeout: 10_000,
    });
    expect((await server.metric('tertulia_trunk_calls')).has('trunk="other"')).toBe(false);
  });
});

describe('The bridge beside the server', () => {
  it('tells what it has to do, where its trunks lead and why one is down, without the secrets of addresses', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'tertulia-bridge-'));
    const config = join(dir, 'bridge.json');
    const [port, host] = [await freePorts(), '127.0.0.1'];
    const pbx = new WebSocketServer({ host, port: 0 });
    await once(pbx, 'listening');
    const { port: open } = pbx.address() as AddressInfo;
    const trunk = { user: 'tertulia', domain: host, register: false };
    const trunks = [
      { ...trunk, name: 'nowhere', uris: [`ws://${host}:${port}/?token=abc`] },
      { ...trunk, name: 'office', uris: [`ws://${host}:${open}/sip?token=abc`] },
    ];
    await writeFile(config, JSON.stringify({ trunks }));
    const other = await ServerProcess.start({ env: { WORKERS: '1', BRIDGE_CONFIG_FILE: config } });
    const reader = await ApiClient.of(other, 'calls:read');
    const { body } = await vi.waitUntil(
      async () => {
        const answer = await reader.call<{ bridges: BridgeStatus[] }>('GET', 'bridges');
        const [only] = answer.body.bridges;
        return only?.load && only.trunks[0]?.reason ? answer : null;
      },
      { timeout: 30_000, interval: 200 },
    );
    expect(body.bridges).toMatchObject([
      {
        load: { refusing: false },
        trunks: [
          { name: 'nowhere', state: 'failed', uri: null },
          { name: 'office', state: 'connected', uri: `ws://${host}:${open}/sip` },
        ],
        calls: [],
      },
    ]);
    expect(JSON.stringify(body)).not.toContain('abc');
    await other.close();
    pbx.close();
    await rm(dir, { recursive: true });
  }, 60_000);
});

describe('Calls out of a room', () => {
  const DESTINATION = '+54 11 5555-0000';
  let ana: SignalClient;

  interface Made {
    dial: Dial;
  }
  const callOut = () => admin.call<Made>('POST', 'rooms/out/calls', { destination: DESTINATION });
  const underWay = async () => (await admin.call<{ dials: Dial[] }>('GET', 'rooms/out/calls')).body.dials;
  const asked = (dialId: string) =>
    vi.waitUntil(() => bridge.dials.find((request) => request.dialId === dialId), { timeout: 10_000 });

  beforeAll(async () => {
    await bridge.hello();
    ana = await SignalClient.connect(server.url);
    await ana.join('out', 'Ana');
  });
  afterAll(() => ana.close());

  it('are made, ring, and come in, as hosts are told, by the name of the key', async () => {
    const { status, body } = await callOut();
    expect(status).toBe(201);
    expect(body.dial).toMatchObject({ destination: DESTINATION, state: 'dialling', by: 'test' });
    const request = await asked(body.dial.id);
    expect(request).toMatchObject({ room: 'out', destination: DESTINATION });
    await bridge.ask('dialProgress', { dialId: body.dial.id, state: 'ringing' });
    expect(await underWay()).toEqual([{ ...body.dial, state: 'ringing' }]);
    await ana.told('dialChanged', ({ dial }) => dial.state === 'ringing' && dial.by === 'test');
    const call = bridge.call();
    const { state } = await call.accept(request);
    expect(state).toBe('joined');
    expect(await underWay()).toEqual([]);
    const { participantId } = call.inRoom;
    await admin.call('POST', 'rooms/out/remove', { participantId });
    expect(await call.isTold('refused')).toMatchObject({ reason: 'removed' });
  });

  it('are called off while they ring, and not after', async () => {
    const { id } = (await callOut()).body.dial;
    await asked(id);
    const path = `rooms/out/calls/${id}`;
    expect((await admin.call('DELETE', path)).status).toBe(200);
    await vi.waitUntil(() => bridge.cancelled.includes(id), { timeout: 10_000 });
    expect((await admin.call('DELETE', path)).status).toBe(404);
    expect(await underWay()).toEqual([]);
  });

  it('are no more than a room may make at a time, nor where no line is, nobody is there, or nothing is dialled', async () => {
    const made = [await callOut(), await callOut()];
    expect(made.map(({ status }) => status)).toEqual([201, 201]);
    const tooMany = await admin.call<{ error: { code: string } }>('POST', 'rooms/out/calls', {
      destination: '1',
    });
    expect([tooMany.status, tooMany.body.error.code]).toEqual([429, 'too-many-calls']);
    for (const { body } of made) await admin.call('DELETE', `rooms/out/calls/${body.dial.id}`);
    await bridge.ask('hello', { version: BRIDGE_VERSION, trunks: [], callsOut: true });
    expect((await callOut()).status).toBe(503);
    await bridge.hello();
    const elsewhere = await admin.call('POST', 'rooms/nobody/calls', { destination: '1' });
    expect(elsewhere.status).toBe(404);
    expect((await admin.call('POST', 'rooms/out/calls', { destination: '' })).status).toBe(400);
  });
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

  it('are counted in the metrics, by direction and by whose doing, each of them once', async () => {
    await bridge.ask('record', records[1]!);
    const counts = await server.metric('tertulia_calls_ended_total');
    expect(counts.get('direction="inbound",fault="caller"')).toBe(1);
    expect(counts.get('direction="inbound",fault="nobody"')).toBe(2);
    expect(counts.get('direction="outbound",fault="nobody"')).toBe(1);
    expect(counts.get('direction="outbound",fault="trunk"')).toBe(0);
  });

  it('are all in the table, however many they are', async () => {
    const many = Array.from({ length: 1_001 }, (_, n) => record(`many-${n}`, { trunk: 'many' }));
    // In one write to the disk, beside the server.
    const database = openDatabase(dataDir);
    const kept = createCallRecordRepository(database);
    database.exec('BEGIN IMMEDIATE');
    for (const one of many) kept.add(one);
    database.exec('COMMIT');
    database.close();
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
    for (const path of ['calls', 'calls.csv', 'bridges']) {
      expect((await others.call('GET', path)).status).toBe(403);
      expect((await admin.withHeaders({}).call('GET', path)).status).toBe(401);
      expect((await reader.call('GET', path)).status).toBe(200);
    }
    expect(server.log).not.toContain('541155551234');
  });
});

it('All that the API documents of telephones was used here', () => {
  expect(admin.unused.filter((operation) => /\/api\/(bridges|.*calls)/.test(operation))).toEqual([]);
});
