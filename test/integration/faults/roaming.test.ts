/** One whose address changes, as a telephone's between Wi-Fi and mobile network. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { closeLibrary } from '../../helpers/rtc-end.ts';
import { ServerProcess } from '../../helpers/server-process.ts';
import { SignalledParticipant } from '../../helpers/signalled-participant.ts';
import { sleep, until } from '../../helpers/wait.ts';

/** Longer than ICE needs to see that the way is gone. */
const AWAY_MS = 5_000;

let server: ServerProcess;
let ana: SignalledParticipant;
let roamer: SignalledParticipant;
/** Publications of their microphones. */
let voices: { ana: string; roamer: string };

beforeAll(async () => {
  server = await ServerProcess.start({ env: { WORKERS: '1' } });
});

afterAll(async () => {
  await server.close();
  closeLibrary();
});

beforeEach(async () => {
  ana = await SignalledParticipant.join(server.url, 'roaming', 'Ana');
  roamer = await SignalledParticipant.roam(server.url, 'roaming', 'Roamer');
  const [one, other] = [await ana.microphone(), await roamer.microphone()];
  one.microphone.speak();
  other.microphone.speak();
  voices = { ana: one.publicationId, roamer: other.publicationId };
  await bothHear();
});

afterEach(() => {
  ana.vanish();
  roamer.vanish();
});

/** @returns how long it took, in ms */
async function bothHear(): Promise<number> {
  const start = performance.now();
  const before = { ana: ana.packetsOf(voices.roamer), roamer: roamer.packetsOf(voices.ana) };
  await until(
    'both to hear each other',
    () => ({ ana: ana.packetsOf(voices.roamer), roamer: roamer.packetsOf(voices.ana) }),
    (now) => now.ana > before.ana + 5 && now.roamer > before.roamer + 5,
    { everyMs: 10 },
  );
  return performance.now() - start;
}

describe('One whose address changes', () => {
  it('is heard and hears from the new one as soon as ICE has been restarted, again and again', async () => {
    for (let times = 0; times < 3; times += 1) {
      roamer.cutMedia();
      await sleep(AWAY_MS);
      await roamer.restartIce();
      console.log(`media went on ${(await bothHear()).toFixed(0)} ms after ICE was restarted`);
    }
  });

  it('keeps the place, and is heard as soon as it is back, when the socket is gone as well', async () => {
    for (let times = 0; times < 2; times += 1) {
      roamer.cutMedia();
      roamer.signal.cut();
      await sleep(AWAY_MS);
      await roamer.comeBack(server.url);
      console.log(`media went on ${(await bothHear()).toFixed(0)} ms after the socket was back`);
    }
    expect(ana.signal.events.filter(({ type }) => type === 'participantLeft')).toEqual([]);
  });
});
