import { DoorOpen, Download } from 'lucide-react';
import type { LeaveReason } from '../../sdk/types.ts';
import { useText, type PlainTextKey, type Text } from '../i18n/text.ts';
import { Link } from '../navigation.tsx';
import { TEST_IDS } from '../testids.ts';
import { attendanceFile, saveFile } from '../ui/save-file.ts';
import { Message } from '../ui/message.tsx';
import { useTitle } from '../ui/use-title.ts';
import type { RoomEnd } from './room-end.ts';

const HEADINGS: Record<LeaveReason, PlainTextKey> = {
  left: 'left.heading',
  removed: 'left.removed',
  banned: 'left.banned',
  'room-ended': 'left.roomEnded',
  'connection-lost': 'left.connectionLost',
  'server-stopping': 'left.serverStopping',
};
const HEADINGS_WITH_NAME = {
  removed: 'left.removedBy',
  banned: 'left.bannedBy',
  'room-ended': 'left.roomEndedBy',
} as const;

type Stay = Extract<RoomEnd, { reason: unknown }>;

interface LeftScreenProps {
  readonly room: string;
  readonly how: Stay;
  /** How long one was in the room; 0 for one who was not. */
  readonly durationMs: number;
  readonly onRejoin: () => void;
}

/** After the room. */
export function LeftScreen({ room, how, durationMs, onRejoin }: LeftScreenProps) {
  const text = useText();
  useTitle(text('title.left', { room }));
  const { reason, attendance } = how;
  const mayReturn = reason !== 'banned';
  return (
    <Message
      icon={<DoorOpen aria-hidden="true" />}
      testId={TEST_IDS.left}
      code={reason}
      heading={headingOf(how, text)}
      hint={mayReturn ? durationHint(durationMs, text) : text('left.bannedHint')}
    >
      {mayReturn && (
        <button
          type="button"
          className="button button--primary"
          data-testid={TEST_IDS.rejoin}
          onClick={onRejoin}
        >
          {text('left.rejoin')}
        </button>
      )}
      {attendance !== null && (
        <button
          type="button"
          className="button"
          data-testid={TEST_IDS.attendance}
          onClick={() => saveFile(attendanceFile(room, attendance))}
        >
          <Download size={18} aria-hidden="true" />
          {text('left.attendance')}
        </button>
      )}
      <Link href="/" className="button">
        {text('problem.start')}
      </Link>
    </Message>
  );
}

function headingOf({ reason, by }: Stay, text: Text): string {
  return by !== null && (reason === 'removed' || reason === 'banned' || reason === 'room-ended')
    ? text(HEADINGS_WITH_NAME[reason], { name: by })
    : text(HEADINGS[reason]);
}

/** Nothing is to be said of who has not come further than the door. */
function durationHint(durationMs: number, text: Text): string | undefined {
  return durationMs === 0 ? undefined : text('left.duration', { duration: durationText(durationMs, text) });
}

function durationText(durationMs: number, text: Text): string {
  const minutes = Math.floor(durationMs / 60_000);
  if (minutes === 0) return text('unit.lessThanMinute');
  if (minutes < 60) return text('unit.minutes', { count: minutes });
  return text('unit.hoursMinutes', { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}
