/** The table of roles, walked cell by cell with hand-written messages. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { powers } from '../../../server/conference/roles.ts';
import type { Power, Result, Role, RtpParameters } from '../../../server/signalling/contract.ts';
import { caughtUp, comeAs, comeIn } from '../../helpers/assembly.ts';
import type { Person } from '../../helpers/assembly.ts';
import { BridgeClient } from '../../helpers/bridge-client.ts';
import { SignalledServer } from '../../helpers/signalled-server.ts';

const ROLES: readonly Role[] = ['host', 'cohost', 'participant', 'viewer'];
const RUNNING: readonly Role[] = ['host', 'cohost'];
const HOSTS: readonly Role[] = ['host'];
const SENDING: readonly Role[] = ['host', 'cohost', 'participant'];

const VOICE: RtpParameters = {
  codecs: [{ mimeType: 'audio/opus', payloadType: 111, clockRate: 48_000, channels: 2 }],
  encodings: [{ ssrc: 1 }],
};

/** What there is in each room beside the one who acts. */
interface Scene {
  /** A participant whose hand is up. */
  tom: Person;
  viewer: Person;
  /** Who waits at the door. */
  knockId: string;
}

interface Case {
  request: string;
  payload: (scene: Scene) => unknown;
  power: Power;
  allowed: readonly Role[];
}

const one = ({ tom }: Scene) => ({ participantId: tom.id });
const moderation = (what: (scene: Scene) => object): Case => ({
  request: 'moderate',
  payload: what,
  power: 'moderate',
  allowed: RUNNING,
});

const CASES: readonly Case[] = [
  ...[
    (s: Scene) => ({ action: 'mute', target: one(s), mayUnmute: false }),
    () => ({ action: 'mute', target: 'all', mayUnmute: true }),
    (s: Scene) => ({ action: 'allow', target: one(s), sources: ['screen'] }),
    (s: Scene) => ({ action: 'stop-camera', target: one(s), mayRestart: false }),
    () => ({ action: 'stop-screen', target: 'all' }),
    (s: Scene) => ({ action: 'ask-to-unmute', target: one(s) }),
    (s: Scene) => ({ action: 'give-floor', target: one(s) }),
    () => ({ action: 'give-floor-to-next' }),
    (s: Scene) => ({ action: 'take-floor', target: one(s) }),
    () => ({ action: 'lower-hand', target: 'all' }),
    ({ viewer }: Scene) => ({ action: 'invite-to-stage', target: { participantId: viewer.id } }),
    (s: Scene) => ({ action: 'put-off-stage', target: one(s) }),
  ].map(moderation),
  { request: 'remove', payload: one, power: 'remove', allowed: RUNNING },
  { request: 'ban', payload: one, power: 'remove', allowed: RUNNING },
  {
    request: 'renameOther',
    payload: (s) => ({ ...one(s), name: 'Tim' }),
    power: 'rename-others',
    allowed: RUNNING,
  },
  { request: 'spotlight', payload: one, power: 'spotlight', allowed: RUNNING },
  {
    request: 'admit',
    payload: ({ knockId }) => ({ knockIds: [knockId] }),
    power: 'admit',
    allowed: RUNNING,
  },
  { request: 'deny', payload: () => ({ knockIds: 'all' }), power: 'admit', allowed: RUNNING },
  {
    request: 'writeToWaiting',
    payload: () => ({ knockId: null, text: 'Soon.' }),
    power: 'admit',
    allowed: RUNNING,
  },
  {
    request: 'setRole',
    payload: (s) => ({ ...one(s), role: 'cohost' }),
    power: 'name-hosts',
    allowed: HOSTS,
  },
  {
    request: 'changeRoom',
    payload: () => ({ settings: { locked: true }, password: 'open sesame' }),
    power: 'change-room',
    allowed: HOSTS,
  },
  { request: 'endRoom', payload: () => ({}), power: 'end-room', allowed: HOSTS },
  { request: 'exportChat', payload: () => ({}), power: 'export', allowed: HOSTS },
  { request: 'exportAttendance', payload: () => ({}), power: 'export', allowed: HOSTS },
  { request: 'callOut', payload: () => ({ destination: '123' }), power: 'invite', allowed: RUNNING },
  { request: 'cancelCallOut', payload: () => ({ dialId: 'x' }), power: 'invite', allowed: RUNNING },
  {
    request: 'publish',
    payload: () => ({ source: 'microphone', rtpParameters: VOICE, muted: true }),
    power: 'publish',
    allowed: SENDING,
  },
  { request: 'chat', payload: () => ({ text: 'Hello' }), power: 'chat', allowed: ROLES },
  { request: 'raiseHand', payload: () => ({ raised: true }), power: 'raise-hand', allowed: ROLES },
  { request: 'react', payload: () => ({ reaction: '👏' }), power: 'react', allowed: ROLES },
  { request: 'rename', payload: () => ({ name: 'Another' }), power: 'rename-self', allowed: ROLES },
];

const CELLS = CASES.flatMap((test) =>
  ROLES.map((role) => {
    const label = `${test.request} ${JSON.stringify(test.payload(nobody()))}`;
    return { ...test, role, label, verdict: test.allowed.includes(role) ? 'may' : 'may not' };
  }),
);

/** Stands for people in the names of tests. */
function nobody(): Scene {
  const person = { id: '…' } as Person;
  return { tom: person, viewer: person, knockId: '…' };
}

describe('By role', () => {
  let server: SignalledServer;
  /** With a line for calls out. */
  let bridge: BridgeClient;
  let count = 0;

  beforeAll(async () => {
    const rates = { messagesPerSecond: 1_000, messageBurst: 1_000, joinsPerMinute: 10_000 };
    server = await SignalledServer.start({ gateway: { rates }, limits: { rooms: 1_000 } });
    bridge = await BridgeClient.connect(server.url);
    await bridge.hello();
  });
  afterAll(async () => {
    bridge.close();
    await server.close();
  });

  it('every power is asked for by something here', () => {
    const asked = new Set<Power>(CASES.map(({ power }) => power));
    expect(powers.filter((power) => !asked.has(power))).toEqual(['see-as-host']);
  });

  it.each(ROLES)('a %s sees what is for hosts, or nothing of it', async (role) => {
    const room = `seen-${role}`;
    const hana = await comeIn(server, room, 'Hana');
    const reader = await comeAs(server, room, role, hana, 'Reader');
    const tom = await comeIn(server, room, 'Tom');
    await tom.client.ask('chat', { text: 'To hosts.', to: 'hosts' });
    await hana.client.told('chatMessage');
    await caughtUp(reader);
    const seen = reader.client.events.filter(({ type }) => type === 'chatMessage');
    expect(seen).toHaveLength(RUNNING.includes(role) ? 1 : 0);
    for (const { client } of [hana, reader, tom]) client.close();
  });

  it.each(CELLS)('a $role $verdict $label', async ({ request, payload, role, allowed, power }) => {
    const room = `cell-${count++}`;
    const hana = await comeIn(server, room, 'Hana');
    const actor = await comeAs(server, room, role, hana, 'Actor');
    const tom = await comeIn(server, room, 'Tom');
    await tom.client.ask('raiseHand', { raised: true });
    const viewer = await comeAs(server, room, 'viewer', hana, 'Vic');
    await hana.client.ask('changeRoom', { settings: { lobby: true } });
    const kai = await server.client();
    await kai.knock(room, 'Kai');
    const { waiting } = await hana.client.told('waitingChanged', (event) => event.waiting.length > 0);
    const scene = { tom, viewer, knockId: waiting[0]!.id };
    const told = hana.client.events.length;
    const result: Result<unknown> = await actor.client.say(request, payload(scene));
    if (allowed.includes(role)) {
      expect(result).toMatchObject({ ok: true });
    } else {
      expect(result).toMatchObject({ ok: false, error: { code: 'forbidden' } });
      expect(result).toMatchObject({ error: { message: expect.stringContaining(power) as string } });
      // Nothing of it has happened.
      await hana.client.ask('react', { reaction: '👍' });
      await hana.client.told('reaction');
      const since = hana.client.events.slice(told).filter(({ type }) => type !== 'reaction');
      expect(since).toEqual([]);
    }
    for (const { client } of [hana, actor, tom, viewer]) client.close();
    kai.close();
  });
});
