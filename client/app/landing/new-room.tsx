import { Plus } from 'lucide-react';
import { useId, useState } from 'react';
import type { RoomKind } from '../../sdk/types.ts';
import { useText, type PlainTextKey } from '../i18n/text.ts';
import { roomPath } from '../links.ts';
import { navigate } from '../navigation.tsx';
import { inventRoomName } from './room-names.ts';
import { START_IDS } from './testids.ts';

/** The calmest first. Written down here, as the start page loads nothing of the room client. */
const KINDS = [
  { kind: 'meeting', name: 'kind.meeting', hint: 'kind.meetingHint' },
  { kind: 'class', name: 'kind.class', hint: 'kind.classHint' },
  { kind: 'webinar', name: 'kind.webinar', hint: 'kind.webinarHint' },
] as const satisfies readonly { kind: RoomKind; name: PlainTextKey; hint: PlainTextKey }[];

/** A room of one's own, of one kind or another; a meeting for whoever does not choose. */
export function NewRoom() {
  const text = useText();
  const name = useId();
  const hint = useId();
  const [chosen, choose] = useState<(typeof KINDS)[number]>(KINDS[0]);
  return (
    <div className="landing__new-room">
      <button
        type="button"
        className="button button--primary button--large landing__new"
        data-testid={START_IDS.newRoom}
        onClick={() => navigate(roomPath(inventRoomName()), { state: { kind: chosen.kind } })}
      >
        <Plus size={22} aria-hidden="true" />
        {text('landing.newRoom')}
      </button>
      <fieldset className="landing__kinds" aria-describedby={hint}>
        <legend className="visually-hidden">{text('landing.kind')}</legend>
        {KINDS.map((choice) => (
          <label key={choice.kind} className="landing__kind">
            <input
              type="radio"
              className="visually-hidden"
              name={name}
              value={choice.kind}
              checked={choice === chosen}
              onChange={() => choose(choice)}
            />
            {text(choice.name)}
          </label>
        ))}
      </fieldset>
      <p id={hint} className="landing__kind-hint" role="status">
        {text(chosen.hint)}
      </p>
    </div>
  );
}
