/** What is written in one room: who may write to whom, and who gets to read it. */
import type { Reaction, Request } from '../signalling/contract.ts';
import { ConferenceError } from './errors.ts';
import type { ChatAudience, ChatMessage, RoomName } from './model.ts';
import type { Participant } from './participant.ts';
import type { ChatReader, ChatStore } from './ports.ts';
import { requirePower } from './roles.ts';
import type { RoomSettings } from './settings.ts';

export interface ChatParts {
  room: RoomName;
  store: ChatStore;
  /** Messages that a newcomer is shown. */
  tail: number;
  newId: () => string;
  /** Ms since the epoch. */
  now: () => number;
  settings: () => RoomSettings;
  participants: () => Iterable<Participant>;
}

/** Messages that an export has, the last ones. Higher: more of a long story. Lower: less memory for it. */
const EXPORTED = 20_000;

/** Who sees everything but what was written to one person: for export by whoever runs the server. */
const OPERATOR: ChatReader = { participantId: null, seesAsHost: true, since: 0 };

/** What was written to all and to hosts, as text, whether anybody is there or not. */
export function chatForOperator(store: ChatStore, room: RoomName): string {
  return asText(store.last(room, OPERATOR, EXPORTED));
}

export class Chat {
  readonly #parts: ChatParts;

  constructor(parts: ChatParts) {
    this.#parts = parts;
  }

  /** @throws ConferenceError `forbidden`, `unknown-participant`, `unknown-message`; Error when it cannot be kept */
  write(writer: Participant, { text, to, replyTo }: Request<'chat'>): ChatMessage {
    const { room, store, newId, now } = this.#parts;
    this.#assertMayWrite(writer, to);
    if (replyTo !== null) this.#find(writer, replyTo);
    const { id: participantId, name } = writer.info;
    const message = { id: newId(), participantId, name, text, at: now(), to, replyTo, reactions: [] };
    store.add(room, message);
    this.#tell(message, 'chatMessage');
    return message;
  }

  /** Sets one's own reaction to a message, or takes it back. @throws ConferenceError `forbidden`, `unknown-message` */
  react(participant: Participant, messageId: string, reaction: Reaction, on: boolean): void {
    requirePower(participant, 'react');
    const message = this.#find(participant, messageId);
    const reactions = withReaction(message.reactions, reaction, participant.id, on);
    this.#parts.store.setReactions(messageId, reactions);
    this.#tell({ ...message, reactions }, 'chatMessageChanged');
  }

  /** What a participant is shown who comes now, or comes back. Oldest first. */
  history(reader: Participant): ChatMessage[] {
    return this.#parts.store.last(this.#parts.room, this.#readerOf(reader), this.#parts.tail);
  }

  /** What this reader may see, null for whoever runs the server, as text. */
  export(reader: Participant | null): string {
    const { store, room } = this.#parts;
    return reader ? asText(store.last(room, this.#readerOf(reader), EXPORTED)) : chatForOperator(store, room);
  }

  #assertMayWrite(writer: Participant, to: ChatAudience): void {
    requirePower(writer, 'chat');
    const receiver = typeof to === 'object' ? this.#present(to.participantId) : null;
    if (writer.may('see-as-host')) return;
    const { chat, directChat } = this.#parts.settings();
    const isToHosts = to === 'hosts' || receiver?.may('see-as-host') === true;
    if (chat === 'nobody' || (chat === 'hosts' && !isToHosts)) {
      throw new ConferenceError('forbidden', `The room's setting chat is ${chat}.`);
    }
    if (receiver && !directChat) {
      throw new ConferenceError('forbidden', "The room's setting directChat is off.");
    }
  }

  #present(id: string): Participant {
    const found = [...this.#parts.participants()].find((participant) => participant.id === id);
    if (!found) throw new ConferenceError('unknown-participant', `Nobody here is ${id}.`);
    return found;
  }

  #find(reader: Participant, messageId: string): ChatMessage {
    const message = this.#parts.store.find(this.#parts.room, messageId, this.#readerOf(reader));
    if (!message) throw new ConferenceError('unknown-message', `You see no message ${messageId}.`);
    return message;
  }

  #readerOf(participant: Participant): ChatReader {
    const seesAsHost = participant.may('see-as-host');
    const { id: participantId, joinedAt } = participant.info;
    return {
      participantId,
      seesAsHost,
      since: seesAsHost || this.#parts.settings().chatHistory ? 0 : joinedAt,
    };
  }

  #tell(message: ChatMessage, type: 'chatMessage' | 'chatMessageChanged'): void {
    for (const participant of this.#parts.participants()) {
      if (maySee(this.#readerOf(participant), message)) participant.tell({ type, message });
    }
  }
}

/** The same rule as the store has for what it gives out. */
function maySee({ participantId, seesAsHost, since }: ChatReader, message: ChatMessage): boolean {
  const { to, at } = message;
  if (at < since) return false;
  if (to === 'everyone' || participantId === message.participantId) return true;
  return to === 'hosts' ? seesAsHost : to.participantId === participantId;
}

function withReaction(
  reactions: ChatMessage['reactions'],
  reaction: Reaction,
  participantId: string,
  on: boolean,
): ChatMessage['reactions'] {
  const isThere = reactions.some((known) => known.reaction === reaction);
  const all = isThere ? reactions : [...reactions, { reaction, participantIds: [] }];
  return all
    .map((known) => {
      if (known.reaction !== reaction) return known;
      const others = known.participantIds.filter((id) => id !== participantId);
      return { reaction, participantIds: on ? [...others, participantId] : others };
    })
    .filter(({ participantIds }) => participantIds.length > 0);
}

/** One line a message, others of it indented. */
function asText(messages: readonly ChatMessage[]): string {
  return messages.map(asLine).join('');
}

function asLine({ at, name, to, text }: ChatMessage): string {
  const audience = to === 'everyone' ? '' : to === 'hosts' ? ' (to hosts)' : ' (to one person)';
  // Nobody can write a line that looks like another one's message.
  return `${new Date(at).toISOString()} ${name}${audience}: ${text.replaceAll(/\r\n?|\n/g, '\n    ')}\n`;
}
