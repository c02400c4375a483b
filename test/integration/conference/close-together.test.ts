/** What two do within the same moment, or what happens while something takes its time. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Participant } from '../../../server/conference/participant.ts';
import type { Room } from '../../../server/conference/room.ts';
import type { ModerationRequest, RtpParameters } from '../../../server/signalling/contract.ts';
import { caughtUp, comeIn } from '../../helpers/assembly.ts';
import type { Person } from '../../helpers/assembly.ts';
import { SignalledParticipant } from '../../helpers/signalled-participant.ts';
import { SignalledServer } from '../../helpers/signalled-server.ts';
import { until } from '../../helpers/wait.ts';

let server: SignalledServer;

beforeAll(async () => {
  server = await SignalledServer.start();
});
afterEach(async () => {
  expect(server.logged.filter((line) => line.includes('"level":50'))).toEqual([]);
  await server.empty();
});
afterAll(() => server.close());

describe('A host who mutes or stops somebody', () => {
  let hana: Person;
  let ben: SignalledParticipant;
  let room: Room;
  /** Ben as the server has him: what is done to him so is done in one go. */
  let there: Participant;

  beforeEach(async () => {
    hana = await comeIn(server, 'room', 'Hana');
    ben = await SignalledParticipant.join(server.url, 'room', 'Ben');
    room = server.conference.room('room')!;
    there = room.participant(ben.id)!;
  });
  afterEach(() => ben.vanish());

  const microphone = (ssrc: number): RtpParameters => ({
    mid: String(ssrc),
    codecs: [{ mimeType: 'audio/opus', payloadType: 111, clockRate: 48_000, channels: 2 }],
    encodings: [{ ssrc }],
  });

  function moderate(action: 'mute' | 'stop-screen'): Promise<void> {
    const target = { participantId: ben.id };
    const request: ModerationRequest =
      action === 'mute' ? { action, target, mayUnmute: true } : { action, target };
    const actor = { may: () => true, moderator: { participantId: hana.id, name: 'Hana' } };
    return room.actions(actor).moderate(request);
  }

  /** As all were told last. */
  async function toldMuted({ client }: Person): Promise<boolean | undefined> {
    await caughtUp({ client, answer: hana.answer, id: hana.id });
    return client.events
      .flatMap((event) =>
        event.type === 'publicationChanged' || event.type === 'publicationAdded'
          ? [event.publication.muted]
          : [],
      )
      .at(-1);
  }

  it('tells so also one whose microphone is just being unmuted', async () => {
    const { publicationId } = await ben.microphone(true);
    await Promise.all([there.setMuted(publicationId, false), moderate('mute')]);
    expect(there.publications).toMatchObject([{ muted: true }]);
    expect(await toldMuted(hana)).toBe(true);
    const { publication } = await ben.signal.told('publicationChanged');
    expect(publication).toMatchObject({ id: publicationId, muted: true });
  });

  it('mutes a microphone that is just being published, or is next', async () => {
    const published = Promise.all([
      there.publish('microphone', microphone(1_001), false),
      there.publish('microphone', microphone(1_002), false),
    ]);
    await moderate('mute');
    expect((await published).map(({ muted }) => muted)).toEqual([true, true]);
    expect(await toldMuted(hana)).toBe(true);
  });

  it('lets no screen come that is just being shared', async () => {
    const published = there.publish('screenAudio', microphone(1_003), false);
    await moderate('stop-screen');
    await expect(published).rejects.toMatchObject({ code: 'forbidden' });
    await caughtUp(hana);
    expect(hana.client.events.filter(({ type }) => type === 'publicationAdded')).toEqual([]);
    // Of what comes later nothing was said.
    expect(await there.publish('screenAudio', microphone(1_004), false)).toMatchObject({ muted: false });
  });
});

describe('Who gives a password while the room is ended', () => {
  it('waits at no door of a room that is gone, and leaves nothing of it behind', async () => {
    const start = { name: 'exam', password: 'open sesame', settings: { lobby: true } };
    const made = await server.conference.makeRoom(start);
    await comeIn(server, 'exam', 'Hana', { hostKey: made!.hostKey });
    const room = server.conference.room('exam')!;
    const entering = room.enter({
      ...{ room: 'exam', name: 'Ben', kind: 'browser', address: '127.0.0.1', pass: 'Ben’s' },
      identity: { subject: null, name: null, avatar: null, role: null, mayMakeRooms: true },
      password: 'open sesame',
      tell: () => undefined,
    });
    room.end('room-ended');
    await expect(entering).rejects.toMatchObject({ code: 'server-draining' });
    expect(room.lobby.isEmpty).toBe(true);
    expect(server.conference.record('exam')).toMatchObject({ openedAt: null });
  });
});

describe('One whose media is made anew while the parameters of the old are on their way', () => {
  it('is heard, and hears', async () => {
    const hana = await SignalledParticipant.join(server.url, 'room', 'Hana');
    const signal = await server.client();
    const answer = await signal.join('room', 'Ben');
    // They arrive when the new media is there already, before those that are meant for it.
    const value = Array.from({ length: 32 }, () => 'AB').join(':');
    const dtlsParameters = { role: 'client', fingerprints: [{ algorithm: 'sha-256', value }] };
    let resets = 0;
    signal.onEvent(({ type }) => {
      if (type !== 'mediaReset' || ++resets > 1) return;
      for (const direction of ['send', 'receive']) {
        signal.mutter('connectTransport', { direction, dtlsParameters });
      }
    });
    const ben = await SignalledParticipant.connect(signal, answer);
    try {
      process.kill(server.sfu.sfu.workers[0]!.pid, 'SIGKILL');
      await hana.signal.told('mediaReset');
      await hana.connected();
      await until(
        'Ben’s media is good again',
        async () => {
          await ben.connected().catch(() => undefined);
          return resets;
        },
        (count) => count > 1,
      );
      await ben.connected();
      await ben.speakTo(hana);
      await hana.speakTo(ben);
    } finally {
      hana.vanish();
      ben.vanish();
    }
  });
});
