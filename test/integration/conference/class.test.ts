/** A whole class: through the lobby, with hands and the floor, to the list of who was there. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { SignalClient } from '../../helpers/signal-client.ts';
import { SignalledParticipant } from '../../helpers/signalled-participant.ts';
import { SignalledServer } from '../../helpers/signalled-server.ts';
import { steady } from '../../helpers/wait.ts';

const STUDENTS = 30;
const soon = { timeout: 10_000, interval: 20 };

describe('A class of thirty', () => {
  let server: SignalledServer;
  let teacher: SignalledParticipant;
  const students: SignalledParticipant[] = [];

  beforeAll(async () => {
    server = await SignalledServer.start({
      gateway: { rates: { messagesPerSecond: 1_000, messageBurst: 1_000, joinsPerMinute: 1_000 } },
    });
  });
  afterAll(async () => {
    for (const person of [teacher, ...students]) person.vanish();
    expect(server.logged.filter((line) => line.includes('"level":50'))).toEqual([]);
    await server.close();
  });

  it('waits in the lobby, in the order of coming, and comes in when the teacher lets them', async () => {
    teacher = await SignalledParticipant.join(server.url, 'class', 'Teacher', { make: { kind: 'class' } });
    const names = Array.from({ length: STUDENTS }, (_, index) => `Student ${index}`);
    const waiting: { client: SignalClient; knock: string; name: string }[] = [];
    for (const name of names) {
      const client = await SignalClient.connect(server.url);
      waiting.push({ client, name, knock: (await client.knock('class', name)).knock });
    }
    const all = await teacher.signal.told('waitingChanged', (event) => event.waiting.length === STUDENTS);
    expect(all.waiting.map(({ name }) => name)).toEqual(names);
    await teacher.signal.ask('admit', { knockIds: [all.waiting[0]!.id] });
    await waiting[0]!.client.toldAtDoor('admitted');
    expect(waiting[1]!.client.atDoor).toEqual([]);
    await teacher.signal.ask('admit', { knockIds: 'all' });
    students.push(
      ...(await Promise.all(
        waiting.map(async ({ client, name, knock }) => {
          await client.toldAtDoor('admitted');
          const answer = await client.join('class', name, undefined, { knock });
          return SignalledParticipant.connect(client, answer);
        }),
      )),
    );
    await vi.waitFor(() => {
      const joined = teacher.signal.events.filter(({ type }) => type === 'participantJoined');
      expect(joined).toHaveLength(STUDENTS);
    }, soon);
    expect(server.conference.room('class')?.summary()).toMatchObject({ waiting: [] });
    expect(students.every(({ answer }) => answer.role === 'participant')).toBe(true);
  });

  it('hears the teacher, and nobody else before they have the floor', async () => {
    const { microphone, publicationId } = await teacher.microphone();
    microphone.speak();
    for (const student of students) {
      expect(await student.refusedToPublish('microphone', false)).toMatchObject({ code: 'forbidden' });
    }
    await vi.waitFor(() => {
      for (const student of students) expect(student.packetsOf(publicationId)).toBeGreaterThan(3);
    }, soon);
  });

  it('is given the floor one after the other, as hands went up', async () => {
    const asking = [students[17]!, students[3]!, students[25]!];
    for (const student of asking) await student.signal.ask('raiseHand', { raised: true });
    for (const student of asking) {
      const { microphone, publicationId } = await student.microphone(true);
      await teacher.signal.ask('moderate', { action: 'give-floor-to-next' });
      await student.signal.told('moderated', ({ moderation }) => moderation.action === 'given-floor');
      await student.signal.ask('setMuted', { publicationId, muted: false });
      microphone.speak();
      const others = students.filter((other) => other !== student);
      await vi.waitFor(() => {
        for (const other of others) expect(other.packetsOf(publicationId)).toBeGreaterThan(3);
      }, soon);
      await teacher.signal.ask('moderate', { action: 'take-floor', target: { participantId: student.id } });
      const heard = () => others.reduce((sum, other) => sum + other.packetsOf(publicationId), 0);
      await steady('nobody hears who has lost the floor', heard);
      microphone.hush();
    }
    const hands = server.conference
      .room('class')
      ?.participants.filter(({ info }) => info.handRaisedAt !== null);
    expect(hands).toEqual([]);
  });

  it('is known by name when it is over, with who had the hand up', async () => {
    await students[0]!.leave();
    const { csv } = await teacher.signal.ask('exportAttendance', {});
    const rows = csv.split('\r\n').slice(1, -1);
    expect(rows).toHaveLength(STUDENTS + 1);
    expect(
      rows
        .filter((row) => row.endsWith(',1'))
        .map((row) => row.split(',')[0])
        .sort(),
    ).toEqual(['Student 17', 'Student 25', 'Student 3']);
    await teacher.signal.ask('endRoom', {});
    await students[1]!.signal.told('ended');
    const stays = server.store.attendance.since('class', 0);
    expect(stays.every(({ leftAt }) => leftAt !== null)).toBe(true);
  });
});
