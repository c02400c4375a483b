/** Prompts whose beginning, end and interruption come close together, as they do where everybody is busy. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { TestMedia } from '../../helpers/bridge-media.ts';
import { until } from '../../helpers/wait.ts';

/** Longer than the prompt, in ms. */
const BUSY_MS = 1_500;

let media: TestMedia;

beforeAll(async () => {
  media = await TestMedia.start();
});
afterEach(() => media.hangUp());
afterAll(() => media.close());

test('the end of a prompt is told after its beginning, though both are read at once', async () => {
  const { callId } = await media.call();
  let hasBegun = false;
  const order: boolean[] = [];
  media.thread.on('event', ({ event }) => {
    if (event === 'promptEnded') order.push(hasBegun);
  });
  const playing = media.thread.request('play', { callId, prompts: ['en/goodbye'] }).then(() => {
    hasBegun = true;
  });
  // The request is out by then.
  await new Promise((resolve) => setImmediate(resolve));
  for (const start = performance.now(); performance.now() - start < BUSY_MS;);
  await playing;
  await until(
    'the end',
    () => order,
    (told) => told.length === 1,
  );
  expect(order).toEqual([true]);
});

test('a prompt that is stopped while it is read is not played', async () => {
  const { callId } = await media.call();
  const [{ playId }] = await Promise.all([
    media.thread.request('play', { callId, prompts: ['en/first-here'] }),
    media.thread.request('stopPlaying', { callId }),
  ]);
  await until(
    'the end',
    () => media.told('promptEnded', callId),
    (told) => told.length === 1,
  );
  expect(media.told('promptEnded', callId)).toMatchObject([{ playId, whole: false }]);
});

test('of two prompts the later one is played, though the first takes longer to be read', async () => {
  const { callId } = await media.call();
  await media.thread.request('play', { callId, prompts: ['en/louder'] });
  const [first, second] = await Promise.all([
    media.thread.request('play', { callId, prompts: ['en/full'] }),
    media.thread.request('play', { callId, prompts: ['en/louder'] }),
  ]);
  await until(
    'the ends',
    () => media.told('promptEnded', callId),
    (told) => told.length === 3,
  );
  expect(media.told('promptEnded', callId).slice(1)).toMatchObject([
    { playId: first.playId, whole: false },
    { playId: second.playId, whole: true },
  ]);
});
