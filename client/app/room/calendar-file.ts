/** An invitation as an entry for a calendar (RFC 5545). */
import ical, { ICalCalendarMethod } from 'ical-generator';
import type { RoomInfo } from '../../sdk/types.ts';
import type { TextFile } from '../ui/save-file.ts';

/** How long an entry is, as rooms have a beginning only, in ms. */
const LASTS_MS = 3_600_000;

/** @param startsAt ms since the epoch @param now the same */
export function calendarFile(
  { name }: Pick<RoomInfo, 'name'>,
  startsAt: number,
  link: string,
  description: string,
  now: number,
): TextFile {
  const calendar = ical({
    prodId: { company: 'Tertulia', product: 'Tertulia' },
    method: ICalCalendarMethod.PUBLISH,
    events: [
      {
        // The same for the same room, so that a calendar replaces what it has.
        id: `${name}@${new URL(link).hostname}`,
        stamp: new Date(now),
        start: new Date(startsAt),
        end: new Date(startsAt + LASTS_MS),
        summary: name,
        location: link,
        url: link,
        description,
      },
    ],
  });
  return { name: `${name}.ics`, type: 'text/calendar', content: calendar.toString() };
}
