/** Telephones and browsers in one room, by the whole of what there is: phone, PBX, bridge, server, pages. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { launchChromium } from '../helpers/chromium.ts';
import { personas } from '../helpers/fake-devices.ts';
import { RoomPage } from '../helpers/room-page.ts';
import { SignalClient } from '../helpers/signal-client.ts';
import type { Baresip } from '../helpers/telephony/baresip.ts';
import { TONES, callRoom, numberOf, startTelephoneConference } from '../helpers/telephony/conference.ts';
import type { TelephoneConference } from '../helpers/telephony/conference.ts';
import { hears } from '../helpers/telephony/hearing.ts';

const [ana, bruno] = personas;
const { alice: ALICE, bob: BOB } = TONES;

const OPUS = ['opus/48000/2'];

let browsers: Browser[];

beforeAll(async () => {
  browsers = await Promise.all([ana, bruno].map((persona) => launchChromium({ persona })));
});
afterAll(() => Promise.all(browsers.map((browser) => browser.close())));

describe.each([
  ['in the clear', { rtpengine: false, phone: {} }],
  ['in the clear, as Opus', { rtpengine: false, phone: { codecs: OPUS } }],
  ['by rtpengine, as WebRTC', { rtpengine: true, phone: {} }],
])('a telephone whose media comes %s', (_how, { rtpengine, phone: options }) => {
  let conference: TelephoneConference;
  let pages: [RoomPage, RoomPage];
  let phone: Baresip;

  beforeAll(async () => {
    conference = await startTelephoneConference({ rtpengine });
    const join = (index: number, { name }: { name: string }) =>
      RoomPage.join(browsers[index]!, { serverUrl: conference.server.url, room: 'telephone', name });
    pages = [await join(0, ana), await join(1, bruno)];
    phone = await conference.phone('alice', options);
  });
  afterAll(async () => {
    await Promise.all(pages.map((page) => page.close()));
    await conference.stop();
  });

  it('hears the room and not itself, and each page hears the other and the telephone', async () => {
    await callRoom(conference, phone, `${await numberOf(conference.server, 'telephone')}#`);
    await Promise.all([
      pages[0].hears([bruno.tone, ALICE], 25_000),
      pages[1].hears([ana.tone, ALICE], 25_000),
    ]);
    await hears(phone, [ana.tone, bruno.tone], [ALICE]);
  });

  it('is not heard while muted by key, and gone when it hangs up', async () => {
    await phone.key('*6');
    await pages[0].hears([bruno.tone], 10_000);
    await phone.key('*6');
    await pages[0].hears([bruno.tone, ALICE], 10_000);
    phone.hangUp();
    await Promise.all([pages[0].hears([bruno.tone], 10_000), pages[1].hears([ana.tone], 10_000)]);
  });
});

describe('telephones that are alone in the room', () => {
  let conference: TelephoneConference;

  beforeAll(async () => {
    conference = await startTelephoneConference();
  });
  afterAll(() => conference.stop());

  it('hear each other, and are heard at once by a page that comes', async () => {
    const hana = await SignalClient.connect(conference.server.url);
    const { room } = await hana.join('telephones', 'Hana');
    const [alice, bob] = [await conference.phone('alice'), await conference.phone('bob')];
    for (const phone of [alice, bob]) await callRoom(conference, phone, `${room.number}#`);
    await hana.ask('leave', {});
    hana.close();
    await Promise.all([hears(alice, [BOB], [ALICE]), hears(bob, [ALICE], [BOB])]);

    const page = await RoomPage.join(browsers[0]!, {
      serverUrl: conference.server.url,
      room: 'telephones',
      name: ana.name,
    });
    await page.hears([ALICE, BOB], 10_000);
    await page.close();
    await Promise.all([hears(alice, [BOB], [ALICE, ana.tone]), hears(bob, [ALICE], [BOB, ana.tone])]);
  });
});
