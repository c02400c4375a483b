/** Telephones and browsers in one room, by the whole of what there is: phone, PBX, bridge, server, pages. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { launchChromium } from '../helpers/chromium.ts';
import { personas } from '../helpers/fake-devices.ts';
import { RoomPage } from '../helpers/room-page.ts';
import { SignalClient } from '../helpers/signal-client.ts';
import { Baresip } from '../helpers/telephony/baresip.ts';
import { startTelephoneConference } from '../helpers/telephony/conference.ts';
import type { TelephoneConference } from '../helpers/telephony/conference.ts';
import { CONFERENCE_NUMBER } from '../helpers/telephony/kamailio.ts';
import { sleep, until } from '../helpers/wait.ts';

const [ana, bruno, carla] = personas;
/** In dB, as a telephone records it: somebody who speaks, and what is left of somebody who does not. */
const AUDIBLE = -35;
const SILENT = -45;

describe.each([
  ['in the clear', false],
  ['by rtpengine, as WebRTC', true],
])('a telephone whose media comes %s', (_how, rtpengine) => {
  let conference: TelephoneConference;
  let browsers: Browser[];
  let pages: [RoomPage, RoomPage];
  let phone: Baresip;

  beforeAll(async () => {
    conference = await startTelephoneConference({ users: { carla: 'carla-password' }, rtpengine });
    const { server, kamailio } = conference;
    browsers = await Promise.all([ana, bruno].map((persona) => launchChromium({ persona })));
    const join = (index: number, { name }: { name: string }) =>
      RoomPage.join(browsers[index]!, { serverUrl: server.url, room: 'telephone', name });
    pages = [await join(0, ana), await join(1, bruno)];
    phone = await Baresip.start({ user: 'carla', password: 'carla-password', kamailio, tone: carla.tone });
  });
  afterAll(async () => {
    await phone.close();
    await Promise.all(browsers.map((browser) => browser.close()));
    await conference.stop();
  });

  async function roomNumber(): Promise<string> {
    const observer = await SignalClient.connect(conference.server.url);
    const { room } = await observer.join('telephone', 'Observer');
    observer.close();
    return room.number ?? '';
  }

  it('hears the room and not itself, and each page hears the other and the telephone', async () => {
    const number = await roomNumber();
    // Until the bridge has registered, the PBX knows of nobody there.
    await until(
      'the call is answered',
      async () => {
        phone.dial(CONFERENCE_NUMBER);
        await sleep(1_500);
        return phone.events.some(({ type }) => type === 'CALL_ESTABLISHED');
      },
      (answered) => answered,
      { timeoutMs: 20_000 },
    );
    await phone.key(`${number}#`);
    await Promise.all([
      pages[0].hears([bruno.tone, carla.tone], 25_000),
      pages[1].hears([ana.tone, carla.tone], 25_000),
    ]);
    await until(
      'the telephone hears both and not itself',
      async () => (await phone.hear([ana.tone, bruno.tone, carla.tone])).levels,
      ([first = -99, second = -99, own = 0]) => first > AUDIBLE && second > AUDIBLE && own < SILENT,
      { timeoutMs: 25_000 },
    );
  });

  it('is not heard while muted by key, and gone when it hangs up', async () => {
    await phone.key('*6');
    await pages[0].hears([bruno.tone], 10_000);
    await phone.key('*6');
    await pages[0].hears([bruno.tone, carla.tone], 10_000);
    phone.hangUp();
    await Promise.all([pages[0].hears([bruno.tone], 10_000), pages[1].hears([ana.tone], 10_000)]);
  });
});
