/** A clock that is set by an hour while people talk, as by a time server that was not there at first, or by hand. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { roomSettingsChange } from '../../../server/signalling/contract/rooms.ts';
import { ApiClient } from '../../helpers/api-client.ts';
import { closeLibrary } from '../../helpers/rtc-end.ts';
import { ServerProcess } from '../../helpers/server-process.ts';
import { SettableClock } from '../../helpers/settable-clock.ts';
import { SignalClient } from '../../helpers/signal-client.ts';
import { SignalledParticipant } from '../../helpers/signalled-participant.ts';
import { sleep, until } from '../../helpers/wait.ts';

const HOUR = 3_600;
const RESUME_SECONDS = 4;
/** The server asks each client each 8 s whether it is there. */
const PINGS_MS = 17_000;
/** What nobody notices of a voice. */
const SHORT_GAP_MS = 500;
/** Of wrong passwords, and of those that hosts turn away, in ms. */
const WINDOWS_MS = { password: 300_000, denied: 60_000 } as const;
const PASSWORD = 'the right one';

afterAll(() => closeLibrary());

/** Between two of these times, in ms. */
function longestGap(times: readonly number[]): number {
  return Math.max(...times.slice(1).map((time, i) => time - times[i]!));
}

describe.each([
  { way: 'forwards', seconds: HOUR },
  { way: 'back', seconds: -HOUR },
])('A clock that is set $way by an hour', ({ way, seconds }) => {
  let clock: SettableClock;
  let server: ServerProcess;

  beforeAll(async () => {
    clock = await SettableClock.open();
    const limits = {
      JOINS_PER_MINUTE: '1000',
      RESUME_SECONDS: String(RESUME_SECONDS),
      OPENS_BEFORE_MINUTES: '0',
    };
    server = await ServerProcess.start({ env: { WORKERS: '1', ...limits, ...clock.env } });
  });
  afterAll(async () => {
    await server.close();
    await clock.close();
  });

  /** Makes a room, and sets it up. */
  async function host(
    room: string,
    settings: z.input<typeof roomSettingsChange> = {},
  ): Promise<SignalClient> {
    await clock.set(0);
    const hana = await SignalClient.connect(server.url);
    await hana.join(room, 'Hana');
    await hana.ask('changeRoom', { settings });
    return hana;
  }

  it('is heard by nobody, and costs nobody the connection', async () => {
    await clock.set(0);
    const ana = await SignalledParticipant.join(server.url, 'talk', 'Ana');
    const bruno = await SignalledParticipant.join(server.url, 'talk', 'Bruno');
    const { microphone, publicationId } = await ana.microphone();
    microphone.speak();
    const packets = (): number => bruno.packetsOf(publicationId);
    await until('a voice', packets, (count) => count > 100);
    await clock.set(seconds);
    const before = packets();
    const beats: number[] = [];
    const beat = setInterval(() => beats.push(performance.now()), 20);
    await sleep(PINGS_MS);
    clearInterval(beat);
    const gap = longestGap(bruno.of(publicationId)?.times ?? []);
    const own = longestGap(beats);
    console.log(
      `set ${way}: the longest gap in a voice was ${gap.toFixed(0)} ms, of this process ${own.toFixed(0)}`,
    );
    expect(packets() - before).toBeGreaterThan(PINGS_MS / 20 / 2);
    // Where the machine itself stands still for a while, this process neither speaks nor hears.
    expect(gap).toBeLessThan(SHORT_GAP_MS + own);
    expect([ana.signal.connected, bruno.signal.connected]).toEqual([true, true]);
    await ana.signal.ask('rename', { name: 'Ana, still here' });
    await bruno.signal.told('participantChanged', ({ participant }) => participant.name.endsWith('here'));
    ana.vanish();
    bruno.vanish();
  });

  it('keeps the places of those who have dropped out for as long as ever', async () => {
    const hana = await host('places');
    const drop = async (name: string) => {
      const client = await SignalClient.connect(server.url);
      const answer = await client.join('places', name);
      client.cut();
      await hana.told('participantChanged', ({ participant }) => participant.name === name);
      return { client, ...answer };
    };
    const gone = await drop('Gone');
    const back = await drop('Back');
    const start = performance.now();
    await clock.set(seconds);
    const again = await SignalClient.connect(server.url);
    const { token, client, participantId } = back;
    expect(await again.join('places', 'Back', { token, lastEvent: client.lastEvent })).toMatchObject({
      resumed: true,
      participantId,
    });
    await hana.told('participantLeft', (event) => event.participantId === gone.participantId);
    const tookMs = performance.now() - start;
    console.log(`set ${way}: a place of ${RESUME_SECONDS} s was free after ${(tookMs / 1_000).toFixed(1)} s`);
    expect(tookMs).toBeGreaterThan(RESUME_SECONDS * 1_000 - 2_000);
    for (const each of [hana, again]) each.close();
  });

  it('lets nobody try again sooner, and nobody wait for hours', async () => {
    const hana = await host('tries', { lobby: true });
    const deviceId = 'device-of-eve';
    const eve = await SignalClient.connect(server.url);
    await eve.knock('tries', 'Eve', { deviceId });
    await hana.ask('deny', { knockIds: 'all' });
    await eve.toldAtDoor('denied');
    const owner = await host('password');
    await owner.ask('changeRoom', { password: PASSWORD });
    const guesser = await SignalClient.connect(server.url);
    const guess = () =>
      guesser.refusal('join', { version: 1, room: 'password', name: 'Mallory', password: 'wrong' });
    await until('too many guesses', guess, ({ code }) => code === 'rate-limited', { everyMs: 1 });
    await clock.set(seconds);
    const late = await SignalClient.connect(server.url);
    const denied = await late.refusal('join', { version: 1, room: 'tries', name: 'Eve', deviceId });
    const guessed = await guess();
    console.log(`set ${way}: ${JSON.stringify({ denied, guessed })}`);
    expect(denied.code).toBe('denied');
    expect(guessed.code).toBe('rate-limited');
    for (const [{ retryAfterMs }, most] of [
      [denied, WINDOWS_MS.denied],
      [guessed, WINDOWS_MS.password],
    ] as const) {
      expect(retryAfterMs).toBeGreaterThan(0);
      expect(retryAfterMs).toBeLessThanOrEqual(most);
    }
    for (const each of [hana, owner, guesser, late]) each.close();
  });

  it('leaves chat, hands and attendance in the order in which things happened', async () => {
    const hana = await host('order');
    const first = await SignalClient.connect(server.url);
    const one = await first.join('order', 'First');
    await first.ask('raiseHand', { raised: true });
    await first.ask('chat', { text: 'one', to: 'everyone' });
    await sleep(1_000);
    await clock.set(seconds);
    const second = await SignalClient.connect(server.url);
    const two = await second.join('order', 'Second');
    await second.ask('raiseHand', { raised: true });
    await second.ask('chat', { text: 'two', to: 'everyone' });
    await first.ask('leave', {});
    const late = await SignalClient.connect(server.url);
    const { chat, participants } = await late.join('order', 'Late');
    expect(chat.map(({ text }) => text)).toEqual(['one', 'two']);
    const handOf = (id: string): number =>
      participants.find((participant) => participant.id === id)?.handRaisedAt ?? NaN;
    const raisedFirst = await hana.told(
      'participantChanged',
      ({ participant }) => participant.id === one.participantId && participant.handRaisedAt !== null,
    );
    expect(handOf(two.participantId)).toBeGreaterThan(raisedFirst.participant.handRaisedAt ?? NaN);
    const { csv } = await hana.ask('exportAttendance', {});
    const [, ...rows] = csv.trim().split('\r\n');
    const stays = rows.map((row) => row.split(','));
    console.log(`set ${way}:\n${csv}`);
    expect(stays.map(([name]) => name)).toEqual(['Hana', 'First', 'Second', 'Late']);
    for (const [, , , joined = '', left = '', minutes] of stays) {
      expect(Number(minutes)).toBeGreaterThanOrEqual(0);
      if (left !== '') expect(Date.parse(left)).toBeGreaterThan(Date.parse(joined));
    }
    // A second or two, whatever the clock says.
    expect(Number(stays[1]?.[5])).toBeLessThan(1);
    for (const each of [hana, second, late]) each.close();
  });

  it.runIf(seconds > 0)('lets those in who wait for the time of a room', async () => {
    await clock.set(0);
    const api = await ApiClient.of(server, 'rooms:write');
    const startsAt = Date.now() + 30 * 60_000;
    expect(await api.call('post', 'rooms', { name: 'later', startsAt })).toMatchObject({ status: 201 });
    const early = await SignalClient.connect(server.url);
    expect((await early.knock('later', 'Early')).waitingFor).toBe('opening');
    await clock.set(seconds);
    const start = performance.now();
    await early.toldAtDoor('admitted');
    console.log(`set ${way}: let in after ${((performance.now() - start) / 1_000).toFixed(1)} s`);
    early.close();
  });
});
