/** What the members of a large room are told when one joins, leaves, mutes, or speaks: messages and bytes for each. */
import { sleep } from '../helpers/wait.ts';
import { Crowd, people } from './crowd.ts';
import type { Comparison, Row } from './figures.ts';
import { Generator } from './generator/generator.ts';
import { startServer } from './sides.ts';

const MEMBERS = 200;
const TIMES = 10;
/** Until everybody has been told, in ms. */
const TOLD_MS = 500;
/** Until silence is noticed, in ms. */
const SILENCE_MS = 4_000;

export async function measureSignalling(): Promise<Comparison> {
  const generator = await Generator.start();
  const side = await startServer();
  try {
    const plans = people(MEMBERS, (i) => ({ microphone: i < 2 ? 'silent' : 'none' }));
    const crowd = await Crowd.enter(generator, side, plans);
    await sleep(SILENCE_MS);
    const rows: Row[] = [];
    const measure = async (what: string, act: (i: number) => Promise<unknown>, settleMs = TOLD_MS) => {
      const messages: number[] = [];
      const bytes: number[] = [];
      for (let i = 0; i < TIMES; i += 1) {
        const { traffic: before } = await generator.ask('report', null);
        await act(i);
        await sleep(settleMs);
        const { traffic: after } = await generator.ask('report', null);
        messages.push((after.messages - before.messages) / MEMBERS);
        bytes.push((after.bytes - before.bytes) / MEMBERS);
      }
      rows.push(
        { what: `${what}, to each`, unit: 'messages', values: { server: messages } },
        { what: `${what}, to each`, unit: 'bytes', values: { server: bytes } },
      );
    };
    const [first = 0, second = 0] = crowd.members;
    await measure('one mutes or unmutes', (i) =>
      generator.ask('setMuted', { member: first, muted: i % 2 === 0 }),
    );
    await measure(
      'another one speaks',
      async (i) => {
        const [from, to] = i % 2 === 0 ? [second, first] : [first, second];
        await generator.ask('speak', { member: from, speaking: false });
        await generator.ask('speak', { member: to, speaking: true });
      },
      SILENCE_MS,
    );
    const newcomers: Crowd[] = [];
    const newcomer = people(1, () => ({ name: 'Newcomer', microphone: 'muted', camera: true }));
    await measure('one joins with camera and microphone', async () => {
      newcomers.push(await Crowd.enter(generator, side, newcomer));
    });
    await measure('one leaves', (i) => newcomers[i]!.leave());
    return { title: `Signalling in a room of ${MEMBERS}`, rows };
  } finally {
    await generator.close();
    await side.close();
  }
}
