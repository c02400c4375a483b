/** What dies under a running call, and what those in the room notice of it: the bridge, media workers, the server. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../helpers/chromium.ts';
import { personas } from '../helpers/fake-devices.ts';
import { childrenOf } from '../helpers/process-tree.ts';
import { RoomPage } from '../helpers/room-page.ts';
import { SignalClient } from '../helpers/signal-client.ts';
import type { Baresip } from '../helpers/telephony/baresip.ts';
import { TONES, callRoom, startTelephoneConference } from '../helpers/telephony/conference.ts';
import type { ConferenceOptions, TelephoneConference } from '../helpers/telephony/conference.ts';
import { hears } from '../helpers/telephony/hearing.ts';
import { sleep, until } from '../helpers/wait.ts';

const [ana, bruno] = personas;
const { alice: ALICE } = TONES;
const ROOM = 'recovery';
/** Longer than the pause between two syllables, and than what a busy machine makes of it, in ms. */
const HOLE_MS = 1_500;

let browsers: Browser[];
let conference: TelephoneConference;
/** Who neither speaks nor hears. */
let hana: SignalClient;
let pages: [RoomPage, RoomPage];
let alice: Baresip;
let number: string;

beforeAll(async () => {
  browsers = await Promise.all([ana, bruno].map((persona) => launchChromium({ persona })));
});
afterAll(() => Promise.all(browsers.map((browser) => browser.close())));

async function everybodyComes(options: ConferenceOptions): Promise<void> {
  conference = await startTelephoneConference(options);
  const { server } = conference;
  hana = await SignalClient.connect(server.url);
  const { room } = await hana.join(ROOM, 'Hana');
  number = room.number ?? '';
  const join = (index: number, { name }: { name: string }) =>
    RoomPage.join(browsers[index]!, { serverUrl: server.url, room: ROOM, name, camera: false });
  pages = [await join(0, ana), await join(1, bruno)];
  alice = await conference.phone('alice');
  await callRoom(conference, alice, `${number}#`);
  await allHearEachOther();
}

async function everybodyGoes(): Promise<void> {
  hana.close();
  await Promise.all(pages.map((page) => page.close()));
  await conference.stop();
}

async function allHearEachOther(): Promise<void> {
  await Promise.all([
    pages[0].hears([bruno.tone, ALICE], 30_000),
    pages[1].hears([ana.tone, ALICE], 30_000),
    hears(alice, [ana.tone, bruno.tone], [ALICE]),
  ]);
}

/** Expects no hole since a moment, which is not so long ago that pages have forgotten it. */
async function pagesHaveHeardEachOther(since: number): Promise<void> {
  expect(await pages[0].longestSilence(bruno.tone, since)).toBeLessThan(HOLE_MS);
  expect(await pages[1].longestSilence(ana.tone, since)).toBeLessThan(HOLE_MS);
}

/** Whether the call that Alice has made is the one she still has. */
function callGoesOn(): boolean {
  return alice.events.filter(({ type }) => type === 'CALL_CLOSED').length === 0;
}

describe('with a bridge beside the server', () => {
  beforeAll(() => everybodyComes({}));
  afterAll(everybodyGoes);

  it('the media workers die: the call goes on, and its voice comes back', async () => {
    const killed = conference.server.workers();
    for (const pid of killed) process.kill(pid, 'SIGKILL');
    await until(
      'there are other media workers',
      () => conference.server.workers(),
      (workers) => workers.length === killed.length && !workers.some((pid) => killed.includes(pid)),
    );
    // What was on its way has been heard by then; what comes now has come by the new ones.
    await sleep(1_000);
    await allHearEachOther();
    expect(callGoesOn()).toBe(true);
  });

  it('the bridge is killed: its caller is gone at once, pages go on, and the next call comes in', async () => {
    const bridge = childrenOf(conference.server.pid).find(({ command }) => command.includes('beside-server'));
    const [at, before] = [Date.now(), hana.events.length];
    process.kill(bridge!.pid, 'SIGKILL');
    // Not one who left before, such as a page that came again when its media worker had died.
    const { reason } = await hana.told('participantLeft', (event) => hana.events.indexOf(event) >= before);
    expect(reason).toBe('connection-lost');
    await Promise.all([pages[0].hears([bruno.tone]), pages[1].hears([ana.tone])]);
    // Nobody is there who could have told the telephone.
    alice.hangUp();
    await conference.bridgeIsThere();
    const back = Date.now();
    await pagesHaveHeardEachOther(at);
    await callRoom(conference, alice, `${number}#`);
    await allHearEachOther();
    await pagesHaveHeardEachOther(back);
  });
});

describe('with a bridge of its own', () => {
  beforeAll(() => everybodyComes({ bridgeApart: true }));
  afterAll(everybodyGoes);

  it('the server is killed, and comes back: so do pages and the caller, whose call goes on', async () => {
    await conference.server.kill();
    await conference.server.run();
    await allHearEachOther();
    expect(callGoesOn()).toBe(true);
  });
});
