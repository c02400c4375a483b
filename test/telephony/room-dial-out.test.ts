/** Calls out of a room, asked for by a host's socket, to real telephones. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SignalClient } from '../helpers/signal-client.ts';
import type { Baresip } from '../helpers/telephony/baresip.ts';
import { TONES, callRoom, startTelephoneConference } from '../helpers/telephony/conference.ts';
import type { TelephoneConference } from '../helpers/telephony/conference.ts';
import { dial, goes } from '../helpers/telephony/dialling.ts';
import type { Dialled } from '../helpers/telephony/dialling.ts';
import { hears } from '../helpers/telephony/hearing.ts';
import { passwordOf } from '../helpers/telephony/lines.ts';
import { refuseBySipp } from '../helpers/telephony/sipp.ts';

const { alice: ALICE, bob: BOB, carol: CAROL } = TONES;

let conference: TelephoneConference;
/** The host. */
let hana: SignalClient;
/** In the room by a telephone, to hear whom it calls, and be heard. */
let alice: Baresip;
let bob: Baresip;

beforeAll(async () => {
  conference = await startTelephoneConference({
    settings: { dialOut: ['bob', 'carol', '2xx'], ringSeconds: 5 },
  });
  const { server } = conference;
  hana = await SignalClient.connect(server.url);
  const { room } = await hana.join('calling', 'Hana');
  [alice, bob] = [await conference.phone('alice'), await conference.phone('bob')];
  await callRoom(conference, alice, `${room.number}#`);
});
afterAll(async () => {
  hana.close();
  await conference.stop();
});

/** Calls Bob, and waits until his telephone rings. */
async function ringsAtBobs(): Promise<Dialled> {
  const before = bob.events.length;
  const dialled = await dial(hana, 'bob');
  await bob.event('CALL_INCOMING', before);
  await goes(dialled, 'dialling', 'ringing');
  return dialled;
}

const left = (name: string) =>
  hana.told('participantLeft', (event) => {
    const joined = hana.events.find((other) => {
      return other.type === 'participantJoined' && other.participant.id === event.participantId;
    });
    return joined?.type === 'participantJoined' && joined.participant.number === name;
  });

describe('a host', () => {
  afterEach(() => bob.hangUp());

  it('calls a telephone, which rings, and which the room hears and that hears the room when it answers', async () => {
    const dialled = await ringsAtBobs();
    bob.accept();
    await goes(dialled, 'dialling', 'ringing', 'answered');
    await Promise.all([hears(bob, [ALICE], [BOB]), hears(alice, [BOB], [ALICE])]);
    bob.hangUp();
    await left('bob');
    expect(await conference.recordOf('bob', 'hung-up')).toMatchObject({
      ...{ direction: 'outbound', room: 'calling', fault: 'nobody', codec: 'PCMU' },
    });
  });

  it('is told that a telephone is busy', async () => {
    const dialled = await ringsAtBobs();
    bob.hangUp();
    await goes(dialled, 'dialling', 'ringing', 'busy');
    expect(await conference.recordOf('bob', 'busy')).toMatchObject({
      ...{ direction: 'outbound', room: 'calling', fault: 'phone', sipStatus: 486, answeredAt: null },
    });
  });

  it('calls it off', async () => {
    const before = bob.events.length;
    const dialled = await ringsAtBobs();
    await hana.ask('cancelCallOut', { dialId: dialled.id });
    await bob.event('CALL_CLOSED', before);
    await goes(dialled, 'dialling', 'ringing', 'cancelled');
  });

  it('is told that nobody answers', async () => {
    const dialled = await ringsAtBobs();
    await goes(dialled, 'dialling', 'ringing', 'no-answer');
  });

  it.each([
    ['603 Decline', 'declined', 'declined'],
    ['404 Not Found', 'unknown-number', 'not-found'],
    ['403 Forbidden', 'refused', 'trunk-refused'],
    ['488 Not Acceptable Here', 'unsupported', 'media-unsupported'],
    ['500 Server Internal Error', 'network-failed', 'trunk-failed'],
  ] as const)('is told what %s means, and so is who reads the call record', async (status, state, reason) => {
    const carol = { kamailio: conference.kamailio, user: 'carol', password: passwordOf('carol') };
    const calls: Promise<Dialled>[] = [];
    await refuseBySipp(carol, status, () => void calls.push(dial(hana, 'carol')));
    await goes((await calls[0])!, 'dialling', state);
    expect(await conference.recordOf('carol', reason)).toMatchObject({
      ...{ direction: 'outbound', room: 'calling', sipStatus: Number.parseInt(status, 10), answeredAt: null },
    });
  });

  it('is told that a telephone is not there', async () => {
    await goes(await dial(hana, 'carol'), 'dialling', 'unreachable');
  });

  it('calls a telephone that sounds before it answers, of which the room hears nothing until then', async () => {
    const carol = await conference.phone('carol', { account: ';answermode=early' });
    const dialled = await dial(hana, 'carol');
    await carol.event('CALL_INCOMING');
    await goes(dialled, 'dialling', 'ringing');
    await hears(alice, [], [CAROL]);
    carol.accept();
    await goes(dialled, 'dialling', 'ringing', 'answered');
    await Promise.all([hears(carol, [ALICE], [CAROL]), hears(alice, [CAROL], [ALICE])]);
    carol.hangUp();
    await left('carol');
  });

  it('can not call whom the settings do not allow, which is recorded', async () => {
    for (const destination of ['alice', '300', '+5491112345678', 'bob@elsewhere.test']) {
      await goes(await dial(hana, destination), 'dialling', 'not-allowed');
      expect(await conference.recordOf(destination, 'not-allowed')).toMatchObject({
        ...{ direction: 'outbound', room: 'calling', fault: 'caller', sipStatus: null, answeredAt: null },
      });
    }
  });
});

it('nobody else can call out of the room', async () => {
  const ben = await SignalClient.connect(conference.server.url);
  await ben.join('calling', 'Ben');
  const before = bob.events.length;
  expect((await ben.refusal('callOut', { destination: 'bob' })).code).toBe('forbidden');
  await hears(alice, [], [BOB]);
  expect(bob.events.slice(before).map(({ type }) => type)).not.toContain('CALL_INCOMING');
  ben.close();
});
