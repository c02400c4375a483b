import { ArrowDown } from 'lucide-react';
import { useLayoutEffect, useRef, useState, type UIEvent } from 'react';
import type { ChatMessage, ParticipantId, ParticipantInfo, Reaction } from '../../../sdk/types.ts';
import { useText } from '../../i18n/text.ts';
import { Message } from './message.tsx';

/** Messages of one person within this time share one head, in ms. */
const SAME_BREATH_MS = 120_000;
/** Closer to the end than this counts as reading the newest, in pixels. */
const NEAR_END = 48;

interface MessageListProps {
  readonly messages: readonly ChatMessage[];
  readonly participants: readonly ParticipantInfo[];
  readonly selfId: ParticipantId | undefined;
  /** Null where one may not. */
  readonly onReply: ((message: ChatMessage) => void) | null;
  readonly onReact: ((message: ChatMessage, reaction: Reaction) => void) | null;
}

/** All messages; follows the newest one as long as the reader is there. */
export function MessageList({ messages, participants, selfId, onReply, onReact }: MessageListProps) {
  const text = useText();
  const list = useRef<HTMLOListElement>(null);
  const followsNewest = useRef(true);
  const [hasUnseen, setUnseen] = useState(false);
  const newest = messages.at(-1);
  const newestId = newest?.id;
  const isNewestOwn = newest?.participantId === selfId;

  const toNewest = (): void => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
    setUnseen(false);
  };
  useLayoutEffect(() => {
    if (followsNewest.current || isNewestOwn) toNewest();
    else setUnseen(true);
  }, [newestId, isNewestOwn]);

  const onScroll = ({ currentTarget }: UIEvent): void => {
    const { scrollHeight, scrollTop, clientHeight } = currentTarget;
    followsNewest.current = scrollHeight - scrollTop - clientHeight < NEAR_END;
    if (followsNewest.current) setUnseen(false);
  };

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
            answered={messages.find(({ id }) => id === message.replyTo) ?? null}
            participants={participants}
            selfId={selfId}
            goesOn={isSameBreath(messages[index - 1], message)}
            onReply={onReply}
            onReact={onReact}
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

/** Only what is for the same people needs no head of its own. */
export function isSameBreath(before: ChatMessage | undefined, message: ChatMessage): boolean {
  return (
    before?.participantId === message.participantId &&
    message.at - before.at < SAME_BREATH_MS &&
    message.replyTo === null &&
    keyOf(before.to) === keyOf(message.to)
  );
}

function keyOf(to: ChatMessage['to']): string {
  return typeof to === 'string' ? to : `person ${to.participantId}`;
}
