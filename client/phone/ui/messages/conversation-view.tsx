import { ArrowLeft, Phone, SendHorizontal, Trash2 } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useText, type PlainTextKey } from '../../../app/i18n/text.ts';
import '../../../app/room/chat/chat.css';
import { IconButton } from '../../../app/ui/icon-button.tsx';
import { WrittenAt, WrittenText } from '../../../app/ui/written.tsx';
import type { Peer } from '../../agent/call-state.ts';
import { MAX_MESSAGE_LENGTH } from '../../agent/messages.ts';
import type { MessageProblem } from '../../agent/messages.ts';
import type { Desk } from '../../desk.ts';
import type { Message } from '../../memory/conversations.ts';
import { nameOf } from '../names.ts';
import { PHONE_IDS } from '../testids.ts';

interface ConversationViewProps {
  readonly desk: Desk;
  readonly peer: Peer;
  readonly messages: readonly Message[];
  readonly onBack: () => void;
}

/** What was written with one person, and the field to write in. */
export function ConversationView({ desk, peer, messages, onBack }: ConversationViewProps) {
  const text = useText();
  const { address } = peer;
  const name = nameOf(peer, desk.agent.account.domain);
  const list = useRef<HTMLOListElement>(null);
  const newest = messages.at(-1);

  useEffect(() => desk.conversations.markRead(address), [desk, address, newest]);
  useLayoutEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [newest]);

  const forget = (): void => {
    desk.conversations.forget(address);
    onBack();
  };
  return (
    <section className="pane" aria-label={text('phone.conversationWith', { name })}>
      <header className="pane__head">
        <IconButton label={text('phone.back')} hintSide="bottom" onClick={onBack}>
          <ArrowLeft size={20} aria-hidden="true" />
        </IconButton>
        <h2 className="pane__heading" dir="auto">
          {name}
        </h2>
        {messages.length > 0 && (
          <IconButton label={text('phone.forget')} hintSide="bottom" hintAlign="end" onClick={forget}>
            <Trash2 size={18} aria-hidden="true" />
          </IconButton>
        )}
        <IconButton
          label={text('phone.callName', { name })}
          hintSide="bottom"
          hintAlign="end"
          onClick={() => void desk.call({ address, keys: '' }, false)}
        >
          <Phone size={18} aria-hidden="true" />
        </IconButton>
      </header>
      <ol
        ref={list}
        className="chat__list messages"
        tabIndex={0}
        aria-live="polite"
        aria-label={text('phone.conversationWith', { name })}
      >
        {messages.map((message) => (
          <Line
            key={message.id}
            message={message}
            name={name}
            onRetry={() => void desk.write(peer, message.text)}
          />
        ))}
      </ol>
      <Composer onSend={(message) => void desk.write(peer, message)} />
    </section>
  );
}

interface LineProps {
  readonly message: Message;
  readonly name: string;
  readonly onRetry: () => void;
}

function Line({ message, name, onRetry }: LineProps) {
  const text = useText();
  const isOwn = message.direction === 'outbound';
  const status = statusText(message);
  return (
    <li
      className="chat__message message-line"
      data-own={isOwn || undefined}
      data-testid={PHONE_IDS.message}
      data-status={message.status}
    >
      <p className="chat__head">
        <span className="chat__writer" dir="auto">
          {isOwn ? text('phone.you') : name}
        </span>
        <WrittenAt at={new Date(message.at)} />
      </p>
      <WrittenText words={message.text} />
      {status && (
        <p className="message-line__status">
          {text(status)}
          {message.status === 'failed' && (
            <button type="button" className="button button--small button--quiet" onClick={onRetry}>
              {text('phone.tryAgain')}
            </button>
          )}
        </p>
      )}
    </li>
  );
}

const PROBLEMS: Record<MessageProblem, PlainTextKey> = {
  'not-there': 'phone.messageNotThere',
  'not-found': 'phone.messageNotFound',
  refused: 'phone.messageRefused',
  unreachable: 'phone.messageUnreachable',
  'no-answer': 'phone.messageNoAnswer',
  failed: 'phone.notDelivered',
};

function statusText({ status, problem }: Message): PlainTextKey | null {
  switch (status) {
    case 'received':
      return null;
    case 'sending':
      return 'phone.sending';
    case 'delivered':
      return 'phone.delivered';
    case 'accepted':
      return 'phone.accepted';
    case 'failed':
      return PROBLEMS[problem ?? 'failed'];
  }
}

function Composer({ onSend }: { readonly onSend: (message: string) => void }) {
  const text = useText();
  const field = useRef<HTMLTextAreaElement>(null);
  const [draft, setDraft] = useState('');
  useEffect(() => field.current?.focus(), []);

  const send = (): void => {
    const message = draft.trim();
    if (message === '') return;
    onSend(message);
    setDraft('');
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <form
      className="chat__composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className="chat__field">
        <textarea
          ref={field}
          rows={1}
          value={draft}
          maxLength={MAX_MESSAGE_LENGTH}
          aria-label={text('phone.messageField')}
          placeholder={text('phone.messageField')}
          data-testid={PHONE_IDS.messageField}
          onChange={({ target }) => setDraft(target.value)}
          onKeyDown={onKeyDown}
          dir="auto"
        />
        <button
          type="submit"
          className="icon-button chat__send"
          aria-label={text('phone.send')}
          data-testid={PHONE_IDS.sendMessage}
          disabled={draft.trim() === ''}
        >
          <SendHorizontal size={20} aria-hidden="true" />
        </button>
      </div>
    </form>
  );
}
