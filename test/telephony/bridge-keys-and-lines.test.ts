/** What else comes with a call: keys by INFO and as sound, and chat by MESSAGE. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CONFERENCE_NUMBER } from '../helpers/telephony/kamailio.ts';
import { enter, openLines, passwordOf } from '../helpers/telephony/lines.ts';
import type { Lines } from '../helpers/telephony/lines.ts';
import { callBySipp, readBySipp, writeBySipp } from '../helpers/telephony/sipp.ts';
import type { CallStep, SippOptions } from '../helpers/telephony/sipp.ts';

const ROOM = '12';

let lines: Lines;
let carol: SippOptions;
beforeAll(async () => {
  lines = await openLines({ phones: ['alice'], bridge: { rooms: { [ROOM]: null } } });
  carol = { kamailio: lines.kamailio, user: 'carol', password: passwordOf('carol') };
});
afterAll(() => lines.close());
afterEach(() => lines.hangUp());

describe('keys by INFO', () => {
  const relay = (digit: string): CallStep => ({
    do: 'info',
    type: 'application/dtmf-relay',
    body: `Signal=${digit}\r\nDuration=160\r\n`,
  });
  const bare = (digit: string): CallStep => ({ do: 'info', type: 'application/dtmf', body: digit });

  test.each([
    ['application/dtmf-relay', relay],
    ['application/dtmf', bare],
  ])('%s', async (_, key) => {
    const steps = Array.from(`${ROOM}#`, key);
    await callBySipp(carol, CONFERENCE_NUMBER, [
      ...[{ do: 'wait', ms: 300 } as const, ...steps, { do: 'wait', ms: 500 } as const],
      ...Array.from('*6*8', key),
      { do: 'await BYE' },
    ]);
    await expect.poll(() => lines.bridge.door.last).toMatchObject({ muted: true, end: { reason: 'left' } });
  });
});

describe('chat by MESSAGE', () => {
  test('of a caller goes to the room; of others, nowhere; and not without end', async () => {
    const guest = await enter(lines, lines.phone('alice'), `${ROOM}#`);
    const alice = { kamailio: lines.kamailio, user: 'alice', password: passwordOf('alice') };
    await writeBySipp(alice, CONFERENCE_NUMBER, 'Hello, everybody', 200);
    expect(guest.said).toEqual(['Hello, everybody']);
    await writeBySipp(carol, CONFERENCE_NUMBER, 'Hello?', 480);
    for (let sent = 1; sent < 5; sent += 1) await writeBySipp(alice, CONFERENCE_NUMBER, 'again', 200);
    await writeBySipp(alice, CONFERENCE_NUMBER, 'and again', 500);
    // 503, of which a proxy makes 500 (RFC 3261, section 16.7).
    expect(guest.said).toHaveLength(5);
  });

  test('of the room goes to a caller', async () => {
    const alice = lines.phone('alice');
    const guest = await enter(lines, alice, `${ROOM}#`);
    await readBySipp(
      { kamailio: lines.kamailio, user: 'alice', password: passwordOf('alice') },
      /^Welcome, Alice$/,
      () => guest.listener.read('Bruno', 'Welcome, Alice'),
    );
  });
});
