/** The kinds of media that phones have: each is heard by the bridge, and hears it, in both directions of a call. */
import { describe, expect, test } from 'vitest';
import { endOf, enter, hears, openLines } from '../helpers/telephony/lines.ts';
import type { LinesOptions } from '../helpers/telephony/lines.ts';

const ROOM = { rooms: { '123': null } };

const kinds: Record<string, { options: Omit<LinesOptions, 'phones'>; media: Record<string, string> }> = {
  'plain, Opus': {
    options: { bridge: ROOM, phone: { codecs: ['opus/48000/2'] } },
    media: { kind: 'plain', codec: 'opus' },
  },
  'encrypted, keys in the SDP': {
    options: { bridge: { ...ROOM, trunk: { offer: 'sdes' } }, phone: { encryption: 'srtp-mand' } },
    media: { kind: 'sdes', codec: 'PCMU' },
  },
  'DTLS to rtpengine': {
    options: { rtpengine: true, bridge: { ...ROOM, trunk: { offer: 'dtls' } } },
    media: { kind: 'dtls', codec: 'PCMU' },
  },
  'DTLS to rtpengine, Opus': {
    options: {
      rtpengine: true,
      bridge: { ...ROOM, trunk: { offer: 'dtls' } },
      phone: { codecs: ['opus/48000/2'] },
    },
    media: { kind: 'dtls', codec: 'opus' },
  },
};

describe.each(Object.entries(kinds))('%s', (_, { options, media }) => {
  test('a phone that calls, and one that is called', async () => {
    const lines = await openLines({ ...options, phones: ['alice', 'bob'] });
    try {
      const [alice, bob] = [lines.phone('alice'), lines.phone('bob')];
      const guest = await enter(lines, alice, '123#');
      const hangUp = lines.bridge.bridge.dial(
        { target: 'bob', invitation: '123' },
        { ringing: () => undefined, answered: () => undefined, ended: () => undefined },
      );
      await bob.event('CALL_INCOMING');
      bob.accept();
      await bob.event('CALL_ESTABLISHED');
      const called = lines.bridge.door.last;
      await Promise.all([hears(alice, ['bob'], ['alice']), hears(bob, ['alice'], ['bob'])]);
      hangUp('removed');
      alice.hangUp();
      expect(await endOf(guest)).toMatchObject({ reason: 'hung-up', media });
      expect(await endOf(called)).toMatchObject({ reason: 'removed', media });
    } finally {
      await lines.close();
    }
  });
});
