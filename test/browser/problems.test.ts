/** What goes wrong around a person is told in words, with the way out, and mends itself where it can. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TEST_IDS } from '../../client/app/testids.ts';
import { launchChromium } from '../helpers/chromium.ts';
import { personas } from '../helpers/fake-devices.ts';
import { Network, RTC_LISTEN } from '../helpers/network.ts';
import { RoomPage } from '../helpers/room-page.ts';
import { ServerProcess } from '../helpers/server-process.ts';
import { SignalClient } from '../helpers/signal-client.ts';
import { until } from '../helpers/wait.ts';

const [ana, bruno] = personas;
const MAX_PARTICIPANTS = 3;
/** Until a path for media is given up: three tries of some seconds each, on a busy machine. In ms. */
const GIVE_UP_MS = 60_000;

let server: ServerProcess;
let network: Network;
let browsers: Browser[];
let brunosPage: RoomPage;
let rooms = 0;

beforeAll(async () => {
  server = await ServerProcess.start({
    env: { RTC_LISTEN, MAX_PARTICIPANTS: String(MAX_PARTICIPANTS) },
  });
  network = await Network.open(server.port, server.rtcPorts);
  browsers = await Promise.all([ana, bruno].map((persona) => launchChromium({ persona })));
});

afterAll(async () => {
  await Promise.all(browsers.map((browser) => browser.close()));
  network.close();
  await server.close();
});

/** Ana in front of a room of her own, with Bruno in it already. */
async function open(atFirst: () => void = () => undefined): Promise<RoomPage> {
  const room = `problems-${(rooms += 1)}`;
  const visit = { serverUrl: network.url, room };
  brunosPage = await RoomPage.join(browsers[1]!, { ...visit, serverUrl: server.url, name: bruno.name });
  const page = await RoomPage.open(browsers[0]!, { ...visit, name: ana.name });
  await page.page.addInitScript(atFirst);
  await page.page.reload();
  await page.page.getByTestId(TEST_IDS.name).fill(ana.name);
  return page;
}

const notice = (page: Page, cause: string) => page.locator(`[data-testid=notice][data-cause=${cause}]`);

/** Runs inside the page: lets devices be unplugged, and plugged in again. */
function makeUnpluggable(): void {
  const tracks = new Map<string, MediaStreamTrack>();
  let missing: string | null = null;
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (constraints = {}) => {
    const kind = constraints.video ? 'video' : 'audio';
    if (missing === kind) throw new DOMException('', 'NotFoundError');
    const stream = await ask(constraints);
    for (const track of stream.getTracks()) tracks.set(track.kind, track);
    return stream;
  };
  const list = navigator.mediaDevices.enumerateDevices.bind(navigator.mediaDevices);
  navigator.mediaDevices.enumerateDevices = async () =>
    (await list()).filter(({ kind }) => kind !== `${missing}input`);
  const change = (nowMissing: string | null): void => {
    missing = nowMissing;
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
  };
  Object.assign(window, {
    unplug(kind: string, another: boolean) {
      tracks.get(kind)?.stop();
      change(another ? null : kind);
      tracks.get(kind)?.dispatchEvent(new Event('ended'));
    },
    plugIn: () => change(null),
  });
}

/** Runs inside the page: plays no sound until the button for it has been clicked. */
function holdSoundBack(): void {
  const { prototype } = HTMLAudioElement;
  let isBlocked = true;
  prototype.play = function play(this: HTMLAudioElement) {
    if (isBlocked) return Promise.reject(new DOMException('', 'NotAllowedError'));
    return HTMLMediaElement.prototype.play.call(this);
  };
  const free = ({ target }: MouseEvent): void => {
    if (target instanceof Element && target.closest('[data-testid=unblock-sound]')) isBlocked = false;
  };
  addEventListener('click', free, { capture: true });
}

/** Runs inside the page: the browser never comes to say what media it knows. */
function holdMediaBack(): void {
  Object.assign(RTCPeerConnection.prototype, { createOffer: () => new Promise(() => undefined) });
}

describe('a person', () => {
  it('whose camera is unplugged is told, and seen again once it is plugged in', async () => {
    const anasPage = await open(makeUnpluggable);
    await anasPage.enter();
    await brunosPage.sees([ana.code]);

    await anasPage.page.evaluate(`unplug('video', false)`);
    await anasPage.page.getByText('Your camera was unplugged, and there is no other.').waitFor();
    await brunosPage.sees([]);
    await anasPage.page.evaluate('plugIn()');
    await brunosPage.sees([ana.code]);

    await anasPage.page.evaluate(`unplug('audio', true)`);
    await anasPage.page.getByText('Your microphone was unplugged. Now using').waitFor();
    await brunosPage.hears([ana.tone]);
    expect(anasPage.problems).toEqual([]);
    await Promise.all([anasPage.close(), brunosPage.close()]);
  });

  it('whose browser holds sound back hears with one click', async () => {
    const anasPage = await open(holdSoundBack);
    await anasPage.enter();
    await notice(anasPage.page, 'sound-blocked').waitFor();
    await anasPage.page.getByTestId(TEST_IDS.unblockSound).click();
    await notice(anasPage.page, 'sound-blocked').waitFor({ state: 'hidden' });
    await until(
      'the voice plays',
      () => anasPage.page.evaluate(() => [...document.querySelectorAll('audio')].map(({ paused }) => paused)),
      (paused) => String(paused) === 'false',
    );
    await Promise.all([anasPage.close(), brunosPage.close()]);
  });

  it('is told that a room is full, and comes in as soon as there is a place', async () => {
    const anasPage = await open();
    const guests = await Promise.all(
      Array.from({ length: MAX_PARTICIPANTS - 1 }, () => SignalClient.connect(server.url)),
    );
    for (const guest of guests) await guest.join(`problems-${rooms}`, 'Guest');
    await anasPage.press('Join now');
    const problem = anasPage.page.getByTestId(TEST_IDS.problem);
    await problem.waitFor();
    expect(await problem.getAttribute('data-code')).toBe('room-full');
    expect(await problem.innerText()).toContain('This room is full');
    await guests[0]!.ask('leave', {});
    await anasPage.page.getByTestId(TEST_IDS.retry).click();
    await anasPage.phase('joined');
    for (const guest of guests) guest.close();
    await Promise.all([anasPage.close(), brunosPage.close()]);
  });

  it('who clicks twice to leave is told how long it was, and can take along who was there', async () => {
    const visit = { serverUrl: server.url, room: 'left-twice', name: ana.name };
    const anasPage = await RoomPage.join(browsers[0]!, { ...visit, listen: false });
    process.kill(server.pid, 'SIGSTOP');
    try {
      await anasPage.press('Leave');
      await anasPage.press('Leave');
    } finally {
      process.kill(server.pid, 'SIGCONT');
    }
    const left = anasPage.page.getByTestId(TEST_IDS.left);
    const [download] = await Promise.all([
      anasPage.page.waitForEvent('download'),
      left.getByTestId(TEST_IDS.attendance).click(),
    ]);
    expect(download.suggestedFilename()).toContain('left-twice');
    expect(await left.innerText()).toContain('You were there for less than a minute.');
    expect(anasPage.problems).toEqual([]);
    await anasPage.close();
  });

  it('who closes the page while media is still made ready is gone at once', async () => {
    const anasPage = await open(holdMediaBack);
    const watcher = await SignalClient.connect(server.url);
    await watcher.join(`problems-${rooms}`, 'Watcher');
    await anasPage.press('Join now');
    const { participant } = await watcher.told('participantJoined');
    // All that the page is told of its end: of one that is closed indeed, the last words are lost now and then.
    await anasPage.page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide')));
    await watcher.told('participantLeft', ({ participantId }) => participantId === participant.id);
    watcher.close();
    await Promise.all([anasPage.close(), brunosPage.close()]);
  });

  it('whose network is another one again and again is not told that it gives no media', async () => {
    const anasPage = await open();
    await anasPage.enter();
    await anasPage.listen();
    await anasPage.hears([bruno.tone]);
    for (let change = 0; change < 4; change += 1) {
      const { request } = await anasPage.watchFor('restartIce');
      await anasPage.page.evaluate(() => dispatchEvent(new Event('online')));
      await request;
    }
    await anasPage.hears([bruno.tone]);
    expect(await notice(anasPage.page, 'media-blocked').count()).toBe(0);
    await Promise.all([anasPage.close(), brunosPage.close()]);
  });

  it(
    'whom the network gives no media is told what was tried, and hears once it does',
    async () => {
      const anasPage = await open();
      network.cutMedia();
      await anasPage.enter();
      await anasPage.listen();
      const blocked = notice(anasPage.page, 'media-blocked');
      await blocked.waitFor({ timeout: GIVE_UP_MS });
      await blocked.getByText('What was tried').click();
      const tried = await blocked.getByRole('listitem').allInnerTexts();
      expect(tried.some((path) => server.rtcPorts.some((port) => path === `udp 127.0.0.1:${port}`))).toBe(
        true,
      );
      network.mend();
      await anasPage.hears([bruno.tone], GIVE_UP_MS);
      await blocked.waitFor({ state: 'hidden' });
      await Promise.all([anasPage.close(), brunosPage.close()]);
    },
    2 * GIVE_UP_MS,
  );
});
