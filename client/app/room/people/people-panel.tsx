import type { RoomState } from '../../../sdk/types.ts';
import { may } from '../../../sdk/words.ts';
import { useText } from '../../i18n/text.ts';
import { TEST_IDS } from '../../testids.ts';
import type { RoomActions } from '../actions.ts';
import { CallList } from '../calls/call-list.tsx';
import { isUnderWay } from '../calls/calls.ts';
import { Panel } from '../panel.tsx';
import { tilesOf, type TileModel } from '../stage/arrangement.ts';
import type { ViewChanges } from '../use-room-view.ts';
import { AllMenu } from './all-menu.tsx';
import { DoorList } from './door-list.tsx';
import { Person } from './person.tsx';
import { PersonMenu } from './person-menu.tsx';
import './people.css';

interface PeoplePanelProps {
  readonly state: RoomState;
  readonly actions: RoomActions;
  readonly changes: ViewChanges;
  readonly onClose: () => void;
}

/** Who waits at the door, whose hand is up, and who is here, each in the order of coming. */
export function PeoplePanel({ state, actions, changes, onClose }: PeoplePanelProps) {
  const text = useText();
  const { people, screens } = tilesOf(state);
  const raisedAt = ({ participant }: TileModel): number => participant.handRaisedAt ?? Infinity;
  const hands = people
    .filter((person) => raisedAt(person) < Infinity)
    .sort((a, b) => raisedAt(a) - raisedAt(b));
  const sharing = new Set(screens.map(({ participant }) => participant.id));
  const calls = state.dials.filter(isUnderWay);
  const givesFloor = may(state.self?.role ?? 'viewer', 'moderate');

  const personOf = (person: TileModel, isInQueue: boolean) => (
    <Person key={person.key} person={person} isSharing={sharing.has(person.key)} showsHandTime={isInQueue}>
      <PersonMenu state={state} person={person.participant} actions={actions} changes={changes} />
    </Person>
  );
  return (
    <Panel
      heading={`${text('people.heading')} (${people.length})`}
      testId={TEST_IDS.peoplePanel}
      actions={<AllMenu state={state} actions={actions} />}
      onClose={onClose}
    >
      {/* Reachable by keyboard, as a scrolled list must be. */}
      <div className="people" tabIndex={0} role="group" aria-label={text('people.heading')}>
        {state.knocks.length > 0 && <DoorList knocks={state.knocks} actions={actions} />}
        {hands.length > 0 && (
          <section data-testid={TEST_IDS.hands}>
            <h3 className="people__heading">{text('people.hands')}</h3>
            <ol>{hands.map((person) => personOf(person, true))}</ol>
            {givesFloor && (
              <div className="people__buttons">
                <button
                  type="button"
                  className="button button--primary button--small"
                  data-testid={TEST_IDS.nextFloor}
                  onClick={() => void actions.asHost((host) => host.giveFloorToNext())}
                >
                  {text('hands.next')}
                </button>
              </div>
            )}
          </section>
        )}
        {calls.length > 0 && (
          <section>
            <h3 className="people__heading">{text('calls.underWay')}</h3>
            <CallList label={text('calls.underWay')} calls={calls} actions={actions} onAgain={null} />
          </section>
        )}
        <section>
          {hands.length + state.knocks.length + calls.length > 0 && (
            <h3 className="people__heading">{text('people.inRoom')}</h3>
          )}
          <ul>{people.map((person) => personOf(person, false))}</ul>
        </section>
      </div>
    </Panel>
  );
}
