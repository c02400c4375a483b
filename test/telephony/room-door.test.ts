/** A room with a PIN, and keys in all the ways in which telephones send them, by real calls to the whole server. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../helpers/api-client.ts';
import { SignalClient } from '../helpers/signal-client.ts';
import type { Baresip } from '../helpers/telephony/baresip.ts';
import { callRoom, dialConference, startTelephoneConference } from '../helpers/telephony/conference.ts';
import type { TelephoneConference } from '../helpers/telephony/conference.ts';
import { writeDigits } from '../helpers/telephony/dtmf-sound.ts';
import { CONFERENCE_NUMBER } from '../helpers/telephony/kamailio.ts';
import { passwordOf } from '../helpers/telephony/lines.ts';
import { callBySipp } from '../helpers/telephony/sipp.ts';
import type { CallStep } from '../helpers/telephony/sipp.ts';
import { sleep, until } from '../helpers/wait.ts';

const PIN = '271828';

let conference: TelephoneConference;
let ana: SignalClient;
let alice: Baresip;
/** Who keys in nothing at all, from the beginning on. */
let bob: Baresip;
let number: string;

beforeAll(async () => {
  conference = await startTelephoneConference({ trunk: { inbandDigits: true } });
  const { server } = conference;
  bob = await conference.phone('bob');
  await dialConference(bob);
  const api = await ApiClient.of(server, 'rooms:write');
  const made = await api.call<{ room: { number: string } }>('post', 'rooms', { name: 'door', pin: PIN });
  ({ number } = made.body.room);
  ana = await SignalClient.connect(server.url);
  await ana.join('door', 'Ana');
  alice = await conference.phone('alice');
});
afterAll(async () => {
  ana.close();
  await conference.stop();
});

/** Ends Alice's call, if there is one. */
async function hangUp(): Promise<void> {
  const calls = (type: string): number => alice.events.filter((event) => event.type === type).length;
  alice.hangUp();
  await until(
    'Alice has no call',
    () => calls('CALL_ESTABLISHED') - calls('CALL_CLOSED'),
    (open) => open === 0,
  );
}

/** Waits until Ana is told that somebody's microphone is off, or on, after an event. */
async function microphoneGoes(muted: boolean, since: number): Promise<void> {
  await ana.told('publicationChanged', (event) => {
    return ana.events.indexOf(event) >= since && event.publication.muted === muted;
  });
}

describe('a caller at a room with a PIN', () => {
  afterEach(hangUp);

  it('is let in with it', async () => {
    await callRoom(conference, alice, `${number}#${PIN}#`);
  });

  it('needs no key that ends it', async () => {
    await callRoom(conference, alice, `${number}#${PIN}`);
  });

  it('is sent away after three wrong ones, and the call is recorded with them, but not what they were', async () => {
    const since = alice.events.length;
    await dialConference(alice);
    await alice.key(`${number}#`);
    for (const wrong of ['314159#', '314160#', '314161#']) await alice.key(wrong);
    await alice.event('CALL_CLOSED', since, 25_000);
    const record = await conference.recordOf('alice', 'pin-wrong');
    expect(record).toMatchObject({
      ...{ direction: 'inbound', trunk: 'pbx', number: 'alice', called: CONFERENCE_NUMBER, room: 'door' },
      ...{ fault: 'caller', failedPins: 3, leg: 'plain', codec: 'PCMU' },
    });
    expect(record.packetsReceived).toBeGreaterThan(100);
    expect(conference.server.log).not.toMatch(/314159|314160|314161|271828/);
  });
});

describe('the microphone is switched by keys', () => {
  it('that are telephone events', async () => {
    await callRoom(conference, alice, `${number}#${PIN}#`);
    const since = ana.events.length;
    await alice.key('*6');
    await microphoneGoes(true, since);
    await alice.key('*6');
    await microphoneGoes(false, since);
  });

  it('that are sound', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tertulia-digits-'));
    const file = join(folder, 'digits.wav');
    await writeDigits(file, '*6');
    // Otherwise they would be taken for copies of the events.
    await sleep(2_500);
    const since = ana.events.length;
    alice.hum(`aufile,${file}`);
    await microphoneGoes(true, since);
    await hangUp();
    await rm(folder, { recursive: true });
  });

  it.each([
    ['application/dtmf-relay', (digit: string) => `Signal=${digit}\r\nDuration=160\r\n`],
    ['application/dtmf', (digit: string) => digit],
  ])('that come in an INFO of %s', async (type, bodyOf) => {
    const { kamailio } = conference;
    const carol = { kamailio, user: 'carol', password: passwordOf('carol') };
    const key = (digit: string): CallStep => ({ do: 'info', type, body: bodyOf(digit) });
    const since = ana.events.length;
    await callBySipp(carol, CONFERENCE_NUMBER, [
      // The PIN may come before it is asked for; the command may not come before the caller is in the room.
      ...[{ do: 'wait', ms: 300 } as const, ...Array.from(`${number}#${PIN}#`, key)],
      ...[{ do: 'wait', ms: 2_000 } as const, ...Array.from('*6', key)],
      ...[{ do: 'wait', ms: 500 } as const, ...Array.from('*8', key), { do: 'await BYE' } as const],
    ]);
    await microphoneGoes(true, since);
  });
});

it('a caller who keys in nothing is asked three times, and then sent away', async () => {
  await bob.event('CALL_CLOSED', 0, 60_000);
  expect(await conference.recordOf('bob', 'nothing-keyed')).toMatchObject({
    ...{ fault: 'caller', failedPins: 0, room: null },
  });
}, 70_000);
