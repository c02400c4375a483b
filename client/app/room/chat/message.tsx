import { CornerUpLeft, Reply, SmilePlus } from 'lucide-react';
import type { ChatMessage, ParticipantId, ParticipantInfo, Reaction } from '../../../sdk/types.ts';
import { useText, type Text } from '../../i18n/text.ts';
import { TEST_IDS } from '../../testids.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { WrittenAt, WrittenText } from '../../ui/written.tsx';
import { Menu } from '../controls/menu.tsx';
import { ReactionButtons } from '../reactions/reaction-buttons.tsx';
import { REACTION_NAMES, REACTIONS } from '../reactions/reaction-names.ts';

interface MessageProps {
  readonly message: ChatMessage;
  /** What it answers, if it does and that is still there. */
  readonly answered: ChatMessage | null;
  readonly participants: readonly ParticipantInfo[];
  readonly selfId: ParticipantId | undefined;
  /** Whether it goes on from the message before, so that the head needs no repeating. */
  readonly goesOn: boolean;
  readonly onReply: ((message: ChatMessage) => void) | null;
  readonly onReact: ((message: ChatMessage, reaction: Reaction) => void) | null;
}

export function Message(props: MessageProps) {
  const { message, answered, participants, selfId, goesOn, onReply, onReact } = props;
  const text = useText();
  const isOwn = message.participantId === selfId;
  const scope = scopeOf(message, participants, selfId, text);
  return (
    <li
      className="chat__message"
      data-own={isOwn || undefined}
      data-goes-on={goesOn || undefined}
      data-private={scope !== null || undefined}
      data-testid={TEST_IDS.chatMessage}
      data-message-id={message.id}
    >
      <p className={goesOn ? 'visually-hidden' : 'chat__head'}>
        <span className="chat__writer" dir="auto">
          {isOwn ? text('room.you') : message.name}
        </span>
        {scope !== null && <span className="chat__scope">{scope}</span>}
        <WrittenAt at={new Date(message.at)} />
      </p>
      {message.replyTo !== null && (
        <p className="chat__answered" dir="auto">
          <CornerUpLeft size={14} aria-hidden="true" />
          <span>{answered ? `${answered.name}: ${answered.text}` : text('chat.gone')}</span>
        </p>
      )}
      <WrittenText words={message.text} />
      <Reactions message={message} participants={participants} selfId={selfId} onReact={onReact} />
      <span className="chat__tools">
        {onReact && <ReactButton message={message} onReact={(reaction) => onReact(message, reaction)} />}
        {onReply && (
          <IconButton
            label={text('chat.reply', { name: message.name })}
            hintAlign="end"
            data-testid={TEST_IDS.chatReply}
            onClick={() => onReply(message)}
          >
            <Reply size={16} aria-hidden="true" />
          </IconButton>
        )}
      </span>
    </li>
  );
}

/** For whom it is, where that is not everybody. */
function scopeOf(
  { to, participantId }: ChatMessage,
  participants: readonly ParticipantInfo[],
  selfId: ParticipantId | undefined,
  text: Text,
): string | null {
  if (to === 'everyone') return null;
  if (to === 'hosts') return text('chat.forHosts');
  if (participantId !== selfId) return text('chat.forYou');
  const receiver = participants.find(({ id }) => id === to.participantId);
  return text('chat.forPerson', { name: receiver?.name ?? '…' });
}

type ReactionsProps = Pick<MessageProps, 'message' | 'participants' | 'selfId' | 'onReact'>;

function Reactions({ message, participants, selfId, onReact }: ReactionsProps) {
  const text = useText();
  if (message.reactions.length === 0) return null;
  const names = new Intl.ListFormat(text.locale);
  const nameOf = (id: string): string =>
    id === selfId ? text('chat.fromYou') : (participants.find((person) => person.id === id)?.name ?? '…');
  return (
    <ul className="chat__reactions">
      {message.reactions.map(({ reaction, participantIds }) => {
        const known = REACTIONS.find((one) => one === reaction);
        const label = text('chat.reaction', {
          reaction: known ? text(REACTION_NAMES[known]) : reaction,
          names: names.format(participantIds.map(nameOf)),
        });
        return (
          <li key={reaction}>
            <button
              type="button"
              className="chat__reaction with-hint"
              aria-label={label}
              data-hint={label}
              aria-pressed={selfId !== undefined && participantIds.includes(selfId)}
              data-testid={TEST_IDS.chatReaction}
              disabled={!onReact || !known}
              onClick={() => {
                if (known) onReact?.(message, known);
              }}
            >
              <span aria-hidden="true">{reaction}</span>
              <span aria-hidden="true">{participantIds.length}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

interface ReactButtonProps {
  readonly message: ChatMessage;
  readonly onReact: (reaction: Reaction) => void;
}

function ReactButton({ message, onReact }: ReactButtonProps) {
  const text = useText();
  return (
    <Menu
      label={text('chat.react', { name: message.name })}
      className="menu--reactions"
      icon={<SmilePlus size={16} aria-hidden="true" />}
      hintAlign="end"
      testId={TEST_IDS.chatReact}
    >
      <ReactionButtons
        onReact={(reaction, button) => {
          button.closest<HTMLElement>('[popover]')?.hidePopover();
          onReact(reaction);
        }}
      />
    </Menu>
  );
}
