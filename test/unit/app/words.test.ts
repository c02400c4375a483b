import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinRequest } from '../../../server/signalling/contract.ts';
import { inventRoomName, isRoomName, roomFromInput } from '../../../client/app/landing/room-names.ts';
import { roomOfPath } from '../../../client/app/links.ts';
import { cleanName } from '../../../client/app/preferences/name.ts';
import { parsePreferences } from '../../../client/app/preferences/preferences.ts';
import { parseRecentRooms, withRoom } from '../../../client/app/preferences/recent-rooms.ts';
import { piecesOf } from '../../../client/app/ui/links.ts';
import { countUnread } from '../../../client/app/room/chat/use-unread.ts';
import { initialsOf } from '../../../client/app/ui/avatar.tsx';
import { message } from './room-state.ts';

const { room: roomSchema, name: nameSchema } = joinRequest.shape;

describe('room names', () => {
  it('are invented so that nobody guesses them, and the server takes each', () => {
    const names = Array.from({ length: 200 }, () => inventRoomName());
    expect(new Set(names).size).toBe(200);
    for (const name of names) {
      expect(name).toMatch(/^([a-z]{5}-){3}[a-z]{5}$/);
      expect(roomSchema.safeParse(name).success).toBe(true);
    }
  });

  it('are judged here as by the server', () => {
    const texts = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 80 }), fc.string({ maxLength: 80 }));
    fc.assert(fc.property(texts, (text) => isRoomName(text) === roomSchema.safeParse(text).success));
  });

  it.each([
    ['  Team room ', 'Team-room'],
    ['https://meet.example.org/base/r/lusab-gutih?x=1#y', 'lusab-gutih'],
    ['meet.example.org/r/Sal%C3%B3n', 'Salón'],
    ['/r/abc', 'abc'],
    ['https://example.org/', null],
    ['100%', '100'],
    ['***', null],
    ['', null],
  ])('are read from what people type: %s', (input, room) => {
    expect(roomFromInput(input)).toBe(room);
  });

  it.each([
    ['/r/Sal%C3%B3n', 'Salón'],
    ['/r/100%', '100%'],
    ['/r/a/b', null],
    ['/phone', null],
    ['', null],
  ])('are read from the path of a page: %s', (path, room) => {
    expect(roomOfPath(path)).toBe(room);
  });

  it('whatever is typed, what is read is a name or nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (input) => {
        const room = roomFromInput(input);
        return room === null || isRoomName(room);
      }),
    );
  });
});

describe('people’s names', () => {
  it('lose what nobody can see', () => {
    expect(cleanName(' \u202eAna\u0000\u200b ')).toBe('Ana');
    expect(cleanName('\u200b')).toBe('');
  });

  it('are taken by the server once clean', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (text) => {
        const name = cleanName(text);
        fc.pre(name !== '' && name.length <= 64);
        return nameSchema.safeParse(name).success;
      }),
    );
  });

  it.each([
    ['Ana', 'A'],
    ['ana maría lópez', 'AL'],
    ['Jean-Luc', 'JL'],
    ['李 小龙', '李小'],
    ['🎉', ''],
  ])('have initials in any script: %s', (name, initials) => {
    expect(initialsOf(name)).toBe(initials);
  });
});

describe('what this browser remembers', () => {
  it('is taken as far as it makes sense', () => {
    expect(parsePreferences({ name: 7, theme: 'dark', language: 'xx', joinMuted: 'yes' })).toMatchObject({
      name: '',
      theme: 'dark',
      language: null,
      joinMuted: false,
    });
    for (const stored of [undefined, null, [], 'x']) expect(parsePreferences(stored).layout).toBe('grid');
    expect(parseRecentRooms([{ name: 'a', at: 1 }, { name: 2 }, null])).toEqual([{ name: 'a', at: 1 }]);
  });

  it('has each room once, the newest first', () => {
    const rooms = [
      { name: 'A', at: 1 },
      { name: 'b', at: 0 },
    ];
    expect(withRoom(rooms, 'B', 2)).toEqual([
      { name: 'B', at: 2 },
      { name: 'A', at: 1 },
    ]);
  });
});

describe('messages', () => {
  it('have links to pages and mail addresses', () => {
    expect(piecesOf('see https://example.org/a?b=1, or ana@example.org')).toEqual([
      { text: 'see ' },
      { text: 'https://example.org/a?b=1', href: 'https://example.org/a?b=1' },
      { text: ', or ' },
      { text: 'ana@example.org', href: 'mailto:ana@example.org' },
    ]);
  });

  it('have no links that could run, and lose no letter', () => {
    for (const text of ['javascript:alert(1)', 'data:text/html,x', '<a href="javascript:x">y</a>'])
      expect(piecesOf(text).some((piece) => 'href' in piece)).toBe(false);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const pieces = piecesOf(text);
        expect(pieces.map((piece) => piece.text).join('')).toBe(text);
        for (const piece of pieces)
          if ('href' in piece) expect(new URL(piece.href).protocol).toMatch(/^(https?|mailto):$/);
      }),
    );
  });

  it('are unread after the last one that was seen, one’s own aside', () => {
    const by = (id: string, participantId: string) => message(id, { participantId });
    const messages = [by('1', 'b'), by('2', 'b'), by('3', 'a'), by('4', 'c')];
    expect(countUnread(messages, '1', 'a')).toBe(2);
    expect(countUnread(messages, '4', 'a')).toBe(0);
    expect(countUnread(messages, 'gone', 'a')).toBe(3);
  });
});
