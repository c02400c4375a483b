/** Whatever a socket says to the whole server: a typed refusal, no crash, and nobody else is disturbed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requests } from '../../../server/signalling/contract.ts';
import type { RequestInput, RequestName, Result } from '../../../server/signalling/contract.ts';
import { errorCodes } from '../../../server/signalling/contract/words.ts';
import { receiverCapabilities } from '../../helpers/rtc-participant.ts';
import { RtcEnd, closeLibrary } from '../../helpers/rtc-end.ts';
import { ServerProcess } from '../../helpers/server-process.ts';
import { SignalClient } from '../../helpers/signal-client.ts';
import { SignalledParticipant } from '../../helpers/signalled-participant.ts';
import { SyntheticMicrophone } from '../../helpers/synthetic-media.ts';
import { sleep, until } from '../../helpers/wait.ts';

const MAX_MESSAGE_BYTES = 65_536;
/** Fewer than the limit for what everybody is told of, so that a refusal is for what was said. */
const REQUESTS_A_SOCKET = 20;

let server: ServerProcess;
let pid: number;
let speaker: SignalledParticipant;
let bystander: SignalledParticipant;
let voice: string;

beforeAll(async () => {
  server = await ServerProcess.start({
    env: {
      ...{ MAX_MESSAGE_BYTES: String(MAX_MESSAGE_BYTES), MESSAGES_PER_SECOND: '10000' },
      ...{ MESSAGE_BURST: '10000', JOINS_PER_MINUTE: '100000', MAX_ROOMS: '100' },
    },
  });
  pid = server.pid;
  speaker = await SignalledParticipant.join(server.url, 'quiet', 'Speaker');
  bystander = await SignalledParticipant.join(server.url, 'quiet', 'Bystander');
  const { microphone, publicationId } = await speaker.microphone();
  voice = publicationId;
  microphone.speak();
  await until(
    'the bystander hears',
    () => bystander.heardIn(100),
    (heard) => heard.includes(voice),
  );
});

/** Nobody has noticed anything. */
afterAll(async () => {
  const { times } = bystander.of(voice)!;
  const gaps = times.slice(1).map((time, i) => time - times[i]!);
  const types = new Set([...speaker.signal.events, ...bystander.signal.events].map(({ type }) => type));
  const accidents = server.log.split('\n').filter((line) => /"level":(50|60)/.test(line));
  const isAlive = server.pid === pid && (await fetch(`${server.url}health/ready`)).ok;
  speaker.vanish();
  bystander.vanish();
  closeLibrary();
  expect(await server.close()).toBe(0);
  expect(isAlive).toBe(true);
  expect(bystander.heardIn(60_000)).toContain(voice);
  expect(Math.max(...gaps)).toBeLessThan(1_000);
  expect(types.has('mediaReset')).toBe(false);
  expect(accidents).toEqual([]);
});

/** One good payload of each request, as far as it is good at any time. */
const samples: { [N in RequestName]: RequestInput<N> } = {
  join: { version: 1, room: 'bad', name: 'Mallory', resume: { token: 'none', lastEvent: 0 } },
  ready: { rtpCapabilities: receiverCapabilities, view: { videos: [], pinned: null } },
  connectTransport: {
    direction: 'send',
    dtlsParameters: { role: 'client', fingerprints: [{ algorithm: 'sha-256', value: 'AA:BB' }] },
  },
  restartIce: { direction: 'send' },
  publish: { source: 'microphone', rtpParameters: { codecs: [] }, muted: false },
  unpublish: { publicationId: 'none' },
  setMuted: { publicationId: 'none', muted: true },
  view: { videos: [{ publicationId: 'none', width: 1, height: 1 }], pinned: null },
  subscriptionsReady: { subscriptionIds: ['none'] },
  chat: { text: 'Hello' },
  raiseHand: { raised: true },
  react: { reaction: '👍' },
  rename: { name: 'Mallory' },
  leave: {},
  reactToMessage: { messageId: 'none', reaction: '👍', on: true },
  answerStage: { accept: true },
  moderate: { action: 'mute', target: 'all', mayUnmute: true },
  remove: { participantId: 'none' },
  ban: { participantId: 'none' },
  renameOther: { participantId: 'none', name: 'Mallory' },
  setRole: { participantId: 'none', role: 'host' },
  spotlight: { participantId: null },
  admit: { knockIds: 'all' },
  deny: { knockIds: ['none'] },
  writeToWaiting: { knockId: null, text: 'Hello' },
  changeRoom: { settings: { lobby: false } },
  callOut: { destination: '+54 11 5555 5555' },
  cancelCallOut: { dialId: 'none' },
  endRoom: {},
  exportChat: {},
  exportAttendance: {},
};
const names = Object.keys(requests) as RequestName[];

const deep = JSON.parse('{"a":'.repeat(2_000) + '1' + '}'.repeat(2_000)) as unknown;
const wrong: readonly unknown[] = [
  ...[null, true, -1, 1e308, '', 'x', [], [[]], { unknown: 1 }],
  ...['x'.repeat(50_000), Array.from({ length: 5_000 }, () => 1), deep],
  ...[Buffer.alloc(1_000), JSON.parse('{"__proto__":{"admin":true},"constructor":1}') as unknown],
];

/** The sample with one field anywhere in it replaced, added or left out. */
function* mutants(value: unknown): Generator {
  if (typeof value !== 'object' || value === null) return;
  const list: readonly unknown[] | null = Array.isArray(value) ? value : null;
  for (const [key, inner] of Object.entries(value)) {
    const but = (replacement: unknown) =>
      list
        ? list.map((item, i) => (String(i) === key ? replacement : item))
        : { ...value, [key]: replacement };
    for (const bad of wrong) yield but(bad);
    for (const innerMutant of mutants(inner)) yield but(innerMutant);
    if (!list) yield Object.fromEntries(Object.entries(value).filter(([other]) => other !== key));
  }
  if (!list) yield { ...value, unknown: 1 };
}

/** A typed answer: a value, or an error with a stable code that is not an accident. */
function expectTyped(result: Result<unknown>, what: string): void {
  if (result.ok) return;
  const { code, message } = result.error;
  expect(errorCodes, what).toContain(code);
  expect(code, `${what}: ${message}`).not.toBe('internal');
  expect(message.length, what).toBeLessThan(1_000);
}

/** Says many things, over as many sockets as it takes. */
async function sayAll(
  name: string,
  payloads: Iterable<unknown>,
  joined: boolean,
): Promise<Result<unknown>[]> {
  const results: Result<unknown>[] = [];
  let client: SignalClient | null = null;
  let said = 0;
  for (const payload of payloads) {
    if (!client?.connected || said % REQUESTS_A_SOCKET === 0) {
      client?.close();
      client = await SignalClient.connect(server.url);
      if (joined) await client.join('bad', 'Mallory');
    }
    said += 1;
    results.push(await client.say(name, payload));
  }
  client?.close();
  return results;
}

describe.each(names)('%s', (name) => {
  it('of a wrong kind is refused, before a join and after it', async () => {
    for (const joined of [false, true]) {
      for (const result of await sayAll(name, wrong, joined)) {
        expectTyped(result, name);
        expect(result.ok).toBe(false);
      }
    }
  });

  it('with anything in it that is wrong gets a typed answer', async () => {
    for (const result of await sayAll(name, mutants(samples[name]), name !== 'join'))
      expectTyped(result, name);
  });

  it('that is too large costs the sender the socket', async () => {
    const client = await SignalClient.connect(server.url);
    client.mutter(name, { ...samples[name], extra: 'x'.repeat(MAX_MESSAGE_BYTES) });
    await client.disconnected();
  });

  it('without anybody who waits for the answer is survived', async () => {
    const client = await SignalClient.connect(server.url);
    for (const payload of [[], [null], [samples[name]], [samples[name], 'no function'], [1, 2, 3]])
      client.mutter(name, ...payload);
    expect((await client.say('nothing', {})).ok).toBe(false);
    client.close();
  });
});

describe('the wrong order', () => {
  it('is refused: all before a join, and all after a leave', async () => {
    const client = await SignalClient.connect(server.url);
    for (const name of names.filter((candidate) => candidate !== 'join'))
      expect(await client.refusal(name, samples[name])).toMatchObject({ code: 'not-joined' });
    await client.join('bad', 'Mallory');
    expect(await client.refusal('join', { version: 1, room: 'bad', name: 'Again' })).toMatchObject({
      code: 'already-joined',
    });
    await client.ask('leave', {});
    for (const name of names.filter((candidate) => candidate !== 'join')) {
      if (!client.connected) break;
      expect(await client.refusal(name, samples[name])).toMatchObject({ code: 'not-joined' });
    }
    client.close();
  });

  it('of media is refused, or as good as the right one', async () => {
    const client = await SignalClient.connect(server.url);
    const { transports } = await client.join('bad', 'Mallory');
    const end = new RtcEnd(transports.send);
    const { dtlsParameters } = end;
    await client.ask('connectTransport', { direction: 'send', dtlsParameters });
    await client.refusal('connectTransport', { direction: 'send', dtlsParameters });
    const { rtpParameters } = new SyntheticMicrophone(end);
    await client.ask('publish', { source: 'microphone', rtpParameters, muted: false });
    // Publishing again replaces what was published; over a stream that is in use it is not possible.
    expectTyped(await client.say('publish', { source: 'camera', rtpParameters, muted: false }), 'publish');
    await client.ask('ready', { rtpCapabilities: receiverCapabilities });
    expectTyped(await client.say('ready', { rtpCapabilities: receiverCapabilities }), 'ready');
    end.close();
    client.close();
  });
});

describe('what belongs to others', () => {
  it('cannot be touched, by whoever is in the room or not', async () => {
    const subscriptionId = bystander.of(voice)!.info.id;
    for (const room of ['quiet', 'bad']) {
      const client = await SignalClient.connect(server.url);
      await client.join(room, 'Mallory');
      for (const [name, payload] of [
        ['unpublish', { publicationId: voice }],
        ['setMuted', { publicationId: voice, muted: true }],
        ['subscriptionsReady', { subscriptionIds: [subscriptionId] }],
      ] as const) {
        const { code } = await client.refusal(name, payload);
        expect(['unknown-publication', 'unknown-subscription', 'forbidden']).toContain(code);
      }
      const stolen = { token: 'x'.repeat(21), lastEvent: 0 };
      const other = await SignalClient.connect(server.url);
      const answer = await other.join(room, 'Mallory', stolen);
      expect(answer.resumed).toBe(false);
      for (const socket of [client, other]) {
        await socket.ask('leave', {});
        socket.close();
      }
    }
    expect(speaker.publications.get(voice)?.muted ?? false).toBe(false);
  });
});

describe('events that nobody knows', () => {
  it('are refused, whatever JavaScript makes of their names', async () => {
    const client = await SignalClient.connect(server.url);
    await client.join('bad', 'Mallory');
    for (const name of [
      '',
      'events',
      'toString',
      'constructor',
      '__proto__',
      'hasOwnProperty',
      'x'.repeat(10_000),
    ])
      expect(await client.refusal(name, {}), name.slice(0, 20)).toMatchObject({ code: 'invalid-request' });
    client.close();
    await sleep(100);
  });
});
