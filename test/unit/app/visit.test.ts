import { describe, expect, it } from 'vitest';
import { room as english } from '../../../client/app/i18n/en/room.ts';
import { createText } from '../../../client/app/i18n/text.ts';
import { NO_ACCOUNT, parseAccount } from '../../../client/app/meeting/account.ts';
import { untilText } from '../../../client/app/meeting/time-texts.ts';
import { parseVisit } from '../../../client/app/meeting/visit.ts';
import { parseHostKeys, withHostKey } from '../../../client/app/preferences/host-keys.ts';
import { calendarFile } from '../../../client/app/room/calendar-file.ts';
import { invitationText } from '../../../client/app/room/invitation-texts.ts';
import { roomInfo } from './room-state.ts';

const text = createText('en', english);

describe('what a visit brings along', () => {
  it('is the kind that was chosen and the token of the link', () => {
    expect(parseVisit({ kind: 'class' }, '')).toEqual({ kind: 'class', token: null });
    expect(parseVisit(null, '#token=a.b-c')).toEqual({ kind: null, token: 'a.b-c' });
    expect(parseVisit({ token: 'kept' }, '')).toEqual({ kind: null, token: 'kept' });
    expect(parseVisit({ token: 'kept' }, '#token=newer').token).toBe('newer');
  });

  it('is nothing where something else is found', () => {
    for (const state of [undefined, 7, 'class', { kind: 'party', token: 7 }, []])
      expect(parseVisit(state, '#elsewhere')).toEqual({ kind: null, token: null });
  });
});

describe('keys of hosts', () => {
  it('are one for each room, whatever the case of its name', () => {
    const keys = withHostKey([{ room: 'Salón', key: 'old' }], 'salo\u0301n', 'new');
    expect(keys).toEqual([{ room: 'salo\u0301n', key: 'new' }]);
  });

  it('are bounded, and read back with suspicion', () => {
    let keys = parseHostKeys([{ room: 'a', key: 1 }, null, { room: 'b', key: 'k', more: true }]);
    expect(keys).toEqual([{ room: 'b', key: 'k' }]);
    for (let i = 0; i < 150; i += 1) keys = withHostKey(keys, `room-${i}`, 'k');
    expect(keys).toHaveLength(100);
    expect(keys[0]?.room).toBe('room-149');
    expect(parseHostKeys('nonsense')).toEqual([]);
  });
});

describe('who is signed in', () => {
  it('is read from the answer of the server, whatever that is', () => {
    expect(parseAccount({ person: { name: 'Ana' }, canSignIn: true, token: 't' })).toEqual({
      person: { name: 'Ana' },
      canSignIn: true,
      token: 't',
    });
    expect(parseAccount({ person: null, canSignIn: true, token: null })).toEqual({
      ...NO_ACCOUNT,
      canSignIn: true,
    });
    for (const answer of [null, 'no', {}, { person: 7, canSignIn: 'yes', token: 7 }])
      expect(parseAccount(answer)).toEqual(NO_ACCOUNT);
  });
});

describe('a time ahead', () => {
  it('is counted down as on a clock, and in days when it is far', () => {
    expect(untilText(5_000, 'en')).toBe('0:05');
    expect(untilText(725_000, 'en')).toBe('12:05');
    expect(untilText(3 * 3_600_000 + 1, 'en')).toBe('3:00:01');
    expect(untilText(86_399_000, 'en')).toBe('23:59:59');
    expect(untilText(2 * 86_400_000, 'es')).toBe('2 días');
    expect(untilText(4.99 * 86_400_000, 'en')).toBe('5 days');
    expect(untilText(-5, 'en')).toBe('0:00');
  });
});

describe('an invitation', () => {
  const link = 'https://meet.example.org/r/salon';
  const startsAt = Date.UTC(2026, 4, 7, 16, 30);

  it('has the link, and the number and PIN where there are any', () => {
    const room = roomInfo();
    expect(invitationText(room, link, text)).toBe(`Join the conversation in salon:\n${link}`);
    expect(invitationText({ ...room, number: '12345678', pin: '4711' }, link, text)).toContain(
      'By telephone: room number 1234 5678#, PIN 4711#',
    );
    const way = {
      ...{ number: '+541152525252', written: '+54 11 5252 5252', country: 'AR' },
      ...{ label: null, language: 'es' },
    };
    const called = { ...room, number: '12345678', pin: '4711', dialIn: [way] };
    expect(invitationText(called, link, text).split('\n').at(-1)).toBe(
      '+54 11 5252 5252 (Argentina, Spanish) tel:+541152525252,,12345678%23,,4711%23',
    );
    expect(invitationText({ ...room, startsAt }, link, text)).toContain('2026');
  });

  it('goes into a calendar at the time of the room', () => {
    const file = calendarFile({ name: 'salon' }, startsAt, link, 'One, two;\nthree', startsAt);
    expect(file.name).toBe('salon.ics');
    const lines = file.content.split('\r\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'DTSTART:20260507T163000Z',
        'DTEND:20260507T173000Z',
        'SUMMARY:salon',
        'UID:salon@meet.example.org',
        'DESCRIPTION:One\\, two\\;\\nthree',
      ]),
    );
  });
});
