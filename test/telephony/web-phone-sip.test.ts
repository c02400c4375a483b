/** The web phone and a telephone that knows nothing of WebRTC: Kamailio between them, and rtpengine for the media. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PHONE_IDS } from '../../client/phone/ui/testids.ts';
import { launchChromium } from '../helpers/chromium.ts';
import { personas } from '../helpers/fake-devices.ts';
import { ServerProcess } from '../helpers/server-process.ts';
import { Baresip } from '../helpers/telephony/baresip.ts';
import { startKamailio } from '../helpers/telephony/kamailio.ts';
import type { Kamailio } from '../helpers/telephony/kamailio.ts';
import { startRtpengine } from '../helpers/telephony/rtpengine.ts';
import type { Rtpengine } from '../helpers/telephony/rtpengine.ts';
import { WebPhone } from '../helpers/telephony/web-phone.ts';
import { until } from '../helpers/wait.ts';

const [ana, , , diego] = personas;
const users = { ana: 'word-of-ana', diego: 'word-of-diego' };
const TONES = [ana.tone, diego.tone];
/** Louder than this, in dB, is heard by a telephone; quieter than that is not there. */
const HEARD_DB = -35;
const SILENT_DB = -50;

let rtpengine: Rtpengine;
let kamailio: Kamailio;
let server: ServerProcess;
let browser: Browser;
let anas: WebPhone;
let diegos: Baresip;

beforeAll(async () => {
  [rtpengine, server] = await Promise.all([startRtpengine(), ServerProcess.start({ env: { WORKERS: '1' } })]);
  kamailio = await startKamailio({ users, rtpengine });
  browser = await launchChromium({ persona: ana });
  [anas, diegos] = await Promise.all([
    WebPhone.register(browser, { serverUrl: server.url }, { kamailio, user: 'ana', password: users.ana }),
    Baresip.start({ user: 'diego', password: users.diego, kamailio, tone: diego.tone }),
  ]);
});

afterAll(async () => {
  await Promise.all([browser.close(), diegos.close()]);
  await Promise.all([server.close(), kamailio.stop()]);
  await rtpengine.stop();
});

/** Waits until the telephone hears Ana, and not itself. */
async function diegoHearsAna(): Promise<void> {
  await until(
    'Diego hears Ana',
    () => diegos.hear(TONES, 800),
    ({ levels }) => levels[0]! > HEARD_DB && levels[1]! < SILENT_DB,
  );
}

describe('a call to a telephone', () => {
  it('is heard at both ends', async () => {
    await anas.call('diego');
    await diegos.event('CALL_INCOMING');
    await anas.phase('ringing');
    diegos.accept();
    await anas.phase('talking');
    await anas.hears([diego.tone]);
    await diegoHearsAna();
  });

  it('carries keys as telephone events', async () => {
    const since = diegos.events.length;
    await anas.at(PHONE_IDS.showKeys).click();
    const keys = anas.at(PHONE_IDS.call);
    for (const name of ['4 GHI', 'pound']) await keys.getByRole('button', { name, exact: true }).click();
    const { answer } = await until(
      'Diego’s telephone tells of both keys',
      () =>
        diegos.events.slice(since).filter(({ type, param }) => type === 'CALL_DTMF_START' && param !== ''),
      (events) => events.length >= 2,
    );
    expect(answer.map(({ param }) => param)).toEqual(['4', '#']);
  });

  // From the first new offer on, this telephone's recording stands still: only what Ana hears is known.
  it('can be held by either end', async () => {
    await anas.at(PHONE_IDS.hold).click();
    await anas.page.getByText('On hold').waitFor();
    await anas.hears([]);
    await anas.at(PHONE_IDS.hold).click();
    await anas.hears([diego.tone]);

    diegos.hold();
    await anas.page.getByText('diego has put you on hold').waitFor();
    await anas.hears([]);
    diegos.resume();
    await anas.hears([diego.tone]);
  });

  it('goes on as it was when a camera is turned on that the telephone can not see', async () => {
    await anas.press('Turn camera on');
    await anas.press('Turn camera off');
    await anas.hears([diego.tone]);
    await anas.phase('talking');
  });

  it('ends at both ends', async () => {
    const since = diegos.events.length;
    await anas.hangUp();
    await anas.endOfCall('hung-up');
    await diegos.event('CALL_CLOSED', since);
  });

  it('that is refused there says so', async () => {
    const since = diegos.events.length;
    await anas.call('diego');
    await diegos.event('CALL_INCOMING', since);
    diegos.hangUp();
    const note = anas.at(PHONE_IDS.callNote);
    await note.waitFor();
    expect(['busy', 'declined']).toContain(await note.getAttribute('data-reason'));
  });
});

describe('a call from a telephone', () => {
  it('rings here, with the caller’s name, and is heard at both ends', async () => {
    diegos.dial('ana');
    await anas.page.getByText('diego is calling').waitFor();
    // What became of the call before is no news any more.
    expect(await anas.at(PHONE_IDS.callNote).count()).toBe(0);
    await anas.answer();
    await anas.hears([diego.tone]);
    await diegoHearsAna();
    diegos.hangUp();
    expect(await anas.endOfCall('they-hung-up')).toBe('diego hung up');
  });

  it('that nobody takes is told as missed', async () => {
    diegos.dial('ana');
    await anas.at(PHONE_IDS.incoming).waitFor();
    diegos.hangUp();
    expect(await anas.endOfCall('cancelled')).toBe('You missed a call from diego');
    await anas.page.getByRole('button', { name: 'Recent calls 1 missed' }).waitFor();
  });
});

describe('all along', () => {
  it('no error met nobody who handles it', () => {
    expect(anas.problems).toEqual([]);
  });
});
