import { Check, Send, X } from 'lucide-react';
import { useId, useState, type SubmitEvent } from 'react';
import type { Knock } from '../../../sdk/types.ts';
import { useText } from '../../i18n/text.ts';
import { TEST_IDS } from '../../testids.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import type { RoomActions } from '../actions.ts';

interface DoorListProps {
  readonly knocks: readonly Knock[];
  readonly actions: RoomActions;
}

/** Whom a message to those at the door is for: one of them, or all. */
type Addressee = Knock | 'all';

/** Those who wait at the door, in the order in which they came, and what can be done with them. */
export function DoorList({ knocks, actions }: DoorListProps) {
  const text = useText();
  const [addressee, setAddressee] = useState<Addressee | null>(null);
  // Whoever has gone in meanwhile is not written to any more.
  const isThere = addressee === 'all' || knocks.some(({ id }) => id === addressee?.id);
  const time = new Intl.DateTimeFormat(text.locale, { timeStyle: 'short' });
  return (
    <section className="people__door" aria-labelledby="people-door" data-testid={TEST_IDS.door}>
      <h3 id="people-door" className="people__heading">
        {`${text('door.heading')} (${knocks.length})`}
      </h3>
      <ol>
        {knocks.map((knock) => (
          <li key={knock.id} className="people__person" data-testid={TEST_IDS.knock}>
            <Avatar participant={knock} />
            <span className="people__who">
              <span className="people__name" dir="auto">
                {knock.name}
              </span>
              <span className="people__note">
                {text('door.waitsSince', { time: time.format(knock.since) })}
              </span>
            </span>
            <span className="people__door-actions">
              <IconButton
                label={text('door.writeName', { name: knock.name })}
                hintAlign="end"
                onClick={() => setAddressee(knock)}
              >
                <Send size={18} aria-hidden="true" />
              </IconButton>
              <IconButton
                label={text('door.denyName', { name: knock.name })}
                hintAlign="end"
                data-testid={TEST_IDS.deny}
                onClick={() => void actions.asHost((host) => host.deny([knock.id]))}
              >
                <X size={20} aria-hidden="true" />
              </IconButton>
              <IconButton
                className="people__admit"
                label={text('door.admitName', { name: knock.name })}
                hintAlign="end"
                data-testid={TEST_IDS.admit}
                onClick={() => void actions.asHost((host) => host.admit([knock.id]))}
              >
                <Check size={20} aria-hidden="true" />
              </IconButton>
            </span>
          </li>
        ))}
      </ol>
      {addressee !== null && isThere && (
        <MessageForm
          key={addressee === 'all' ? 'all' : addressee.id}
          addressee={addressee}
          actions={actions}
          onDone={() => setAddressee(null)}
        />
      )}
      <div className="people__buttons">
        <button
          type="button"
          className="button button--primary button--small"
          data-testid={TEST_IDS.admitAll}
          onClick={() => void actions.asHost((host) => host.admit('all'))}
        >
          {text('door.admitAll')}
        </button>
        <button
          type="button"
          className="button button--small"
          onClick={() => void actions.asHost((host) => host.deny('all'))}
        >
          {text('door.denyAll')}
        </button>
        <button
          type="button"
          className="button button--small"
          data-testid={TEST_IDS.writeToDoor}
          onClick={() => setAddressee('all')}
        >
          {text('door.write')}
        </button>
      </div>
    </section>
  );
}

interface MessageFormProps {
  readonly addressee: Addressee;
  readonly actions: RoomActions;
  readonly onDone: () => void;
}

function MessageForm({ addressee, actions, onDone }: MessageFormProps) {
  const text = useText();
  const field = useId();
  const [draft, setDraft] = useState('');
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const message = draft.trim();
    if (message === '') return;
    const knockId = addressee === 'all' ? null : addressee.id;
    if (await actions.asHost((host) => host.writeToWaiting(knockId, message))) onDone();
  };
  return (
    <form className="people__write" onSubmit={(event) => void submit(event)}>
      <label className="field__label" htmlFor={field}>
        {addressee === 'all' ? text('door.writeAllLabel') : text('door.writeLabel', { name: addressee.name })}
      </label>
      <span className="people__write-row">
        <input
          id={field}
          className="input"
          data-testid={TEST_IDS.doorField}
          value={draft}
          maxLength={4_000}
          dir="auto"
          // Opened by a click on "write": there is nothing else to do here.
          ref={focusOnce}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            event.preventDefault();
            onDone();
          }}
          onChange={(event) => setDraft(event.target.value)}
        />
        <IconButton
          label={text('chat.send')}
          hintAlign="end"
          disabled={draft.trim() === ''}
          onClick={({ currentTarget }) => currentTarget.form?.requestSubmit()}
        >
          <Send size={18} aria-hidden="true" />
        </IconButton>
      </span>
    </form>
  );
}

function focusOnce(field: HTMLInputElement | null): void {
  field?.focus();
}
