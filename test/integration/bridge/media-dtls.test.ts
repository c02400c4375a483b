/** Calls out by DTLS: the phone knows the way to us before we have its answer. */
import type { PeerConnection } from 'node-datachannel';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { TestMedia } from '../../helpers/bridge-media.ts';
import { openPeer } from '../../helpers/track.ts';
import { sleep, until } from '../../helpers/wait.ts';

let media: TestMedia;
let phone: PeerConnection | null = null;

beforeAll(async () => {
  media = await TestMedia.start();
});
afterEach(async () => {
  phone?.close();
  phone = null;
  await media.thread.request('closeCall', { callId: 'early' });
});
afterAll(() => media.close());

/** @returns the offer, which a phone has taken that checks the way to us from now on, and the phone's answer */
async function rung(
  change: (offer: string) => string = (offer) => offer,
): Promise<{ phone: PeerConnection; answer: string; offer: string }> {
  await media.thread.request('openCall', { callId: 'early', options: { listenIp: '127.0.0.1' } });
  const { sdp: offer } = await media.thread.request('offer', { callId: 'early', kind: 'dtls' });
  phone = openPeer('early').peer;
  phone.setRemoteDescription(change(offer), 'offer');
  phone.setLocalDescription('answer');
  const answer = phone.localDescription()?.sdp ?? '';
  return { phone, offer, answer };
}

/** Takes the phone's answer, and waits until the handshake is done. */
async function isReached(phone: PeerConnection, answer: string): Promise<void> {
  await media.thread.request('acceptAnswer', { callId: 'early', sdp: answer });
  await until(
    'a handshake',
    () => phone.state(),
    (state) => state === 'connected',
  );
}

// Else the handshake might end before we know the fingerprint that it is judged by.
test('a phone does not reach us before we have its answer, and does after that', async () => {
  const { phone, answer } = await rung();
  await sleep(500);
  expect(phone.iceState()).toBe('checking');
  await isReached(phone, answer);
});

test('the handshake is ours to begin when the phone waits for it', async () => {
  const { phone, answer } = await rung((offer) => offer.replace('a=setup:actpass', 'a=setup:active'));
  expect(answer).toContain('a=setup:passive');
  await isReached(phone, answer);
});

test('a phone that shows another certificate than it has named is not let in', async () => {
  const { answer } = await rung();
  const [, fingerprint = ''] = /a=fingerprint:sha-256 (\S+)/.exec(answer) ?? [];
  const other = fingerprint.replace(/^../, (byte) => (byte === '00' ? '01' : '00'));
  await media.thread.request('acceptAnswer', { callId: 'early', sdp: answer.replace(fingerprint, other) });
  await until(
    'an end',
    () => media.told('legFailed', 'early'),
    (told) => told.length === 1,
  );
});

test('an offer made again before the answer, or after it, names the same way', async () => {
  const ways = (sdp: string) =>
    sdp.split('\r\n').filter((line) => /^a=(candidate|ice-|fingerprint|setup)/.test(line));
  const { offer, answer } = await rung();
  const again = async () =>
    ways((await media.thread.request('offer', { callId: 'early', kind: 'dtls' })).sdp);
  expect(ways(offer)).toContain('a=setup:actpass');
  expect(await again()).toEqual(ways(offer));
  await media.thread.request('acceptAnswer', { callId: 'early', sdp: answer });
  expect(await again()).toEqual(ways(offer));
});
