import {
  Hand,
  Mic,
  MicOff,
  Phone,
  ScreenShare,
  SignalLow,
  SignalMedium,
  Video,
  VideoOff,
} from 'lucide-react';
import type { RoomState } from '../../../sdk/types.ts';
import { useText } from '../../i18n/text.ts';
import { TEST_IDS } from '../../testids.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Panel } from '../panel.tsx';
import { tilesOf, type TileModel } from '../stage/arrangement.ts';
import './people.css';

interface PeoplePanelProps {
  readonly state: RoomState;
  readonly onClose: () => void;
}

/** Who is here: first those whose hand is up, in the order in which they raised it. */
export function PeoplePanel({ state, onClose }: PeoplePanelProps) {
  const text = useText();
  const { people, screens } = tilesOf(state);
  const raisedAt = ({ participant }: TileModel): number => participant.handRaisedAt ?? Infinity;
  const hands = people
    .filter((person) => raisedAt(person) < Infinity)
    .sort((a, b) => raisedAt(a) - raisedAt(b));
  const sharing = new Set(screens.map(({ participant }) => participant.id));

  return (
    <Panel
      heading={`${text('people.heading')} (${people.length})`}
      testId={TEST_IDS.peoplePanel}
      onClose={onClose}
    >
      {/* Reachable by keyboard, as a scrolled list must be. */}
      <div className="people" tabIndex={0} role="group" aria-label={text('people.heading')}>
        {hands.length > 0 && (
          <section>
            <h3 className="people__heading">{text('people.hands')}</h3>
            <ol>
              {hands.map((person) => (
                <Person key={person.key} person={person} isSharing={sharing.has(person.key)} />
              ))}
            </ol>
          </section>
        )}
        <section>
          {hands.length > 0 && <h3 className="people__heading">{text('people.inRoom')}</h3>}
          <ul>
            {people.map((person) => (
              <Person key={person.key} person={person} isSharing={sharing.has(person.key)} />
            ))}
          </ul>
        </section>
      </div>
    </Panel>
  );
}

function Person({ person, isSharing }: { readonly person: TileModel; readonly isSharing: boolean }) {
  const text = useText();
  const { participant, isSelf, isMuted, video } = person;
  const { name, kind, role, quality, connected, handRaisedAt } = participant;
  return (
    <li
      className="people__person"
      data-away={!connected || undefined}
      data-testid={TEST_IDS.person}
      data-participant-id={participant.id}
    >
      <Avatar participant={participant} />
      <span className="people__who">
        <span className="people__name" dir="auto">
          {isSelf ? text('room.nameAndYou', { name }) : name}
        </span>
        {role === 'host' && <span className="people__note">{text('role.host')}</span>}
        {kind === 'phone' && <span className="people__note">{text('room.byPhone')}</span>}
        {!connected && <span className="people__note">{text('room.away')}</span>}
      </span>
      <span className="people__marks">
        {handRaisedAt !== null && <Hand size={18} role="img" aria-label={text('room.handRaised')} />}
        {quality === 'fair' && (
          <SignalMedium className="people__fair" size={18} role="img" aria-label={text('room.qualityFair')} />
        )}
        {quality === 'poor' && (
          <SignalLow className="people__poor" size={18} role="img" aria-label={text('room.qualityPoor')} />
        )}
        {isSharing && <ScreenShare size={18} role="img" aria-label={text('room.someoneSharing', { name })} />}
        {kind === 'phone' ? (
          <Phone size={18} aria-hidden="true" />
        ) : video ? (
          <Video size={18} role="img" aria-label={text('people.cameraOn')} />
        ) : (
          <VideoOff className="people__off" size={18} aria-hidden="true" />
        )}
        {isMuted ? (
          <MicOff className="people__off" size={18} role="img" aria-label={text('people.microphoneOff')} />
        ) : (
          <Mic size={18} role="img" aria-label={text('people.microphoneOn')} />
        )}
      </span>
    </li>
  );
}
