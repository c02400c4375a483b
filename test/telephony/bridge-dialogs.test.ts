/** What a PBX may do with a call that goes on: refresh it, change it, and go away; and how others are refused meanwhile. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { RtpPhone } from '../helpers/rtp-phone.ts';
import { startBridge } from '../helpers/telephony/bridge.ts';
import type { TestBridge } from '../helpers/telephony/bridge.ts';
import { HostilePbx } from '../helpers/telephony/hostile-pbx.ts';
import { DOMAIN } from '../helpers/telephony/kamailio.ts';
import { callsAreOver, endOf } from '../helpers/telephony/lines.ts';
import type { Guest } from '../helpers/telephony/open-door.ts';
import { PbxCall, bodyOf } from '../helpers/telephony/pbx-call.ts';
import { loudness } from '../helpers/telephony/tones.ts';
import { sleep, until } from '../helpers/wait.ts';

/** Outside the NAT; of a range that nobody has (RFC 5737). */
const ANNOUNCED = '203.0.113.7';
/** The shortest that the bridge takes, in s, which is shorter than what RFC 4028 allows: it refreshes after half of it. */
const SESSION_SECONDS = 60;

let pbx: HostilePbx;
let spare: HostilePbx;
let bridge: TestBridge;
let phone: RtpPhone;
/** Whose session the bridge has to refresh, which takes longer than all other tests. */
let lasting: PbxCall;
let lastingPhone: RtpPhone;
let lastingSince: number;

beforeAll(async () => {
  [pbx, spare] = await Promise.all([HostilePbx.open(), HostilePbx.open()]);
  bridge = await startBridge({
    kamailio: pbx,
    rooms: { '12': null },
    trunk: { rooms: { '810': '12' }, uris: [pbx.wsUrl, spare.wsUrl] },
    settings: { pingSeconds: 60, mediaAnnounced: ANNOUNCED },
  });
  [phone, lastingPhone] = await Promise.all([RtpPhone.open(), RtpPhone.open()]);
  lasting = await PbxCall.invite(pbx, {
    ...{ from: 'lasting', number: '810', sdp: lastingPhone.description() },
    headers: ['Supported: timer', `Session-Expires: ${SESSION_SECONDS};refresher=uas`],
  });
  // Without media the call would end before.
  lastingPhone.connect(lasting.sdp.replaceAll(ANNOUNCED, '127.0.0.1'));
  lastingSince = pbx.received.length;
});
afterAll(async () => {
  await bridge.stop();
  phone.close();
  lastingPhone.close();
  pbx.close();
  spare.close();
});

/** Waits until somebody who has called is in the room. */
async function inRoom(number: string): Promise<Guest> {
  const { answer } = await until(
    'the caller is in the room',
    () => bridge.door.guests.find(({ caller }) => caller.party.number === number),
    (found) => found?.room === '12',
  );
  return answer!;
}

function call(server = pbx): Promise<PbxCall> {
  return PbxCall.invite(server, { from: 'caller', number: '800', sdp: phone.description() });
}

test('a phone is told the address that is announced, and not the one that is listened at', async () => {
  const made = await call();
  expect(made.sdp).toContain(`c=IN IP4 ${ANNOUNCED}\r\n`);
  expect(made.sdp).not.toContain('127.0.0.1');
  await made.hangUp();
});

test('keys that overtake the acknowledgement, which goes by the PBX, are not lost', async () => {
  const hasty = await RtpPhone.open();
  const made = await PbxCall.invite(pbx, {
    ...{ from: 'hasty', number: '800', sdp: hasty.description() },
    acknowledged: false,
  });
  hasty.connect(made.sdp.replaceAll(ANNOUNCED, '127.0.0.1'));
  for (const digit of '12#') await hasty.key(digit);
  made.acknowledge();
  await until(
    'the caller is in the room',
    () => bridge.door.guests.find(({ caller }) => caller.party.number === 'hasty')?.room,
    (room) => room === '12',
  );
  await made.hangUp();
  hasty.close();
});

test('who is put out of the room while being transferred is not called any more', async () => {
  const moved = await PbxCall.invite(pbx, { from: 'moved', number: '810', sdp: phone.description() });
  const guest = await inRoom('moved');
  const before = pbx.received.length;
  expect(await moved.ask('REFER', '', [`Refer-To: <sip:carol@${DOMAIN}>`])).toMatch(/^SIP\/2\.0 202 /);
  const invite = await pbx.awaits(/^INVITE sip:carol@/, before);
  pbx.answer(invite.replace(/^To: .*(?=\r$)/m, '$&;tag=carol'), '', '180 Ringing');
  bridge.door.last.listener.tell({ type: 'refused', reason: 'removed' });
  pbx.answer(await pbx.awaits(/^CANCEL sip:carol@/, before));
  await moved.isAsked('BYE', before);
  await endOf(guest);
  const records = new Map(guest.calls.map(({ call, end }) => [call.party.number, end]));
  expect(records.get('moved')).toMatchObject({ reason: 'removed' });
  expect(records.get('moved')?.answeredAtMs).not.toBeNull();
  expect(records.get('carol')).toMatchObject({ reason: 'removed', answeredAtMs: null });
});

test('who is put through in the place of somebody who has hung up stays, though nobody else can be reached', async () => {
  const first = await PbxCall.invite(pbx, { from: 'first', number: '810', sdp: phone.description() });
  const guest = await inRoom('first');
  const before = pbx.received.length;
  await first.ask('REFER', '', [`Refer-To: <sip:second@${DOMAIN}>`]);
  const invite = await pbx.awaits(/^INVITE sip:second@/, before);
  await first.hangUp();
  const second = PbxCall.take(pbx, invite, phone.description());
  await pbx.awaits(/^ACK /, before);
  await second.ask('REFER', '', [`Refer-To: <sip:third@${DOMAIN}>`]);
  const other = await pbx.awaits(/^INVITE sip:third@/, before);
  pbx.answer(other.replace(/^To: .*(?=\r$)/m, '$&;tag=third'), '', '486 Busy Here');
  await until(
    'the last call has come to nothing',
    () => guest.calls.length,
    (ended) => ended === 2,
  );
  expect(guest).toMatchObject({ room: '12', end: null });
  await second.hangUp();
  expect(await endOf(guest)).toMatchObject({ reason: 'hung-up' });
  expect(guest.calls).toMatchObject([
    { call: { direction: 'inbound', party: { number: 'first' } }, end: { reason: 'hung-up' } },
    { call: { direction: 'outbound', party: { number: 'third' } }, end: { reason: 'busy', sipStatus: 486 } },
    { call: { direction: 'outbound', party: { number: 'second' } }, end: { reason: 'hung-up' } },
  ]);
});

describe('within a call', () => {
  let made: PbxCall;
  beforeAll(async () => {
    made = await call();
    phone.connect(made.sdp.replaceAll(ANNOUNCED, '127.0.0.1'));
    await isHeard();
  });
  afterAll(() => made.hangUp());

  /** The menu asks again and again. */
  async function isHeard(): Promise<void> {
    await until(
      'the menu is heard',
      async () => {
        phone.heard();
        await sleep(300);
        return loudness(phone.heard());
      },
      (level) => level > -35,
    );
  }

  test('an UPDATE without a description refreshes it', async () => {
    const answer = await made.ask('UPDATE', '', ['Supported: timer', 'Session-Expires: 1800;refresher=uac']);
    expect(answer).toMatch(/^SIP\/2\.0 200 /);
    expect(bodyOf(answer)).toBe('');
  });

  test.each(['UPDATE', 'INVITE'])('%s holds it, and takes it back', async (method) => {
    const held = await made.ask(method, phone.description('sendonly'));
    expect(held).toMatch(/^SIP\/2\.0 200 /);
    expect(bodyOf(held)).toContain('a=recvonly');
    if (method === 'INVITE') made.acknowledge();
    const back = await made.ask(method, phone.description());
    expect(bodyOf(back)).toContain('a=sendrecv');
    if (method === 'INVITE') made.acknowledge();
    await isHeard();
  });

  test('an offer that can not be is refused, and the call goes on as it was', async () => {
    const impossible = phone.description().replace(/^m=audio .*$/m, 'm=audio 4000 RTP/AVP 9');
    expect(await made.ask('UPDATE', impossible)).toMatch(/^SIP\/2\.0 488 /);
    await isHeard();
  });
});

describe('while the media process can not keep up', () => {
  const overload = (refusing: boolean) => bridge.thread.emit('event', { event: 'overload', refusing });
  afterEach(() => overload(false));

  test('calls are refused, and told when to try again; those that are there go on', async () => {
    const running = await call();
    overload(true);
    await expect(call()).rejects.toThrow(/503 Service Unavailable[^]*Retry-After: \d+/);
    expect(bridge.bridge.state).toMatchObject({ refusing: true, calls: 2 });
    expect(await running.ask('UPDATE')).toMatch(/^SIP\/2\.0 200 /);
    overload(false);
    await (await call()).hangUp();
    await running.hangUp();
  });
});

test('a session is refreshed by the bridge in time', async () => {
  expect(lasting.accepted).toMatch(/^Session-Expires: 60;refresher=uas\r$/m);
  const asked = await lasting.isAsked('UPDATE', lastingSince, '', 1_000 * SESSION_SECONDS);
  expect(asked).toMatch(/^Session-Expires: 60;refresher=uac\r$/m);
}, 100_000);

test('when the first server is gone, the trunk goes on with the next: its calls, and new ones', async () => {
  const before = spare.received.length;
  pbx.close();
  await until(
    'the bridge is registered at the other one',
    () => bridge.bridge.state.trunks['pbx'],
    (state) => state?.server === spare.wsUrl && state.registration === 'registered',
  );
  // The phone learns the new way to the bridge.
  const over = lasting.goesOnAt(spare);
  await over.isAsked('INVITE', before, lastingPhone.description());
  const made = await call(spare);
  await made.hangUp();
  await over.hangUp();
  await callsAreOver(bridge);
});

test('a phone that does not take the way to the bridge anew goes on as it was, also when its own offer crosses', async () => {
  const made = await call(spare);
  let since = spare.received.length;
  spare.cut();
  const crossed = await made.awaits('INVITE', since, 30_000);
  expect(await made.ask('INVITE', phone.description('sendonly'))).toMatch(/^SIP\/2\.0 491 /);
  made.acknowledge();
  spare.answer(crossed, '', '491 Request Pending');
  // Once at once, and then as often as it takes.
  for (const status of ['491 Request Pending', '491 Request Pending', '488 Not Acceptable Here']) {
    since = spare.received.length;
    spare.answer(await made.awaits('INVITE', since), '', status);
  }
  expect(await made.ask('INVITE', phone.description('sendonly'))).toMatch(/^SIP\/2\.0 200 /);
  made.acknowledge();
  expect(spare.received.slice(since).filter((text) => text.startsWith('BYE '))).toEqual([]);
  await made.hangUp();
});

test('a call whose phone could not answer before the connection was gone again goes on by the next', async () => {
  const made = await call(spare);
  let since = spare.received.length;
  spare.cut();
  const first = await made.awaits('INVITE', since, 30_000);
  since = spare.received.length;
  spare.cut();
  expect(await made.isAsked('INVITE', since, phone.description(), 30_000)).toBe(first);
  await made.awaits('ACK', since);
  expect(await made.ask('UPDATE')).toMatch(/^SIP\/2\.0 200 /);
  await made.hangUp();
});
