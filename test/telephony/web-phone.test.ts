/** Web phones in three browsers, at a real Kamailio: what each of their persons hears, sees and reads. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PHONE_IDS } from '../../client/phone/ui/testids.ts';
import { TEST_IDS } from '../../client/app/testids.ts';
import { launchChromium } from '../helpers/chromium.ts';
import { BARS, personas } from '../helpers/fake-devices.ts';
import { ServerProcess } from '../helpers/server-process.ts';
import { startKamailio } from '../helpers/telephony/kamailio.ts';
import type { Kamailio } from '../helpers/telephony/kamailio.ts';
import { WebPhone } from '../helpers/telephony/web-phone.ts';
import { sleep, until } from '../helpers/wait.ts';

const [ana, bruno, carla, , , felipe] = personas;
const TITLE = 'Something to show';
const users = { ana: 'word-of-ana', bruno: 'word-of-bruno', carla: 'word-of-carla', nobody: 'unused' };

let kamailio: Kamailio;
let server: ServerProcess;
let browsers: Browser[];
let anas: WebPhone;
let brunos: WebPhone;
let carlas: WebPhone;

beforeAll(async () => {
  [kamailio, server] = await Promise.all([
    startKamailio({ users }),
    ServerProcess.start({ env: { WORKERS: '1' } }),
  ]);
  browsers = await Promise.all(
    [ana, bruno, carla].map((persona) =>
      // Answers the browser's question which tab to share.
      launchChromium({ persona, args: [`--auto-select-tab-capture-source-by-title=${TITLE}`] }),
    ),
  );
  const register = (i: number, user: keyof typeof users): Promise<WebPhone> =>
    WebPhone.register(browsers[i]!, { serverUrl: server.url }, { kamailio, user, password: users[user] });
  [anas, brunos, carlas] = await Promise.all([
    register(0, 'ana'),
    register(1, 'bruno'),
    register(2, 'carla'),
  ]);
});

afterAll(async () => {
  await Promise.all(browsers.map((browser) => browser.close()));
  await Promise.all([server.close(), kamailio.stop()]);
});

describe('a video call', () => {
  it('lets both hear and see each other, and nobody else', async () => {
    await anas.call('bruno', 'video');
    await brunos.answer('video');
    await anas.phase('talking');
    await Promise.all([anas.hears([bruno.tone]), brunos.hears([ana.tone])]);
    await Promise.all([anas.sees([bruno.code]), brunos.sees([ana.code])]);
    await anas.seesMotion();
    expect(await carlas.heard()).toEqual([]);
  });

  it('is silent for the other end while muted', async () => {
    await anas.at(PHONE_IDS.mute).click();
    await brunos.hears([]);
    await anas.hears([bruno.tone]);
    await anas.at(PHONE_IDS.mute).click();
    await brunos.hears([ana.tone]);
  });

  it('carries nothing while it is held, which both are told, and goes on afterwards', async () => {
    await anas.at(PHONE_IDS.hold).click();
    await brunos.page.getByText('ana has put you on hold').waitFor();
    await anas.page.getByText('On hold').waitFor();
    await Promise.all([anas.hears([]), brunos.hears([])]);
    await anas.at(PHONE_IDS.hold).click();
    await Promise.all([anas.hears([bruno.tone]), brunos.hears([ana.tone])]);
    await Promise.all([anas.sees([bruno.code]), brunos.sees([ana.code])]);
  });

  it('goes on when both hold it, and both resume it, at the same moment', async () => {
    for (const isHeld of [true, false]) {
      const at = Date.now() + 500;
      await Promise.all([anas, brunos].map((phone) => phone.pressHoldAt(at)));
      for (const phone of [anas, brunos]) {
        const call = phone.page.locator('[data-held-by-peer]');
        await call.waitFor({ state: isHeld ? 'visible' : 'detached' });
      }
      await brunos.hears(isHeld ? [] : [ana.tone]);
    }
    await anas.hears([bruno.tone]);
    // Their offers have crossed, which neither may take.
    await anas.show('Trace');
    expect(await anas.page.getByText('491').count()).toBeGreaterThan(0);
    await anas.show('Call');
  });

  it('goes on as a voice call when the camera is off, and back', async () => {
    await brunos.at(TEST_IDS.camera).click();
    await anas.sees([]);
    await anas.hears([bruno.tone]);
    await brunos.at(TEST_IDS.camera).click();
    await anas.sees([bruno.code]);
  });

  it('ends for both when one hangs up, and both are told', async () => {
    await brunos.hangUp();
    expect(await brunos.endOfCall('hung-up')).toBe('Call ended');
    expect(await anas.endOfCall('they-hung-up')).toBe('bruno hung up');
    await Promise.all([anas.hears([]), brunos.hears([])]);
  });
});

describe('a voice call', () => {
  it('can show a screen, and then a face, to whoever has no camera on', async () => {
    await anas.call('bruno');
    await brunos.answer();
    await anas.phase('talking');
    await anas.hears([bruno.tone]);
    expect(await anas.look()).toEqual([]);

    await showBars(brunos, felipe.code);
    await brunos.at(TEST_IDS.screen).click();
    await anas.sees([felipe.code]);
    await brunos.at(TEST_IDS.screen).click();
    await anas.sees([]);
    await anas.at(TEST_IDS.camera).click();
    await brunos.sees([ana.code]);
  });

  it('carries keys, which the other end hears as a telephone’s tones', async () => {
    // The five of a telephone is 770 Hz with 1336 Hz (ITU-T Q.23).
    await brunos.inPage(() => window.senses.listen([770, 1336, 697, 1477]), null);
    await anas.at(PHONE_IDS.showKeys).click();
    const before = Date.now();
    for (let i = 0; i < 3; i += 1) {
      await anas.at(PHONE_IDS.call).getByRole('button', { name: '5 JKL' }).click();
      await sleep(250);
    }
    // The tones of its neighbours on the keypad are not there, once it is heard whole: its beginning has all of them.
    await until(
      'Bruno hears a five, and nothing else',
      async () =>
        (await brunos.heardSince(before))
          .map(({ levels }) => levels as [number, number, number, number])
          .reduce((loudest, sound) => (sound[0] > loudest[0] ? sound : loudest), [-120, -120, -120, -120]),
      ([low, high, ...others]) => Math.min(low, high) > -40 && Math.max(...others) < Math.min(low, high) - 10,
    );
    await brunos.listen();
    await anas.hangUp();
    await anas.endOfCall('hung-up');
    await brunos.endOfCall('they-hung-up');
  });

  it('is put through to somebody else, if the one who is put through agrees', async () => {
    await anas.call('bruno');
    await brunos.answer();
    await brunos.hears([ana.tone]);
    await brunos.at(PHONE_IDS.transfer).click();
    await brunos.at(PHONE_IDS.transferTo).fill('carla');
    await brunos.at(PHONE_IDS.transferNow).click();
    await anas.page.getByText('bruno wants to put you through to carla').waitFor();
    await anas.at(PHONE_IDS.follow).click();
    await carlas.answer();
    await Promise.all([anas.hears([carla.tone]), carlas.hears([ana.tone])]);
    await brunos.endOfCall('transferred');
    await brunos.hears([]);
    await carlas.hangUp();
    await carlas.endOfCall('hung-up');
    await anas.endOfCall('they-hung-up');
  });

  it('waits while another one is taken, and can be resumed', async () => {
    await anas.call('bruno');
    await brunos.answer();
    await anas.hears([bruno.tone]);
    await carlas.call('ana');
    await anas.answer();
    await Promise.all([anas.hears([carla.tone]), carlas.hears([ana.tone])]);
    await brunos.page.getByText('ana has put you on hold').waitFor();
    await brunos.hears([]);
    await carlas.hangUp();
    await anas.at(PHONE_IDS.hold).click();
    await Promise.all([anas.hears([bruno.tone]), brunos.hears([ana.tone])]);
    await anas.hangUp();
    await anas.endOfCall('hung-up');
    await brunos.endOfCall('they-hung-up');
    await carlas.endOfCall('hung-up');
  });
});

describe('a call that is taken', () => {
  it('while its caller talks with somebody else is put on hold, and hears nothing of that', async () => {
    await anas.call('carla');
    await anas.phase('ringing');
    await brunos.call('ana');
    await anas.answer();
    await Promise.all([anas.hears([bruno.tone]), brunos.hears([ana.tone])]);
    await carlas.answer();
    await carlas.page.getByText('ana has put you on hold').waitFor();
    await Promise.all([anas.hears([bruno.tone]), carlas.hears([])]);

    await brunos.hangUp();
    await anas.endOfCall('they-hung-up');
    await anas.at(PHONE_IDS.hold).click();
    await Promise.all([anas.hears([carla.tone]), carlas.hears([ana.tone])]);
    await carlas.hangUp();
    await anas.endOfCall('they-hung-up');
    await Promise.all([brunos.endOfCall('hung-up'), carlas.endOfCall('hung-up')]);
  });
});

describe('a call that does not come about', () => {
  it.each([
    ['declined', 'bruno declined the call'],
    ['cancelled', 'Call cancelled'],
  ])('is told as %s', async (reason, words) => {
    await anas.call('bruno');
    await brunos.at(PHONE_IDS.incoming).waitFor();
    await anas.phase('ringing');
    if (reason === 'declined') await brunos.at(PHONE_IDS.decline).click();
    else await anas.hangUp();
    expect(await anas.endOfCall(reason)).toBe(words);
    await brunos.endOfCall(reason);
  });

  it.each([
    ['nobody', /nobody/],
    ['stranger', /stranger/],
  ])('names whom it was meant for, when %s can not be reached', async (name, words) => {
    await anas.call(name);
    const note = anas.at(PHONE_IDS.callNote);
    await note.waitFor();
    expect(['not-there', 'not-found']).toContain(await note.getAttribute('data-reason'));
    expect(await note.innerText()).toMatch(words);
    await anas.press('Close this note');
  });

  it('stands in the list of calls, with those that did', async () => {
    await brunos.show('Recent calls');
    await expect.poll(() => brunos.at(PHONE_IDS.logEntry).count()).toBeGreaterThan(3);
    const outcomes = await brunos
      .at(PHONE_IDS.logEntry)
      .evaluateAll((entries) => entries.map((entry) => entry.getAttribute('data-outcome')));
    expect(outcomes.slice(0, 2)).toEqual(['missed', 'refused']);
    expect(outcomes).toContain('answered');
  });
});

describe('messages', () => {
  it('go both ways, as text and nothing else, and the writer sees that they arrived', async () => {
    await anas.write('bruno', 'Hola <b>Bruno</b> ñandú 🎉');
    await brunos.show('Messages');
    await brunos.page.getByRole('button', { name: /ana/ }).click();
    const received = brunos.at(PHONE_IDS.message);
    await received.waitFor();
    expect(await received.innerText()).toContain('Hola <b>Bruno</b> ñandú 🎉');
    expect(await received.locator('b').count()).toBe(0);
    await anas.page.locator(`[data-testid=${PHONE_IDS.message}][data-status=delivered]`).waitFor();

    await brunos.write('ana', 'Buenas');
    await expect.poll(() => anas.at(PHONE_IDS.message).last().innerText()).toContain('Buenas');
  });

  it('that reach nobody say so, and can be sent again', async () => {
    await carlas.write('nobody', 'Is anybody there?');
    const message = carlas.page.locator(`[data-testid=${PHONE_IDS.message}][data-status=failed]`);
    await message.waitFor();
    expect(await message.innerText()).toContain('Not delivered');
    await message.getByRole('button', { name: 'Send again' }).click();
    await expect.poll(() => message.count()).toBe(2);
  });
});

describe('the trace', () => {
  it('shows what was sent and received, without what gives access', async () => {
    await anas.show('Trace');
    await anas.press('Copy');
    await anas.page.getByText('Copied').waitFor();
    const text = await anas.page.evaluate(() => navigator.clipboard.readText());
    for (const word of ['REGISTER sip:pbx.test', 'SIP/2.0 401', 'INVITE sip:bruno@pbx.test', 'a=candidate'])
      expect(text).toContain(word);
    expect(text).toMatch(/^Authorization: Digest \(hidden\)$/m);
    expect(text).not.toMatch(/response="/);
    expect(text).not.toContain(users.ana);
    expect(text).not.toMatch(/^a=ice-pwd:(?!\(hidden\))/m);
  });

  it('can be filtered by words', async () => {
    // Not by 401, which may be part of what is random in a message.
    await anas.at(PHONE_IDS.traceFilter).fill('register unauthorized');
    const entries = anas.at(PHONE_IDS.traceEntry);
    await expect.poll(() => entries.count()).toBeGreaterThan(0);
    for (const summary of await entries.allInnerTexts()) expect(summary).toContain('401 Unauthorized');
  });
});

describe('a call that ends in the wrong moment', () => {
  /** While it is true, answers to Ana's INVITEs are lost, until somebody hangs up. */
  let losesAnswers = false;

  beforeAll(async () => {
    await anas.page.routeWebSocket(kamailio.wsUrl, (socket) => {
      const pbx = socket.connectToServer();
      pbx.onMessage((message) => {
        const text = String(message);
        if (text.startsWith('BYE ')) losesAnswers = false;
        if (!losesAnswers || !/^SIP\/2\.0 [^]*^CSeq: \d+ INVITE\r$/im.test(text)) socket.send(message);
      });
    });
    await anas.page.reload();
    await anas.signIn({ kamailio, user: 'ana', password: users.ana });
    await anas.at(PHONE_IDS.phone).waitFor();
    await anas.listen();
  });

  /** Bruno calls: who was called waits for an acknowledgement before hanging up (RFC 3261, section 15). */
  async function brunosCall(): Promise<void> {
    await brunos.call('ana');
    await anas.answer();
    await brunos.phase('talking');
  }

  it('while it is put on hold for another one, does not take the microphone along', async () => {
    await brunosCall();

    losesAnswers = true;
    await anas.call('carla');
    await brunos.page.getByText('ana has put you on hold').waitFor();
    await brunos.hangUp();
    await carlas.answer();
    await Promise.all([anas.hears([carla.tone]), carlas.hears([ana.tone])]);
    await carlas.hangUp();
    await anas.endOfCall('they-hung-up');
    await Promise.all([brunos.endOfCall('hung-up'), carlas.endOfCall('hung-up')]);
    await anas.hasOpen([]);
  });

  it('while it is put on hold for one that is taken, does not take the microphone along', async () => {
    await brunosCall();
    await carlas.call('ana');

    losesAnswers = true;
    await anas.at(PHONE_IDS.answer).click();
    await brunos.page.getByText('ana has put you on hold').waitFor();
    await brunos.hangUp();
    await Promise.all([anas.hears([carla.tone]), carlas.hears([ana.tone])]);
    await carlas.hangUp();
    await anas.endOfCall('they-hung-up');
    await Promise.all([brunos.endOfCall('hung-up'), carlas.endOfCall('hung-up')]);
  });

  it('while it is resumed, is not in front any more', async () => {
    await brunosCall();
    await anas.at(PHONE_IDS.hold).click();
    await brunos.page.getByText('ana has put you on hold').waitFor();
    await anas.at(PHONE_IDS.call).getByText('On hold').waitFor();

    losesAnswers = true;
    await anas.at(PHONE_IDS.hold).click();
    await brunos.page.getByText('ana has put you on hold').waitFor({ state: 'hidden' });
    await brunos.hangUp();
    await anas.endOfCall('they-hung-up');
    await brunos.endOfCall('hung-up');
    await anas.at(PHONE_IDS.call).waitFor({ state: 'hidden' });
  });
});

describe('all along', () => {
  it('no error met nobody who handles it', () => {
    expect([anas, brunos, carlas].flatMap(({ problems }) => problems)).toEqual([]);
  });
});

/** Opens a tab that shows a number as bars, to be shared. */
async function showBars(phone: WebPhone, code: number): Promise<void> {
  const tab = await phone.page.context().newPage();
  const bars = Array.from({ length: BARS }, (_, bar) => (code >> (BARS - 1 - bar)) & 1)
    .map((bit) => `<i style="background: ${bit === 1 ? 'white' : 'black'}"></i>`)
    .join('');
  await tab.setContent(
    `<title>${TITLE}</title><style>body { margin: 0; display: flex; height: 100vh } i { flex: 1 }</style>${bars}`,
  );
  await phone.page.bringToFront();
}
