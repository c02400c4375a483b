/** A real Asterisk as worker-config/asterisk configures it: the bridge at it, telephones, and a web phone. */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { PHONE_IDS } from '../../client/phone/ui/testids.ts';
import type { Unpacked } from '../helpers/setup/asterisk.ts';
import type { Baresip } from '../helpers/telephony/baresip.ts';
import { callRoom } from '../helpers/telephony/conference.ts';
import { dial, goes } from '../helpers/telephony/dialling.ts';
import type { Dialled } from '../helpers/telephony/dialling.ts';
import { hears } from '../helpers/telephony/hearing.ts';
import { DOMAIN } from '../helpers/telephony/kamailio.ts';
import { TONES, openOffice, trunkIsUp } from '../helpers/telephony/office.ts';
import type { Office } from '../helpers/telephony/office.ts';
import { RawPhone } from '../helpers/telephony/raw-phone.ts';
import type { WebPhone } from '../helpers/telephony/web-phone.ts';
import { until } from '../helpers/wait.ts';

/** Another address of this machine, for the telephone network's gateway. */
const GATEWAY = '127.0.0.3';

const asterisk = inject('asterisk');
if ('missing' in asterisk) {
  it('Asterisk', ({ skip }) => skip(asterisk.missing));
} else {
  describe('Asterisk', () => testAsterisk(asterisk));
}

function testAsterisk(unpacked: Unpacked): void {
  let office: Office;
  let reception: Baresip;
  let kitchen: Baresip;
  beforeAll(async () => {
    office = await openOffice(unpacked);
    ({ reception, kitchen } = office);
  });
  afterAll(() => office.stop());

  /** Waits until each of two telephones hears the other one, and not itself. */
  const hearEachOther = () =>
    Promise.all([
      hears(reception, [TONES.kitchen], [TONES.reception]),
      hears(kitchen, [TONES.reception], [TONES.kitchen]),
    ]);

  it('registers the bridge, as /health tells', async () => {
    await trunkIsUp(office);
    expect(await office.trunk()).toEqual({ name: 'asterisk', state: 'registered', calls: 0 });
    // As soon as it has answered a first question.
    await expect
      .poll(() => office.asterisk.console('pjsip show contacts'))
      .toMatch(/bridge\/sip:\S+ .* Avail/);
  });

  it('lets a telephone hear itself at 9', async () => {
    const since = reception.events.length;
    reception.dial('9');
    await hears(reception, [TONES.reception], []);
    reception.hangUp();
    await reception.event('CALL_CLOSED', since);
  });

  describe('a telephone that dials 800', () => {
    it('is in the room after number and PIN: each hears the other, and not itself', async () => {
      await callRoom(office, reception, office.keys);
      await Promise.all([
        office.page.hears([TONES.reception], 25_000),
        hears(reception, [TONES.page], [TONES.reception]),
      ]);
      const { participant } = await office.host.told('participantJoined', (event) => {
        return event.participant.kind === 'phone';
      });
      expect(participant.name).toBe('Reception');
    });

    it('is muted by a key', async () => {
      await reception.key('*6');
      await office.page.hears([], 10_000);
      await reception.key('*6');
      await office.page.hears([TONES.reception], 10_000);
    });

    // From the first new offer on, this telephone's recording stands still: only what the room hears is known.
    it('is not heard while it holds', async () => {
      reception.hold();
      await office.page.hears([], 10_000);
      reception.resume();
      await office.page.hears([TONES.reception], 10_000);
    });

    it('puts the room through to another telephone', async () => {
      const since = kitchen.events.length;
      reception.transferTo('102');
      await kitchen.event('CALL_INCOMING', since);
      kitchen.accept();
      await Promise.all([
        office.page.hears([TONES.kitchen], 10_000),
        hears(kitchen, [TONES.page], [TONES.kitchen, TONES.reception]),
      ]);
      kitchen.hangUp();
      await office.page.hears([], 10_000);
      expect(await office.recordOf('101', 'hung-up')).toMatchObject({
        ...{ direction: 'inbound', trunk: 'asterisk', name: 'Reception', called: '800', room: 'office' },
        ...{ fault: 'nobody', leg: 'dtls', packetsLost: 0 },
      });
    });
  });

  it('leads those who dial 801 straight into a room', async () => {
    for (const phone of [reception, kitchen]) phone.dial('801');
    await hearEachOther();
    for (const phone of [reception, kitchen]) phone.hangUp();
    expect(await office.recordOf('102', 'hung-up')).toMatchObject({ called: '801', room: 'direct' });
  });

  describe('a room', () => {
    /** Calls the kitchen, and waits until it rings there. */
    async function ringsInKitchen(): Promise<Dialled> {
      const since = kitchen.events.length;
      const dialled = await dial(office.host, '102');
      await kitchen.event('CALL_INCOMING', since);
      await goes(dialled, 'dialling', 'ringing');
      return dialled;
    }

    it('calls a user: each device rings, one answers, is heard and hears, and is hung up on', async () => {
      const second = await office.phone('102', TONES.kitchen);
      const since = kitchen.events.length;
      const dialled = await ringsInKitchen();
      await second.event('CALL_INCOMING');
      kitchen.accept();
      await goes(dialled, 'dialling', 'ringing', 'answered');
      await second.event('CALL_CLOSED');
      await Promise.all([office.page.hears([TONES.kitchen]), hears(kitchen, [TONES.page], [TONES.kitchen])]);
      const { participant } = await office.host.told('participantJoined', (event) => {
        return event.participant.number === '102';
      });
      await office.host.ask('remove', { participantId: participant.id });
      await kitchen.event('CALL_CLOSED', since);
      await office.page.hears([]);
      expect(await office.recordOf('102', 'removed')).toMatchObject({ direction: 'outbound', leg: 'dtls' });
      await second.close();
    });

    it('is told that a telephone is busy', async () => {
      const dialled = await ringsInKitchen();
      kitchen.hangUp();
      await goes(dialled, 'dialling', 'ringing', 'busy');
    });

    it('is told that nobody takes the call', async () => {
      await goes(await ringsInKitchen(), 'dialling', 'ringing', 'no-answer');
    });

    it('is told that nobody is there', async () => {
      await goes(await dial(office.host, '103'), 'dialling', 'unreachable');
      expect(await office.recordOf('103', 'unreachable')).toMatchObject({ fault: 'phone', sipStatus: 480 });
    });
  });

  describe('a web phone', () => {
    let web: WebPhone;
    beforeAll(async () => {
      web = await office.webPhone();
    });
    afterAll(() => expect(web.problems).toEqual([]));

    const hearsReception = () =>
      Promise.all([web.hears([TONES.reception]), hears(reception, [TONES.web], [TONES.reception])]);

    it('calls a telephone, and both hear each other', async () => {
      const since = reception.events.length;
      await web.call('101');
      await reception.event('CALL_INCOMING', since);
      await web.phase('ringing');
      reception.accept();
      await web.phase('talking');
      await hearsReception();
      await web.hangUp();
      await web.endOfCall('hung-up');
      await reception.event('CALL_CLOSED', since);
    });

    it('is called by a telephone, whose name and number it shows', async () => {
      reception.dial('201');
      await web.at(PHONE_IDS.incoming).getByText('Reception is calling').waitFor();
      expect(await web.at(PHONE_IDS.incoming).innerText()).toMatch(/^101$/m);
      await web.answer();
      await hearsReception();
      reception.hangUp();
      expect(await web.endOfCall('they-hung-up')).toBe('Reception hung up');
    });

    it('that declines a call out of the room says so there', async () => {
      const dialled = await dial(office.host, '201');
      await web.at(PHONE_IDS.decline).click();
      await goes(dialled, 'dialling', 'ringing', 'declined');
    });

    it('comes into the room by its keys, holds it, and is back', async () => {
      await web.call('800');
      await web.phase('talking');
      await web.key(office.keys);
      await Promise.all([office.page.hears([TONES.web], 25_000), web.hears([TONES.page], 25_000)]);
      await web.at(PHONE_IDS.hold).click();
      await Promise.all([office.page.hears([]), web.hears([])]);
      await web.at(PHONE_IDS.hold).click();
      await Promise.all([office.page.hears([TONES.web]), web.hears([TONES.page])]);
    });

    it('reads what is written in the room, and writes there', async () => {
      await office.host.ask('chat', { text: 'Welcome' });
      await web.show('Messages');
      await web.page.getByText('Welcome', { exact: true }).waitFor();
      await web.write('800', 'Hello from the web phone');
      const { message } = await office.host.told('chatMessage', (event) => {
        return event.message.text === 'Hello from the web phone';
      });
      expect(message.name).toBe('Ana');
      await web.show('Call');
      await web.hangUp();
      await office.recordOf('201', 'hung-up');
    });

    it('writes to a telephone, which takes it', async () => {
      await office.asterisk.console('pjsip set logger on');
      await web.show('Messages');
      await web.press('Back to all messages');
      await web.write('101', 'Lunch is at one');
      await until('the telephone has taken it', office.asterisk.log, (log) =>
        /^MESSAGE sip:101-[^]*?^Lunch is at one$[^]*?^SIP\/2\.0 200 OK$/m.test(log),
      );
      await office.asterisk.console('pjsip set logger off');
    });
  });

  describe('the telephone network', () => {
    /** What the example of a provider has. */
    const OWN_NUMBER = '541155550100';
    let gateway: RawPhone;
    let stranger: RawPhone;

    beforeAll(async () => {
      const { ports } = office.asterisk;
      [gateway, stranger] = [await RawPhone.open(ports.sip, GATEWAY), await RawPhone.open(ports.sip)];
      await office.asterisk.addProvider(GATEWAY, gateway.port);
    });
    afterAll(() => {
      gateway.close();
      stranger.close();
    });

    /** Waits for a request at the gateway. */
    async function comesOut(method: string): Promise<string> {
      const { answer } = await until(
        `${method} comes to the gateway`,
        () => gateway.received.find((text) => text.startsWith(`${method} `)),
        (text) => text !== undefined,
      );
      return answer ?? '';
    }

    it('is told where we are', async () => {
      expect(await comesOut('REGISTER')).toMatch(new RegExp(`^To: <sip:${OWN_NUMBER}@${GATEWAY}>`, 'm'));
    });

    it('is called with a 0, which is taken off, in the name of our own number', async () => {
      const since = reception.events.length;
      reception.dial('01155551234');
      const invite = await comesOut('INVITE');
      expect(invite).toMatch(new RegExp(`^INVITE sip:1155551234@${GATEWAY}:${gateway.port} `));
      expect(invite).toMatch(new RegExp(`^From: .*<sip:${OWN_NUMBER}@${GATEWAY}>`, 'm'));
      reception.hangUp();
      await reception.event('CALL_CLOSED', since);
    });

    it('is not called abroad', async () => {
      const since = reception.events.length;
      reception.dial('0015555551234');
      expect((await reception.event('CALL_CLOSED', since)).param).toMatch(/^404 /);
      // The call before may still be made again, as nobody has answered it.
      const called = gateway.received.flatMap((text) => /^INVITE sip:(\d+)@/.exec(text)?.[1] ?? []);
      expect(new Set(called)).toEqual(new Set(['1155551234']));
    });

    it('reaches the bridge, which learns the number that was dialled; a stranger does not', async () => {
      const call = { method: 'INVITE', uri: `sip:801@${DOMAIN}`, from: '5491112345678' };
      expect(await stranger.ask(call)).toMatch(/^SIP\/2\.0 401 /);
      expect(await gateway.ask(call)).toMatch(/^SIP\/2\.0 200 /);
      await expect
        .poll(() => office.calls())
        .toMatchObject([{ number: '5491112345678', called: '801', room: 'direct' }]);
    });
  });
}
