import { Plus } from 'lucide-react';
import { useId, useState } from 'react';
import { useLocation } from 'wouter';
import type { RoomKind } from '../../sdk/types.ts';
import { roomKinds } from '../../sdk/words.ts';
import { useText, type PlainTextKey } from '../i18n/text.ts';
import { roomPath } from '../links.ts';
import { TEST_IDS } from '../testids.ts';
import { inventRoomName } from './room-names.ts';

const NAMES = {
  meeting: 'kind.meeting',
  class: 'kind.class',
  webinar: 'kind.webinar',
} as const satisfies Record<RoomKind, PlainTextKey>;
const HINTS = {
  meeting: 'kind.meetingHint',
  class: 'kind.classHint',
  webinar: 'kind.webinarHint',
} as const satisfies Record<RoomKind, PlainTextKey>;

/** A room of one's own, of one kind or another; a meeting for whoever does not choose. */
export function NewRoom() {
  const text = useText();
  const [, navigate] = useLocation();
  const name = useId();
  const hint = useId();
  const [kind, setKind] = useState<RoomKind>('meeting');
  return (
    <div className="landing__new-room">
      <button
        type="button"
        className="button button--primary button--large landing__new"
        data-testid={TEST_IDS.newRoom}
        onClick={() => navigate(roomPath(inventRoomName()), { state: { kind } })}
      >
        <Plus size={22} aria-hidden="true" />
        {text('landing.newRoom')}
      </button>
      <fieldset className="landing__kinds" aria-describedby={hint}>
        <legend className="visually-hidden">{text('landing.kind')}</legend>
        {roomKinds.map((choice) => (
          <label key={choice} className="landing__kind">
            <input
              type="radio"
              className="visually-hidden"
              name={name}
              value={choice}
              checked={choice === kind}
              onChange={() => setKind(choice)}
            />
            {text(NAMES[choice])}
          </label>
        ))}
      </fieldset>
      <p id={hint} className="landing__kind-hint" role="status">
        {text(HINTS[kind])}
      </p>
    </div>
  );
}
