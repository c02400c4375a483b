/** An invitation in words. */
import type { RoomInfo } from '../../sdk/types.ts';
import { dialInLine, groupsOf } from '../../sdk/words.ts';
import type { Text } from '../i18n/text.ts';

type Invited = Pick<RoomInfo, 'name' | 'number' | 'pin' | 'dialIn' | 'startsAt'>;

/** The link, the time and the ways in by telephone, as lines for a message. */
export function invitationText(room: Invited, link: string, text: Text): string {
  const { name, number, startsAt } = room;
  return [
    text('invite.text', { room: name }),
    link,
    ...(startsAt === null ? [] : [text('invite.textTime', { time: beginText(startsAt, text) })]),
    ...(number === null ? [] : byPhone(room, number, text)),
  ].join('\n');
}

/** When a room begins, by the reader's clock. @param startsAt ms since the epoch */
export function beginText(startsAt: number, text: Text): string {
  return new Intl.DateTimeFormat(text.locale, { dateStyle: 'full', timeStyle: 'short' }).format(startsAt);
}

/** What callers key in, one after the other. */
export function keysOf(number: string, pin: string | null, text: Text): string[] {
  const room = text('invite.roomNumber', { number: groupsOf(number) });
  return pin === null ? [room] : [room, text('invite.pin', { pin })];
}

function byPhone({ dialIn, pin }: Invited, number: string, text: Text): string[] {
  const ways = dialIn.map((way) => dialInLine(way, number, pin, text.language));
  return [text('invite.textNumber', { keys: keysOf(number, pin, text).join(', ') }), ...ways];
}
