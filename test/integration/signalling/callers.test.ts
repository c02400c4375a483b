/** Telephones in a room, between the bridge's socket, its packets, and the others' sockets and packets. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { caughtUp, comeIn, infoOf } from '../../helpers/assembly.ts';
import type { Person } from '../../helpers/assembly.ts';
import { BridgeClient } from '../../helpers/bridge-client.ts';
import type { TestCall } from '../../helpers/bridge-client.ts';
import { SignalledParticipant } from '../../helpers/signalled-participant.ts';
import { SignalledServer } from '../../helpers/signalled-server.ts';
import { sleep, steady, until } from '../../helpers/wait.ts';

/** Within which at least one packet of a voice that is forwarded comes, in ms. */
const LISTEN_MS = 300;

let server: SignalledServer;
let bridge: BridgeClient;
let host: Person;
let number: string;
let call: TestCall;
let callerId: string;

beforeEach(async () => {
  server = await SignalledServer.start();
  bridge = await BridgeClient.connect(server.url);
  const made = await server.conference.makeRoom({ name: 'room' });
  number = made!.record.number;
  host = await comeIn(server, 'room', 'Hana', { hostKey: made!.hostKey });
  call = bridge.call({ name: 'Alicia' });
  callerId = (await call.join(number)).participantId;
});
afterEach(async () => {
  expect(server.logged.filter((line) => line.includes('"level":50'))).toEqual([]);
  bridge.close();
  await server.close();
});

/** What the room knows of the caller's microphone: muted or not. */
async function isMuted(): Promise<boolean | undefined> {
  await caughtUp(host);
  const changed = host.client.events.flatMap((event) =>
    event.type === 'publicationChanged' || event.type === 'publicationAdded' ? [event.publication] : [],
  );
  return changed.findLast(({ participantId }) => participantId === callerId)?.muted;
}

describe('A caller’s voice', () => {
  let ana: SignalledParticipant;
  let voiceId: string;

  beforeEach(async () => {
    ana = await SignalledParticipant.join(server.url, 'room', 'Ana');
    call.voice.speak();
    voiceId = [...ana.publications.values()].find(({ participantId }) => participantId === callerId)!.id;
    await heard(true);
  });
  afterEach(() => ana.vanish());

  async function heard(expected: boolean): Promise<void> {
    await until(
      `the caller is ${expected ? 'heard' : 'not heard'}`,
      () => ana.heardIn(LISTEN_MS).includes(voiceId),
      (is) => is === expected,
    );
  }

  it('is silenced by a host, who asks for it again', async () => {
    await host.client.ask('moderate', {
      action: 'mute',
      target: { participantId: callerId },
      mayUnmute: true,
    });
    expect(await call.isTold('moderated')).toMatchObject({
      moderation: { action: 'muted', mayUnmute: true },
      by: { name: 'Hana' },
    });
    expect(await call.isTold('microphone')).toMatchObject({ muted: true, mayUnmute: true });
    await heard(false);
    await host.client.ask('moderate', { action: 'ask-to-unmute', target: { participantId: callerId } });
    await call.isTold('moderated', ({ moderation }) => moderation.action === 'asked-to-unmute');
    await bridge.ask('setMuted', { callId: call.callId, muted: false });
    await heard(true);
  });

  it('stays silent until a host allows it, when that is how it was silenced', async () => {
    const target = { participantId: callerId };
    await host.client.ask('moderate', { action: 'mute', target, mayUnmute: false });
    await call.isTold('microphone', ({ muted, mayUnmute }) => muted && !mayUnmute);
    const { callId } = call;
    expect((await bridge.refusal('setMuted', { callId, muted: false })).code).toBe('forbidden');
    await host.client.ask('moderate', { action: 'allow', target, sources: ['microphone'] });
    await call.isTold('microphone', ({ mayUnmute }) => mayUnmute);
    await bridge.ask('setMuted', { callId, muted: false });
    await heard(true);
  });

  it('is silenced by the caller', async () => {
    await bridge.ask('setMuted', { callId: call.callId, muted: true });
    await heard(false);
    expect(await isMuted()).toBe(true);
    await bridge.ask('setMuted', { callId: call.callId, muted: false });
    await heard(true);
    expect(await isMuted()).toBe(false);
  });

  it('is not heard while the caller is held, and is again afterwards', async () => {
    const target = { participantId: callerId };
    await host.client.ask('moderate', { action: 'hold', target, held: true });
    await call.isTold('moderated', ({ moderation }) => moderation.action === 'held' && moderation.held);
    await heard(false);
    expect(await infoOf(host, callerId)).toMatchObject({ held: true });
    const { callId } = call;
    expect((await bridge.refusal('setMuted', { callId, muted: false })).code).toBe('forbidden');
    await host.client.ask('moderate', { action: 'hold', target, held: false });
    await call.isTold('moderated', ({ moderation }) => moderation.action === 'held' && !moderation.held);
    await heard(true);
    expect(await infoOf(host, callerId)).toMatchObject({ held: false });
  });

  it('stays silent after a hold when it was silent before', async () => {
    await bridge.ask('setMuted', { callId: call.callId, muted: true });
    const target = { participantId: callerId };
    await host.client.ask('moderate', { action: 'hold', target, held: true });
    await host.client.ask('moderate', { action: 'hold', target, held: false });
    await heard(false);
    await sleep(LISTEN_MS);
    await heard(false);
    expect(await isMuted()).toBe(true);
  });

  it('is not heard any more when the caller is removed, who is told', async () => {
    await host.client.ask('remove', { participantId: callerId });
    expect(await call.isTold('refused')).toMatchObject({ reason: 'removed' });
    await heard(false);
    expect((await bridge.refusal('raiseHand', { callId: call.callId, raised: true })).code).toBe(
      'not-joined',
    );
  });

  it('comes back when the worker is lost, by another link', async () => {
    const before = call.inRoom.link.port;
    process.kill(server.sfu.sfu.workers[0]!.pid, 'SIGKILL');
    const { ssrc } = await call.isTold('voiceMoved');
    expect(bridge.rtp.link.port).not.toBe(before);
    await isHeardWith(ssrc);
  });
});

/** What somebody who has just come in hears while a caller speaks. */
async function listening<T>(ssrc: number, listen: (ana: SignalledParticipant) => Promise<T>): Promise<T> {
  const ana = await SignalledParticipant.join(server.url, 'room', 'Ana');
  try {
    bridge.rtp.voice(ssrc).speak();
    return await listen(ana);
  } finally {
    ana.vanish();
  }
}

async function isHeardWith(ssrc: number): Promise<void> {
  await listening(ssrc, (ana) =>
    until(
      'the caller is heard',
      () => ana.heardIn(LISTEN_MS).length,
      (count) => count > 0,
    ),
  );
}

async function isNotHeardWith(ssrc: number): Promise<void> {
  const heard = await listening(ssrc, async (ana) => {
    await sleep(2 * LISTEN_MS);
    return ana.heardIn(2 * LISTEN_MS);
  });
  expect(heard).toEqual([]);
}

/** Ends the only worker, and goes on before another one has come. */
async function loseWorker(): Promise<void> {
  process.kill(server.sfu.sfu.workers[0]!.pid, 'SIGKILL');
  await until(
    'no worker is there',
    () => server.sfu.sfu.workers.length,
    (count) => count === 0,
    { everyMs: 1 },
  );
}

describe('A caller who has no voice at first', () => {
  it.each<[string, (participantId: string) => Promise<unknown>]>([
    [
      'the stage',
      (participantId) =>
        host.client.ask('moderate', { action: 'invite-to-stage', target: { participantId } }),
    ],
    ['another role', (participantId) => host.client.ask('setRole', { participantId, role: 'participant' })],
  ])('is asked to unmute, and heard from then on, who came to listen and is given %s', async (_, give) => {
    await host.client.ask('changeRoom', { settings: { defaultRole: 'viewer', allowed: ['microphone'] } });
    const viewer = bridge.call();
    const { participantId, ssrc } = await viewer.join(number);
    expect(ssrc).toBeNull();
    await give(participantId);
    const moved = await viewer.isTold('voiceMoved');
    await viewer.isTold('moderated', ({ moderation }) => moderation.action === 'asked-to-unmute');
    await isNotHeardWith(moved.ssrc);
    await bridge.ask('setMuted', { callId: viewer.callId, muted: false });
    await isHeardWith(moved.ssrc);

    await host.client.ask('setRole', { participantId, role: 'viewer' });
    await viewer.isTold('moderated', ({ moderation }) => moderation.action === 'put-off-stage');
    await isNotHeardWith(moved.ssrc);
  });

  it('is asked to unmute, though heard when a worker died earlier, who may speak again while one is being replaced', async () => {
    const caller = bridge.call();
    const { participantId } = await caller.join(number);
    await loseWorker();
    const first = await caller.isTold('voiceMoved');
    await isHeardWith(first.ssrc);
    await host.client.ask('setRole', { participantId, role: 'viewer' });
    await loseWorker();
    await host.client.ask('setRole', { participantId, role: 'participant' });
    const { ssrc } = await caller.isTold('voiceMoved', (moved) => moved !== first);
    await caller.isTold('moderated', ({ moderation }) => moderation.action === 'asked-to-unmute');
    await isNotHeardWith(ssrc);
  });

  it('is heard later, who comes while a worker that died is being replaced', async () => {
    await loseWorker();
    const late = bridge.call();
    expect(await late.join(number)).toMatchObject({ ssrc: null, muted: true, mayUnmute: true, count: 3 });
    const { ssrc } = await late.isTold('voiceMoved');
    await bridge.ask('setMuted', { callId: late.callId, muted: false });
    await isHeardWith(ssrc);
  });
});

describe('A caller', () => {
  it('hears the room over the bridge’s link, and not himself', async () => {
    const ana = await SignalledParticipant.join(server.url, 'room', 'Ana');
    try {
      const { microphone } = await ana.microphone();
      microphone.speak();
      call.voice.speak();
      const { answer: ssrcs } = await until(
        'Ana is heard',
        () => bridge.rtp.heardIn(LISTEN_MS),
        (heard) => heard.length > 0,
      );
      const opened = bridge.roomTold.flatMap(({ event }) =>
        event.type === 'voiceOpened' ? [event.ssrc] : [],
      );
      expect(ssrcs).toEqual(opened);
      expect(ssrcs).toHaveLength(1);
    } finally {
      ana.vanish();
    }
  });

  it('raises and lowers a hand, which a host lowers too', async () => {
    const { callId } = call;
    await bridge.ask('raiseHand', { callId, raised: true });
    expect((await infoOf(host, callerId))?.handRaisedAt).toBeGreaterThan(0);
    await bridge.ask('raiseHand', { callId, raised: false });
    expect((await infoOf(host, callerId))?.handRaisedAt).toBeNull();
    await bridge.ask('raiseHand', { callId, raised: true });
    await host.client.ask('moderate', { action: 'lower-hand', target: { participantId: callerId } });
    await call.isTold('moderated', ({ moderation }) => moderation.action === 'hand-lowered');
  });

  it('writes, and reads what others write; not what is for others, nor the own', async () => {
    await bridge.ask('chat', { callId: call.callId, text: 'Hello from the road' });
    expect((await host.client.told('chatMessage')).message).toMatchObject({
      participantId: callerId,
      name: 'Alicia',
      text: 'Hello from the road',
    });
    const ana = await comeIn(server, 'room', 'Ana');
    await ana.client.ask('chat', { text: 'Psst', to: { participantId: host.id } });
    await ana.client.ask('chat', { text: 'Psst, Alicia', to: { participantId: callerId } });
    await host.client.ask('chat', { text: 'Drive slowly' });
    await call.isTold('chat', ({ text }) => text === 'Drive slowly');
    expect(call.told.flatMap((event) => (event.type === 'chat' ? [event.text] : []))).toEqual([
      'Psst, Alicia',
      'Drive slowly',
    ]);
  });

  it('can not flood the chat', async () => {
    const { callId } = call;
    const results = await Promise.all(
      Array.from({ length: 15 }, () => bridge.say('chat', { callId, text: 'again' })),
    );
    expect(results.filter(({ ok }) => ok)).toHaveLength(10);
    expect(results.at(-1)).toMatchObject({ ok: false, error: { code: 'rate-limited' } });
  });

  it('is shown by the end of the number; by all of it to hosts', async () => {
    const { participantId } = await bridge.call({ number: '+541155559876' }).join(number);
    const ana = await comeIn(server, 'room', 'Ana');
    const seen = ana.answer.participants.find(({ id }) => id === participantId);
    expect(seen).toMatchObject({ name: '☎ …876', number: null });
    expect(JSON.stringify(ana.answer)).not.toContain('5555');
    expect(await infoOf(host, participantId)).toMatchObject({ name: '☎ …876', number: '+541155559876' });
  });

  it('is renamed by a host, and told of who comes and goes', async () => {
    await host.client.ask('renameOther', { participantId: callerId, name: 'Alicia M.' });
    expect(await infoOf(host, callerId)).toMatchObject({ name: 'Alicia M.' });
    const ana = await comeIn(server, 'room', 'Ana');
    await ana.client.ask('leave', {});
    await until(
      'coming and going was told',
      () => bridge.roomTold.map(({ event }) => event),
      (events) => events.some(({ type }) => type === 'went'),
    );
    const counts = bridge.roomTold.flatMap(({ event }) => ('count' in event ? [event] : []));
    expect(counts.slice(-2)).toEqual([
      { type: 'came', count: 3 },
      { type: 'went', count: 2 },
    ]);
  });

  it('is asked for a voice only while others are there who could hear it', async () => {
    const wanted = (of: BridgeClient): number[] =>
      of.roomTold.flatMap(({ event }) => (event.type === 'wantedVoices' ? [event.count] : []));
    const toldOf = (of: BridgeClient, ...counts: number[]) =>
      until(
        'the bridge is told how many voices are wanted',
        () => wanted(of),
        (all) => all.join() === counts.join(),
      );
    expect(call.inRoom.wantedVoices).toBe(6);
    await host.client.ask('leave', {});
    await toldOf(bridge, 0);
    const second = bridge.call();
    expect((await second.join(number)).wantedVoices).toBe(0);

    const other = await BridgeClient.connect(server.url);
    const theirs = other.call();
    expect((await theirs.join(number)).wantedVoices).toBe(6);
    await toldOf(bridge, 0, 6);
    await bridge.ask('leave', { callId: second.callId });
    await bridge.ask('leave', { callId: call.callId });
    await toldOf(other, 0);
    await comeIn(server, 'room', 'Ana');
    await toldOf(other, 0, 6);
    other.close();
  });

  it('who gives no number is turned away by the call: others without one may still knock', async () => {
    await host.client.ask('changeRoom', { settings: { lobby: true } });
    const [first, second] = [bridge.call({ number: null }), bridge.call({ number: null })];
    expect(await first.enter(number)).toMatchObject({ state: 'waiting' });
    await host.client.ask('deny', { knockIds: 'all' });
    expect(await first.isTold('refused')).toMatchObject({ reason: 'denied' });
    expect(await first.enter(number)).toEqual({ state: 'refused', reason: 'denied' });
    expect(await second.enter(number)).toMatchObject({ state: 'waiting' });
  });

  it('leaves nothing of the bridge in the room with the last of its calls, which the bridge is told', async () => {
    // The worker is still at what the first call takes, such as listening for its level.
    const before = await steady('the worker holds all of it', () => server.sfu.held());
    const other = await BridgeClient.connect(server.url);
    const second = other.call();
    await second.join(number);
    const third = other.call();
    await third.join(number);
    await other.ask('leave', { callId: second.callId });
    const isTold = () => other.roomTold.some(({ event }) => event.type === 'closed');
    expect(isTold()).toBe(false);
    await other.ask('leave', { callId: third.callId });
    expect(isTold()).toBe(true);
    await until(
      'all is as it was',
      () => server.sfu.held(),
      (held) => held === before,
    );
    other.close();
  });
});
