/** An invitation in words, and as an entry for a calendar (RFC 5545). */
import type { RoomInfo } from '../../sdk/types.ts';
import type { Text } from '../i18n/text.ts';
import type { TextFile } from '../ui/save-file.ts';

/** How long an entry is, as rooms have a beginning only, in ms. */
const LASTS_MS = 3_600_000;
/** Octets a line of a calendar may have (RFC 5545, 3.1). */
const MAX_OCTETS = 75;

type Invited = Pick<RoomInfo, 'name' | 'number' | 'pin' | 'startsAt'>;

export function invitationText({ name, number, pin, startsAt }: Invited, link: string, text: Text): string {
  const times = new Intl.DateTimeFormat(text.language, {
    dateStyle: 'full',
    timeStyle: 'short',
  });
  const byPhone =
    number === null
      ? []
      : [
          text('invite.textNumber', { number }) +
            (pin === null ? '' : `, ${text('invite.textPin', { pin })}`),
        ];
  return [
    text('invite.text', { room: name }),
    link,
    ...(startsAt === null ? [] : [text('invite.textTime', { time: times.format(startsAt) })]),
    ...byPhone,
  ].join('\n');
}

/** @param startsAt ms since the epoch */
export function calendarFile(
  { name }: Pick<RoomInfo, 'name'>,
  startsAt: number,
  link: string,
  description: string,
): TextFile {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Tertulia//EN',
    'BEGIN:VEVENT',
    // The same room at the same time is the same entry, however often it is taken along.
    `UID:${startsAt}-${encodeURIComponent(name)}@${new URL(link).hostname}`,
    `DTSTAMP:${utc(startsAt)}`,
    `DTSTART:${utc(startsAt)}`,
    `DTEND:${utc(startsAt + LASTS_MS)}`,
    `SUMMARY:${escaped(name)}`,
    `DESCRIPTION:${escaped(description)}`,
    `LOCATION:${escaped(link)}`,
    `URL:${link}`,
    'END:VEVENT',
    'END:VCALENDAR',
  ];
  return { name: `${name}.ics`, type: 'text/calendar', content: lines.flatMap(folded).join('\r\n') + '\r\n' };
}

function utc(at: number): string {
  return new Date(at).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

function escaped(value: string): string {
  return value.replace(/[\\;,]/g, (sign) => `\\${sign}`).replace(/\r?\n/g, '\\n');
}

/** Splits a line that is too long; the next ones begin with a space. No character is cut in two. */
function folded(line: string): string[] {
  const octets = (value: string): number => new TextEncoder().encode(value).length;
  const lines: string[] = [];
  let current = '';
  for (const character of line) {
    if (octets(current) + octets(character) > MAX_OCTETS) {
      lines.push(current);
      current = ' ';
    }
    current += character;
  }
  return [...lines, current];
}
