import { DoorOpen } from 'lucide-react';
import { useLocation } from 'wouter';
import type { LeaveReason } from '../../sdk/types.ts';
import { useText, type PlainTextKey, type Text } from '../i18n/text.ts';
import { inventRoomName } from '../landing/room-names.ts';
import { roomPath } from '../links.ts';
import { TEST_IDS } from '../testids.ts';
import { Message } from '../ui/message.tsx';
import { useTitle } from '../ui/use-title.ts';

const HEADINGS: Record<LeaveReason, PlainTextKey> = {
  left: 'left.heading',
  removed: 'left.removed',
  'room-ended': 'left.roomEnded',
  'connection-lost': 'left.connectionLost',
  'server-stopping': 'left.serverStopping',
};

interface LeftScreenProps {
  readonly room: string;
  readonly reason: LeaveReason;
  /** How long one was in the room. */
  readonly durationMs: number;
  readonly onRejoin: () => void;
}

/** After the room. */
export function LeftScreen({ room, reason, durationMs, onRejoin }: LeftScreenProps) {
  const text = useText();
  const [, navigate] = useLocation();
  useTitle(text('title.left', { room }));
  return (
    <Message
      icon={<DoorOpen aria-hidden="true" />}
      testId={TEST_IDS.left}
      code={reason}
      heading={text(HEADINGS[reason])}
      hint={text('left.duration', { duration: durationText(durationMs, text) })}
    >
      <button
        type="button"
        className="button button--primary"
        data-testid={TEST_IDS.rejoin}
        onClick={onRejoin}
      >
        {text('left.rejoin')}
      </button>
      <button type="button" className="button" onClick={() => navigate(roomPath(inventRoomName()))}>
        {text('left.newRoom')}
      </button>
    </Message>
  );
}

function durationText(durationMs: number, text: Text): string {
  const minutes = Math.floor(durationMs / 60_000);
  if (minutes === 0) return text('unit.lessThanMinute');
  if (minutes < 60) return text('unit.minutes', { count: minutes });
  return text('unit.hoursMinutes', { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}
