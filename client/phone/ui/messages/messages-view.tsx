import { useText } from '../../../app/i18n/text.ts';
import { Avatar } from '../../../app/ui/avatar.tsx';
import { useObservable } from '../../../app/ui/use-observable.ts';
import type { Desk } from '../../desk.ts';
import type { Conversation } from '../../memory/conversations.ts';
import { nameOf } from '../names.ts';
import { TargetForm } from '../target-form.tsx';
import { PHONE_IDS } from '../testids.ts';
import { ConversationView } from './conversation-view.tsx';
import './messages.css';

interface MessagesViewProps {
  readonly desk: Desk;
  /** Whose conversation is open; null shows all of them. */
  readonly openAddress: string | null;
  readonly onOpen: (address: string | null) => void;
}

/** All conversations, or one of them. */
export function MessagesView({ desk, openAddress, onOpen }: MessagesViewProps) {
  const text = useText();
  const conversations = useObservable(desk.conversations);
  if (openAddress !== null) {
    const open = conversations.find(({ address }) => address === openAddress);
    return (
      <ConversationView
        key={openAddress}
        desk={desk}
        peer={{ address: openAddress, name: open?.name ?? null }}
        messages={open?.messages ?? []}
        onBack={() => onOpen(null)}
      />
    );
  }
  return (
    <section className="pane" aria-labelledby="messages-heading">
      <header className="pane__head">
        <h2 id="messages-heading" className="pane__heading">
          {text('phone.messages')}
        </h2>
      </header>
      <div className="pane__form">
        <TargetForm
          label={text('phone.writeTo')}
          action={text('phone.startWriting')}
          domain={desk.agent.account.domain}
          testIds={{ field: PHONE_IDS.writeTo, button: PHONE_IDS.startWriting }}
          onTarget={({ address }) => onOpen(address)}
        />
      </div>
      {conversations.length === 0 ? (
        <div className="pane__empty">
          <p>{text('phone.messagesEmpty')}</p>
          <p>{text('phone.messagesEmptyHint')}</p>
        </div>
      ) : (
        <ul className="pane__scroll" tabIndex={0} aria-labelledby="messages-heading">
          {conversations.map((conversation) => (
            <Line key={conversation.address} desk={desk} conversation={conversation} onOpen={onOpen} />
          ))}
        </ul>
      )}
    </section>
  );
}

interface LineProps {
  readonly desk: Desk;
  readonly conversation: Conversation;
  readonly onOpen: (address: string) => void;
}

function Line({ desk, conversation, onOpen }: LineProps) {
  const { address, messages, unread } = conversation;
  const name = nameOf(conversation, desk.agent.account.domain);
  return (
    <li>
      <button type="button" className="conversation-line" onClick={() => onOpen(address)}>
        <Avatar participant={{ id: address, name, kind: 'browser' }} />
        <span className="conversation-line__what">
          <span className="conversation-line__name" dir="auto">
            {name}
          </span>
          <span className="conversation-line__last" dir="auto">
            {messages.at(-1)?.text}
          </span>
        </span>
        {unread > 0 && <span className="desk__count">{unread}</span>}
      </button>
    </li>
  );
}
