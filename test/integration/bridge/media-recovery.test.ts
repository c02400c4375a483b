import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestMedia } from '../../helpers/bridge-media.ts';
import { isRunning, mediaProcess } from '../../helpers/process-tree.ts';
import { RtpPhone } from '../../helpers/rtp-phone.ts';
import { loudness } from '../../helpers/telephony/tones.ts';
import { until } from '../../helpers/wait.ts';

let media: TestMedia;

beforeEach(async () => {
  media = await TestMedia.start();
});
afterEach(() => media.close());

/** Whether a call's phone hears a prompt from its beginning to its end. */
async function hearsPrompt(callId: string, phone: RtpPhone): Promise<boolean> {
  media.events.length = 0;
  phone.heard();
  await media.thread.request('play', { callId, prompts: ['en/welcome'] });
  await until(
    'the end of the prompt',
    () => media.told('promptEnded', callId),
    (told) => told.length === 1,
  );
  return loudness(phone.heard()) > -35;
}

test('a media process that dies is replaced, and those who waited for it learn of it', async () => {
  const { callId } = await media.call();
  const died = once(media.thread, 'died');
  process.kill(mediaProcess()!, 'SIGKILL');
  // Asked before anybody has noticed.
  const asked = media.thread.request('callStats', { callId });
  await expect(asked).rejects.toMatchObject({ code: 'process-ended' });
  await died;
  await expect(media.thread.request('callStats', { callId })).rejects.toMatchObject({
    code: 'unknown-call',
  });
  const next = await media.call();
  await media.hears(next.callId);
  expect(await hearsPrompt(next.callId, next.phone)).toBe(true);
});

test('a media process that stands still is replaced, and those who waited for it learn of it', async () => {
  const { callId } = await media.call();
  const pid = mediaProcess()!;
  process.kill(pid, 'SIGSTOP');
  await expect(media.thread.request('callStats', { callId })).rejects.toMatchObject({
    code: 'process-ended',
  });
  expect(isRunning(pid)).toBe(false);
  const next = await media.call();
  expect(await hearsPrompt(next.callId, next.phone)).toBe(true);
});

test('a media process that can not be started is tried again until it can', async () => {
  const pid = mediaProcess()!;
  const { execPath } = process;
  try {
    process.execPath = '/nonexistent/node';
    process.kill(pid, 'SIGKILL');
    // Once as it was killed, and twice as there was nothing to run; nobody asks for anything meanwhile.
    for (const _ of [1, 2, 3]) await once(media.thread, 'died', { signal: AbortSignal.timeout(10_000) });
  } finally {
    process.execPath = execPath;
  }
  const { callId, phone } = await media.call();
  expect(await hearsPrompt(callId, phone)).toBe(true);
});

test('a phone that restarts ICE, as after a change of networks, hears on', async () => {
  const { callId, phone } = await media.call({ kind: 'dtls' });
  await media.hears(callId);
  expect(await hearsPrompt(callId, phone)).toBe(true);
  const moved = await RtpPhone.open({ kind: 'dtls' });
  const { sdp } = await media.thread.request('answer', { callId, sdp: moved.description() });
  moved.connect(sdp);
  await until(
    'packets on the new way',
    () => moved.packets().length,
    (count) => count > 0,
  );
  phone.close();
  expect(await hearsPrompt(callId, moved)).toBe(true);
  moved.close();
});

test('a phone that says how it is reached anew, in a way that nobody can use, hears on', async () => {
  const { callId, phone } = await media.call({ kind: 'dtls' });
  await media.hears(callId);
  const moved = await RtpPhone.open({ kind: 'dtls' });
  const sdp = moved.description().replace(/a=fingerprint:.*/, 'a=fingerprint:sha-256 AB:CD\r');
  await expect(media.thread.request('answer', { callId, sdp })).rejects.toMatchObject({
    code: 'unsupported',
  });
  expect(await hearsPrompt(callId, phone)).toBe(true);
  moved.close();
});

test('what can not be agreed on is refused, and the call lives on', async () => {
  const { callId, phone } = await media.call();
  const refused = (sdp: string) => media.thread.request('answer', { callId, sdp });
  await expect(refused('nonsense')).rejects.toMatchObject({ code: 'malformed' });
  const foreign = phone.description().replace('RTP/AVP 0 ', 'RTP/AVP 18 ').replace('0 PCMU', '18 G729');
  await expect(refused(foreign)).rejects.toMatchObject({ code: 'unsupported' });
  await expect(media.thread.request('acceptAnswer', { callId, sdp: foreign })).rejects.toMatchObject({
    code: 'wrong-state',
  });
  expect(await hearsPrompt(callId, phone)).toBe(true);
});
