import { afterEach, describe, expect, it, vi } from 'vitest';
import { RtcParticipant } from '../../helpers/rtc-participant.ts';
import { TestSfu } from '../../helpers/sfu.ts';
import { sleep } from '../../helpers/wait.ts';

const SENDERS = 12;

let sfu: TestSfu;
afterEach(() => sfu.close());

const soon = { timeout: 3_000, interval: 5 };

/** Publications of which packets came in the last `ms`. */
function heardIn(participant: RtcParticipant, ms: number): string[] {
  const since = performance.now() - ms;
  return [...participant.received.values()]
    .filter(({ times }) => (times.at(-1) ?? 0) > since)
    .map(({ info }) => info.publicationId);
}

describe('a room of many microphones, on two workers', () => {
  it.each([
    [6, 'which receivers have at hand'],
    [2, 'which receivers have to be subscribed to first'],
  ])(
    'forwards the loudest %i to each, and a new speaker soon, %s',
    async (loudest) => {
      sfu = await TestSfu.start({ workers: 2, maxParticipantsPerRouter: 8, loudest });
      const room = await sfu.openRoom();
      const senders = await Promise.all(
        Array.from({ length: SENDERS }, (_, i) => RtcParticipant.join(room, `sender-${i}`)),
      );
      const listeners = await Promise.all(
        ['listener-0', 'listener-1'].map((id) => RtcParticipant.join(room, id)),
      );
      const microphones = await Promise.all(
        senders.map(async (sender, i) => (await sender.microphone(`voice-${i}`))[0]),
      );
      const everybody = [...senders, ...listeners];
      // All send, most of them silence.
      for (const microphone of microphones) microphone.speak(85);
      await vi.waitFor(() => {
        for (const { id, received } of everybody) {
          expect(received.size).toBe(Math.min(2 * loudest, SENDERS - Number(id.startsWith('sender'))));
        }
      }, soon);

      let most = 0;
      const watch = setInterval(() => {
        for (const { received } of everybody) {
          most = Math.max(most, [...received.values()].filter(({ paused }) => !paused).length);
          expect(received.size).toBeLessThanOrEqual(2 * loudest);
        }
      }, 5);
      const delays: number[] = [];
      for (let turn = 0; turn < 6; turn += 1) {
        // Somebody whom nobody hears, nor has at hand if that can be.
        const isUnheard = (i: number) => listeners[0]!.of(`voice-${i}`)?.paused ?? true;
        const isAway = (i: number) => listeners[0]!.of(`voice-${i}`) === undefined;
        const indices = microphones.map((_, i) => i);
        const speaker = indices.find(isAway) ?? indices.find(isUnheard)!;
        const id = `voice-${speaker}`;
        const receivers = everybody.filter((participant) => participant !== senders[speaker]);
        microphones[speaker]!.speak(30);
        const start = performance.now();
        const firstTime = (receiver: RtcParticipant) => receiver.of(id)?.times.find((time) => time > start);
        await vi.waitFor(() => {
          for (const receiver of receivers) expect(firstTime(receiver)).toBeDefined();
        }, soon);
        for (const receiver of receivers) delays.push(firstTime(receiver)! - start);
        await sleep(800);
        microphones[speaker]!.speak(85);
      }
      clearInterval(watch);
      delays.sort((a, b) => a - b);
      const [median, worst] = [delays[delays.length >> 1]!, delays.at(-1)!];
      console.log(
        `A new speaker was heard after ${median.toFixed(0)} ms (median), ${worst.toFixed(0)} ms (worst).`,
      );
      // 200 ms is what is promised; a machine that runs other tests beside is granted more, and some of the 78 any time.
      expect(median).toBeLessThan(1_000);

      expect(most).toBe(loudest);
      for (const participant of everybody) {
        expect(heardIn(participant, 100).length).toBeLessThanOrEqual(loudest);
      }
    },
    20_000,
  );

  it('lets a few all hear each other, muted or not, without a change of subscriptions', async () => {
    const LOUDEST = 6;
    sfu = await TestSfu.start({ workers: 2, maxParticipantsPerRouter: 4, loudest: LOUDEST });
    const room = await sfu.openRoom();
    const senders = await Promise.all(
      Array.from({ length: LOUDEST + 1 }, (_, i) => RtcParticipant.join(room, `sender-${i}`)),
    );
    const published = await Promise.all(senders.map((sender, i) => sender.microphone(`voice-${i}`)));
    for (const [microphone] of published) microphone.speak(30);
    await vi.waitFor(() => {
      for (const sender of senders) expect(heardIn(sender, 100).length).toBe(LOUDEST);
    }, soon);
    const subscriptions = senders.map(({ received }) => [...received.keys()]);
    await published[0]![1].setMuted(true);
    const others = senders.slice(2).map((_, i) => `voice-${i + 2}`);
    await vi.waitFor(() => expect(heardIn(senders[1]!, 100).sort()).toEqual(others), soon);
    await published[0]![1].setMuted(false);
    await vi.waitFor(() => expect(heardIn(senders[1]!, 100).length).toBe(LOUDEST), soon);
    expect(senders.map(({ received }) => [...received.keys()])).toEqual(subscriptions);
  });
});
