import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { MediaPublication } from '../../../server/conference/ports.ts';
import { RtcParticipant } from '../../helpers/rtc-participant.ts';
import type { RtcRoom } from '../../helpers/rtc-participant.ts';
import { TestSfu } from '../../helpers/sfu.ts';
import { sleep } from '../../helpers/wait.ts';

const LOUDEST = 2;
const DURATION_MS = 6_000;

let sfu: TestSfu;
beforeAll(async () => (sfu = await TestSfu.start({ maxParticipantsPerRouter: 3, loudest: LOUDEST })));
afterAll(() => sfu.close());

/** The same numbers for the same seed, so that a failure can be had again, as far as time lets it. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Things that happen in a room, in no order. */
function happenings(room: RtcRoom, random: (below: number) => number): (() => unknown)[] {
  const publications: MediaPublication[] = [];
  const ids: string[] = [];
  let count = 0;
  const pick = <T>(from: Iterable<T>): T | undefined => {
    const all = [...from];
    return all[random(all.length)];
  };
  const anyone = () => pick(room.participants.values());
  return [
    async () => {
      if (room.participants.size < 10) await RtcParticipant.join(room, `participant-${count++}`);
    },
    () => {
      const participant = anyone();
      if (!participant || room.participants.size < 5) return;
      room.participants.delete(participant.id);
      participant.leave();
    },
    async () => {
      const id = `voice-${count++}`;
      const [microphone, publication] = (await anyone()?.microphone(id, random(2) === 0)) ?? [];
      microphone?.speak(20 + random(60));
      if (publication) publications.push(publication);
    },
    async () => {
      const id = `camera-${count++}`;
      const [camera, publication] = (await anyone()?.camera(id)) ?? [];
      setTimeout(() => camera?.stop(), 2_000);
      if (publication) publications.push(publication);
      ids.push(id);
    },
    () => pick(publications)?.setMuted(random(2) === 0),
    () => {
      if (publications.length > 12) publications.splice(random(publications.length), 1)[0]?.close();
    },
    () => {
      const shown = Array.from({ length: random(6) }, () => pick(ids) ?? 'nothing');
      anyone()?.show(shown, random(1_500), random(900));
    },
    () => anyone()?.media.restartIce('send'),
    () => {
      const worker = random(20) === 0 ? pick(sfu.sfu.workers) : undefined;
      if (worker) process.kill(worker.pid, 'SIGKILL');
    },
  ];
}

it('survives whatever happens, in whatever order', async () => {
  const seed = Date.now() % 2 ** 31;
  console.log(`seed ${seed}`);
  const random = randomFrom(seed);
  const room = await sfu.openRoom();
  const all = happenings(room, random);
  const refusals: unknown[] = [];
  const under: Promise<unknown>[] = [];
  for (const end = Date.now() + DURATION_MS; Date.now() < end;) {
    const happen = all[random(all.length)]!;
    under.push((async () => happen())().catch((error: unknown) => refusals.push(error)));
    if (random(3) === 0) await sleep(random(30));
  }
  await Promise.all(under);
  await room.recovery.catch((error: unknown) => refusals.push(error));
  for (const refusal of refusals) {
    // All that is refused is what a lost worker makes impossible, or what comes to nothing at an end of the helper: it
    // closes them itself, and while they connect they know of no restart of ICE.
    if (refusal instanceof Error && /^The connection is (closed|failed)\.$/.test(refusal.message)) continue;
    expect(refusal).toMatchObject({ name: 'ConferenceError', code: 'media-unavailable' });
  }

  // And afterwards all is as it should be.
  await sleep(1_000);
  const others = [...room.participants.values()];
  // Somebody new, as the ends by which the others send know of no restart of ICE: after some, the library closes them.
  const speaker = await RtcParticipant.join(room, 'speaker');
  const [microphone] = await speaker.microphone('after-all');
  microphone.speak(5);
  await vi.waitFor(
    () => {
      for (const other of others) expect(other.packetsOf('after-all')).toBeGreaterThan(5);
    },
    { timeout: 15_000, interval: 20 },
  );
  for (const { received } of others) {
    const heard = [...received.values()].filter(({ info, paused }) => info.kind === 'audio' && !paused);
    expect(heard.length).toBeLessThanOrEqual(LOUDEST);
  }
  room.close();
  expect(await sfu.held()).toBe(0);
  expect((await sfu.sfu.stats()).workers.map(({ load }) => load)).toEqual([0, 0]);
}, 60_000);
