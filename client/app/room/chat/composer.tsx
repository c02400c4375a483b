import { CornerUpLeft, SendHorizontal, X } from 'lucide-react';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import type { ChatAudience, ChatMessage } from '../../../sdk/types.ts';
import { useText } from '../../i18n/text.ts';
import { TEST_IDS } from '../../testids.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import type { Audiences } from './audiences.ts';

/** As the contract has it. */
const MAX_LENGTH = 4_000;
/** From here on the writer is told how much is left. */
const NEARLY_FULL = 200;

interface ComposerProps {
  readonly audiences: Audiences;
  readonly to: ChatAudience;
  /** The message that is being answered. */
  readonly answered: ChatMessage | null;
  readonly onAudience: (audience: ChatAudience) => void;
  readonly onCancelReply: () => void;
  /** Rejects when the message did not get through. */
  readonly onSend: (text: string) => Promise<void>;
}

/** The field to write in, and for whom. */
export function Composer({ audiences, to, answered, onAudience, onCancelReply, onSend }: ComposerProps) {
  const text = useText();
  const field = useRef<HTMLTextAreaElement>(null);
  const hint = useId();
  const [draft, setDraft] = useState('');
  const [hasFailed, setFailed] = useState(false);
  const [isSending, setSending] = useState(false);
  const remaining = MAX_LENGTH - draft.length;
  const answeredId = answered?.id;

  // At first, and whenever an answer is begun.
  useEffect(() => field.current?.focus(), [answeredId]);

  const send = async (): Promise<void> => {
    const message = draft.trim();
    if (message === '' || isSending) return;
    setSending(true);
    setFailed(false);
    try {
      await onSend(message);
      setDraft((now) => (now.trim() === message ? '' : now));
    } catch {
      // Why is told by whoever sends; here the words are kept.
      setFailed(true);
    } finally {
      setSending(false);
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && answered) {
      // The answer is given up first, the panel closed by the next press.
      event.preventDefault();
      onCancelReply();
    }
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void send();
  };

  return (
    <form
      className="chat__composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {hasFailed && (
        <p className="field__problem" role="alert">
          {text('chat.failed')}
        </p>
      )}
      {answered && (
        <div className="chat__replying">
          <p className="chat__answered" dir="auto">
            <CornerUpLeft size={14} aria-hidden="true" />
            <span>{`${text('chat.replyingTo', { name: answered.name })}: ${answered.text}`}</span>
          </p>
          <IconButton label={text('chat.cancelReply')} hintAlign="end" onClick={onCancelReply}>
            <X size={16} aria-hidden="true" />
          </IconButton>
        </div>
      )}
      <AudiencePicker audiences={audiences} to={to} onAudience={onAudience} />
      <div className="chat__field">
        <textarea
          ref={field}
          rows={1}
          data-testid={TEST_IDS.chatField}
          value={draft}
          maxLength={MAX_LENGTH}
          placeholder={to === 'everyone' ? text('chat.placeholder') : text('chat.label')}
          aria-label={text('chat.label')}
          aria-describedby={remaining <= NEARLY_FULL ? hint : undefined}
          onChange={(event) => setDraft(event.target.value)}
          onKeyDown={onKeyDown}
          dir="auto"
        />
        <button
          type="submit"
          className="icon-button chat__send"
          aria-label={text('chat.send')}
          data-testid={TEST_IDS.chatSend}
          disabled={draft.trim() === '' || isSending}
        >
          <SendHorizontal size={20} aria-hidden="true" />
        </button>
      </div>
      {remaining <= NEARLY_FULL && (
        <p id={hint} className="chat__remaining">
          {text('chat.remaining', { count: remaining })}
        </p>
      )}
    </form>
  );
}

/** As the value of an option; ids of participants never have a space. */
const TO_PERSON = 'person ';

type AudiencePickerProps = Pick<ComposerProps, 'audiences' | 'to' | 'onAudience'>;

function AudiencePicker({ audiences, to, onAudience }: AudiencePickerProps) {
  const text = useText();
  const field = useId();
  const choose = (value: string): void => {
    if (value === 'everyone' || value === 'hosts') onAudience(value);
    else onAudience({ participantId: value.slice(TO_PERSON.length) });
  };
  return (
    <div className="chat__to">
      <label htmlFor={field}>{text('chat.to')}</label>
      <select
        id={field}
        className="select"
        data-testid={TEST_IDS.chatTo}
        value={typeof to === 'string' ? to : TO_PERSON + to.participantId}
        onChange={({ target }) => choose(target.value)}
      >
        {audiences.everyone && <option value="everyone">{text('chat.toEveryone')}</option>}
        {audiences.hosts && <option value="hosts">{text('chat.toHosts')}</option>}
        {audiences.people.map(({ id, name }) => (
          <option key={id} value={TO_PERSON + id}>
            {text('chat.toPerson', { name })}
          </option>
        ))}
      </select>
    </div>
  );
}
