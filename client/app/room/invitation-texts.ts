/** An invitation in words. */
import type { RoomInfo } from '../../sdk/types.ts';
import type { Text } from '../i18n/text.ts';

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
          text('invite.textNumber', { number: groupsOf(number) }) +
            (pin === null ? '' : `, ${text('invite.textPin', { pin })}`),
        ];
  return [
    text('invite.text', { room: name }),
    link,
    ...(startsAt === null ? [] : [text('invite.textTime', { time: times.format(startsAt) })]),
    ...byPhone,
  ].join('\n');
}

/** A number as it is read out: four digits at a time. */
export function groupsOf(number: string): string {
  return number.replace(/\d{4}(?=\d)/g, '$& ');
}
