/** Several telephones in a room with a page: who hears whom, what hosts do to callers, and what is written. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ParticipantInfo } from '../../server/signalling/contract.ts';
import { launchChromium } from '../helpers/chromium.ts';
import { personas } from '../helpers/fake-devices.ts';
import { RoomPage } from '../helpers/room-page.ts';
import { SignalClient } from '../helpers/signal-client.ts';
import type { Baresip } from '../helpers/telephony/baresip.ts';
import { TONES, callRoom, startTelephoneConference } from '../helpers/telephony/conference.ts';
import type { TelephoneConference } from '../helpers/telephony/conference.ts';
import { hears, hearsNothing, isTold } from '../helpers/telephony/hearing.ts';
import { CONFERENCE_NUMBER } from '../helpers/telephony/kamailio.ts';
import { passwordOf } from '../helpers/telephony/lines.ts';
import { readBySipp, writeBySipp } from '../helpers/telephony/sipp.ts';

const [ana] = personas;
const { alice: ALICE, bob: BOB, carol: CAROL } = TONES;

let conference: TelephoneConference;
let browser: Browser;
/** The host, who neither speaks nor hears. */
let hana: SignalClient;
let page: RoomPage;
let alice: Baresip;
let number: string;

beforeAll(async () => {
  conference = await startTelephoneConference();
  const { server } = conference;
  hana = await SignalClient.connect(server.url);
  const { room } = await hana.join('callers', 'Hana');
  number = room.number ?? '';
  browser = await launchChromium({ persona: ana });
  page = await RoomPage.join(browser, {
    ...{ serverUrl: server.url, room: 'callers', name: ana.name, microphone: false },
  });
  alice = await conference.phone('alice');
});
afterAll(async () => {
  hana.close();
  await browser.close();
  await conference.stop();
});

/** Calls the room. @returns the caller as the host sees them */
async function comesIn(phone: Baresip): Promise<ParticipantInfo> {
  const before = hana.events.length;
  await callRoom(conference, phone, `${number}#`);
  const { participant } = await hana.told('participantJoined', (event) => {
    return hana.events.indexOf(event) >= before && event.participant.kind === 'phone';
  });
  return participant;
}

describe('a host', () => {
  let caller: { participantId: string };

  beforeAll(async () => {
    caller = { participantId: (await comesIn(alice)).id };
    await page.hears([ALICE]);
  });
  // Nobody but the menu speaks to the caller.
  beforeEach(() => hearsNothing(alice));

  it('mutes a caller, who is told so, and may unmute', async () => {
    await hana.ask('moderate', { action: 'mute', target: caller, mayUnmute: true });
    await Promise.all([page.hears([]), isTold(alice)]);
    await alice.key('*6');
    await page.hears([ALICE]);
  });

  it('mutes a caller until allowed, who is told why the key does nothing, and then that it does', async () => {
    await hana.ask('moderate', { action: 'mute', target: caller, mayUnmute: false });
    await Promise.all([page.hears([]), isTold(alice)]);
    await hearsNothing(alice);
    await alice.key('*6');
    await isTold(alice);
    await page.hears([]);
    await hearsNothing(alice);
    await hana.ask('moderate', { action: 'give-floor', target: caller });
    await isTold(alice);
    await alice.key('*6');
    await page.hears([ALICE]);
  });

  it('holds a caller, who neither hears nor is heard, and lets go', async () => {
    await page.press('Unmute');
    await hears(alice, [ana.tone], [ALICE]);
    await hana.ask('moderate', { action: 'hold', target: caller, held: true });
    await Promise.all([page.hears([]), hearsNothing(alice)]);
    await hana.ask('moderate', { action: 'hold', target: caller, held: false });
    await Promise.all([page.hears([ALICE]), hears(alice, [ana.tone], [ALICE])]);
    await page.press('Mute');
  });

  it('renames a caller', async () => {
    await hana.ask('renameOther', { ...caller, name: 'Aunt Alicia' });
    await page.openPanel('people');
    await page.page.getByTestId('people-panel').getByText('Aunt Alicia').first().waitFor();
  });

  it('puts a caller out, who is told so before the call ends', async () => {
    const before = alice.events.length;
    await hana.ask('remove', caller);
    await Promise.all([page.hears([]), isTold(alice)]);
    await alice.event('CALL_CLOSED', before);
    expect(await conference.recordOf('alice', 'removed')).toMatchObject({ room: 'callers', fault: 'nobody' });
  });
});

describe('what is written', () => {
  const sipp = () => ({ kamailio: conference.kamailio, user: 'alice', password: passwordOf('alice') });
  let caller: ParticipantInfo;

  beforeAll(async () => {
    caller = await comesIn(alice);
    await page.openPanel('chat');
  });
  afterAll(() => alice.hangUp());

  it('by a caller’s telephone is in the chat, under the caller’s name', async () => {
    await writeBySipp(sipp(), CONFERENCE_NUMBER, 'Hello from the telephone', 200);
    const { message } = await hana.told('chatMessage', ({ message: { text } }) => text.startsWith('Hello'));
    expect(message).toMatchObject({ participantId: caller.id, name: caller.name });
    await page.page.getByTestId('chat-panel').getByText('Hello from the telephone').waitFor();
  });

  it('in the chat comes to a caller’s telephone', async () => {
    await readBySipp(sipp(), /^Welcome, Alice$/, () => void hana.ask('chat', { text: 'Welcome, Alice' }));
  });
});

describe('three telephones', () => {
  it('each hear the others and not themselves; one that holds is not heard, nor its music', async () => {
    const [bob, carol] = [await conference.phone('bob'), await conference.phone('carol')];
    await page.press('Unmute');
    for (const phone of [alice, bob, carol]) await comesIn(phone);
    await Promise.all([
      page.hears([ALICE, BOB, CAROL], 25_000),
      hears(alice, [ana.tone, BOB, CAROL], [ALICE]),
      hears(bob, [ana.tone, ALICE, CAROL], [BOB]),
      hears(carol, [ana.tone, ALICE, BOB], [CAROL]),
    ]);
    // What it hums goes on as music for whom it holds.
    carol.hold();
    await Promise.all([
      page.hears([ALICE, BOB]),
      hears(alice, [ana.tone, BOB], [ALICE, CAROL]),
      hears(bob, [ana.tone, ALICE], [BOB, CAROL]),
    ]);
    carol.resume();
    await Promise.all([page.hears([ALICE, BOB, CAROL]), hears(alice, [ana.tone, BOB, CAROL], [ALICE])]);
    // Three calls with all that is said and keyed in them, one after the other, and three waits for what is heard.
  }, 120_000);
});
