import { MessageCircle } from 'lucide-react';
import { useState } from 'react';
import type { ChatAudience, ChatMessage, Reaction, RoomState } from '../../../sdk/types.ts';
import { may } from '../../../sdk/words.ts';
import { useText } from '../../i18n/text.ts';
import { TEST_IDS } from '../../testids.ts';
import type { RoomActions } from '../actions.ts';
import { Panel } from '../panel.tsx';
import { audienceOfReply, audiencesOf, fittingAudience } from './audiences.ts';
import { Composer } from './composer.tsx';
import { MessageList } from './message-list.tsx';
import './chat.css';

interface ChatPanelProps {
  readonly state: RoomState;
  /** Whom the next message is for, as far as the room allows it. */
  readonly audience: ChatAudience;
  readonly onAudience: (audience: ChatAudience) => void;
  readonly actions: RoomActions;
  readonly onClose: () => void;
}

/** What was written, and the field to write in. */
export function ChatPanel({ state, audience, onAudience, actions, onClose }: ChatPanelProps) {
  const text = useText();
  const [answeredId, setAnsweredId] = useState<string | null>(null);
  const { chat: messages, participants, self } = state;
  const selfId = self?.participantId;
  const audiences = audiencesOf(state);
  const to = fittingAudience(audiences, audience);
  const answered = messages.find(({ id }) => id === answeredId) ?? null;

  const reply = (message: ChatMessage): void => {
    setAnsweredId(message.id);
    onAudience(audienceOfReply(message, selfId));
  };
  const react = (message: ChatMessage, reaction: Reaction): void => {
    const own = message.reactions.find((known) => known.reaction === reaction);
    const isOn = selfId !== undefined && own?.participantIds.includes(selfId) === true;
    actions.reactToMessage(message.id, reaction, !isOn);
  };

  return (
    <Panel heading={text('chat.heading')} testId={TEST_IDS.chatPanel} onClose={onClose}>
      {messages.length === 0 ? (
        <div className="chat__empty">
          <MessageCircle size={32} aria-hidden="true" />
          <p>{text('chat.empty')}</p>
          {to === 'everyone' && <p className="chat__empty-hint">{text('chat.emptyHint')}</p>}
        </div>
      ) : (
        <MessageList
          messages={messages}
          participants={participants}
          selfId={selfId}
          onReply={to === null ? null : reply}
          onReact={may(self?.role ?? 'viewer', 'react') ? react : null}
        />
      )}
      {to === null ? (
        <p className="chat__off">{text('chat.off')}</p>
      ) : (
        <Composer
          audiences={audiences}
          to={to}
          answered={answered}
          onAudience={onAudience}
          onCancelReply={() => setAnsweredId(null)}
          onSend={async (written) => {
            await actions.sendChat(written, to, answered?.id ?? null);
            setAnsweredId(null);
          }}
        />
      )}
    </Panel>
  );
}
