import { ArrowDown, MessageCircle, SendHorizontal } from 'lucide-react';
import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type UIEvent } from 'react';
import type { ChatMessage, ParticipantId } from '../../../sdk/types.ts';
import { useText } from '../../i18n/text.ts';
import { TEST_IDS } from '../../testids.ts';
import { Panel } from '../panel.tsx';
import { piecesOf } from './links.ts';
import './chat.css';

/** As the contract has it. */
const MAX_LENGTH = 4_000;
/** From here on the writer is told how much is left. */
const NEARLY_FULL = 200;
/** Messages of one person within this time share one head, in ms. */
const SAME_BREATH_MS = 120_000;
/** Closer to the end than this counts as reading the newest, in pixels. */
const NEAR_END = 48;

interface ChatPanelProps {
  readonly messages: readonly ChatMessage[];
  readonly selfId: ParticipantId | undefined;
  /** Rejects when the message did not get through. */
  readonly onSend: (text: string) => Promise<void>;
  readonly onClose: () => void;
}

/** What was written, and the field to write in. */
export function ChatPanel({ messages, selfId, onSend, onClose }: ChatPanelProps) {
  const text = useText();
  return (
    <Panel heading={text('chat.heading')} testId={TEST_IDS.chatPanel} onClose={onClose}>
      <Messages messages={messages} selfId={selfId} />
      <Composer onSend={onSend} />
    </Panel>
  );
}

function Messages({ messages, selfId }: Pick<ChatPanelProps, 'messages' | 'selfId'>) {
  const text = useText();
  const list = useRef<HTMLOListElement>(null);
  const followsNewest = useRef(true);
  const [hasUnseen, setUnseen] = useState(false);
  const newest = messages.at(-1);

  const toNewest = (): void => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
    setUnseen(false);
  };
  useLayoutEffect(() => {
    if (followsNewest.current || newest?.participantId === selfId) toNewest();
    else setUnseen(true);
  }, [newest, selfId]);

  const onScroll = ({ currentTarget }: UIEvent): void => {
    const { scrollHeight, scrollTop, clientHeight } = currentTarget;
    followsNewest.current = scrollHeight - scrollTop - clientHeight < NEAR_END;
    if (followsNewest.current) setUnseen(false);
  };

  if (messages.length === 0)
    return (
      <div className="chat__empty">
        <MessageCircle size={32} aria-hidden="true" />
        <p>{text('chat.empty')}</p>
        <p className="chat__empty-hint">{text('chat.emptyHint')}</p>
      </div>
    );
  return (
    <div className="chat__scroll">
      {/* Reachable by keyboard, as a scrolled list must be. */}
      <ol
        ref={list}
        className="chat__list"
        onScroll={onScroll}
        tabIndex={0}
        aria-label={text('chat.heading')}
      >
        {messages.map((message, index) => (
          <Message
            key={message.id}
            message={message}
            isOwn={message.participantId === selfId}
            goesOn={isSameBreath(messages[index - 1], message)}
          />
        ))}
      </ol>
      {hasUnseen && (
        <button type="button" className="button button--small chat__to-newest" onClick={toNewest}>
          <ArrowDown size={16} aria-hidden="true" />
          {text('chat.toNewest')}
        </button>
      )}
    </div>
  );
}

function isSameBreath(before: ChatMessage | undefined, { participantId, at }: ChatMessage): boolean {
  return before?.participantId === participantId && at - before.at < SAME_BREATH_MS;
}

interface MessageProps {
  readonly message: ChatMessage;
  readonly isOwn: boolean;
  /** Whether it goes on from the message before, so that the head needs no repeating. */
  readonly goesOn: boolean;
}

function Message({ message, isOwn, goesOn }: MessageProps) {
  const text = useText();
  const at = new Date(message.at);
  const time = new Intl.DateTimeFormat(text.language, { timeStyle: 'short' }).format(at);
  return (
    <li
      className="chat__message"
      data-own={isOwn || undefined}
      data-goes-on={goesOn || undefined}
      data-testid={TEST_IDS.chatMessage}
      data-message-id={message.id}
    >
      <p className={goesOn ? 'visually-hidden' : 'chat__head'}>
        <span className="chat__writer" dir="auto">
          {isOwn ? text('room.you') : message.name}
        </span>
        <time className="chat__time" dateTime={at.toISOString()}>
          {time}
        </time>
      </p>
      <p className="chat__text" dir="auto">
        {piecesOf(message.text).map((piece, index) =>
          'href' in piece ? (
            <a key={index} href={piece.href} target="_blank" rel="noopener noreferrer">
              {piece.text}
            </a>
          ) : (
            piece.text
          ),
        )}
      </p>
    </li>
  );
}

function Composer({ onSend }: Pick<ChatPanelProps, 'onSend'>) {
  const text = useText();
  const field = useRef<HTMLTextAreaElement>(null);
  const hint = useId();
  const [draft, setDraft] = useState('');
  const [hasFailed, setFailed] = useState(false);
  const [isSending, setSending] = useState(false);
  const remaining = MAX_LENGTH - draft.length;

  useEffect(() => field.current?.focus(), []);

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
      <div className="chat__field">
        <textarea
          ref={field}
          rows={1}
          data-testid={TEST_IDS.chatField}
          value={draft}
          maxLength={MAX_LENGTH}
          placeholder={text('chat.placeholder')}
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
