/** What was written to and by whom, kept in this browser: one conversation for each address. */
import { isRecord, readStored, store } from '../../app/preferences/storage.ts';
import { Observable } from '../../app/ui/observable.ts';
import type { Peer } from '../agent/call-state.ts';
import type { Delivery, MessageProblem } from '../agent/messages.ts';

export type MessageStatus = 'received' | 'sending' | Delivery | 'failed';

export interface Message {
  /** Counts up within the account. */
  readonly id: number;
  readonly direction: 'inbound' | 'outbound';
  readonly text: string;
  /** In ms since the epoch. */
  readonly at: number;
  readonly status: MessageStatus;
  /** Why it failed. */
  readonly problem: MessageProblem | null;
}

export interface Conversation {
  readonly address: string;
  readonly name: string | null;
  /** Oldest first. */
  readonly messages: readonly Message[];
  readonly unread: number;
}

const MAX_CONVERSATIONS = 50;
const MAX_MESSAGES = 200;
const STATUSES: ReadonlySet<unknown> = new Set<MessageStatus>([
  'received',
  'sending',
  'delivered',
  'accepted',
  'failed',
]);

/** Conversations, the one with the latest message first. */
export class Conversations extends Observable<readonly Conversation[]> {
  readonly #key: string;

  /** @param owner the account's address */
  constructor(owner: string) {
    const key = `tertulia.phone.messages.${owner}`;
    super(parseConversations(readStored(key)));
    this.#key = key;
  }

  receive(from: Peer, text: string, now: number): void {
    this.#add(from, { direction: 'inbound', text, at: now, status: 'received' }, 1);
  }

  /** @returns the message's id, to tell later what became of it */
  begin(to: Peer, text: string, now: number): number {
    return this.#add(to, { direction: 'outbound', text, at: now, status: 'sending' }, 0);
  }

  settle(id: number, status: Delivery | 'failed', problem: MessageProblem | null): void {
    this.#keep(
      this.state.map((conversation) => ({
        ...conversation,
        messages: conversation.messages.map((message) =>
          message.id === id ? { ...message, status, problem } : message,
        ),
      })),
    );
  }

  markRead(address: string): void {
    if (!this.state.some((conversation) => conversation.address === address && conversation.unread > 0))
      return;
    this.#keep(
      this.state.map((conversation) =>
        conversation.address === address ? { ...conversation, unread: 0 } : conversation,
      ),
    );
  }

  forget(address: string): void {
    this.#keep(this.state.filter((conversation) => conversation.address !== address));
  }

  #add({ address, name }: Peer, message: Omit<Message, 'id' | 'problem'>, unread: number): number {
    const id = 1 + Math.max(0, ...this.state.flatMap(({ messages }) => messages.map((other) => other.id)));
    const before = this.state.find((conversation) => conversation.address === address);
    const conversation: Conversation = {
      address,
      name: name ?? before?.name ?? null,
      messages: [...(before?.messages ?? []), { ...message, id, problem: null }].slice(-MAX_MESSAGES),
      unread: (before?.unread ?? 0) + unread,
    };
    this.#keep([conversation, ...this.state.filter((other) => other !== before)].slice(0, MAX_CONVERSATIONS));
    return id;
  }

  #keep(conversations: readonly Conversation[]): void {
    store(this.#key, conversations);
    this.set(conversations);
  }
}

export function parseConversations(stored: unknown): readonly Conversation[] {
  if (!Array.isArray(stored)) return [];
  return stored.filter(isConversation).map((conversation) => ({
    ...conversation,
    // The page was closed before it was known: better said to have failed than never.
    messages: conversation.messages.map((message) =>
      message.status === 'sending' ? { ...message, status: 'failed', problem: 'failed' } : message,
    ),
  }));
}

function isConversation(value: unknown): value is Conversation {
  if (!isRecord(value)) return false;
  const { address, name, messages, unread } = value;
  return (
    typeof address === 'string' &&
    (name === null || typeof name === 'string') &&
    typeof unread === 'number' &&
    Array.isArray(messages) &&
    messages.every(isMessage)
  );
}

function isMessage(value: unknown): value is Message {
  if (!isRecord(value)) return false;
  const { id, direction, text, at, status, problem } = value;
  return (
    typeof id === 'number' &&
    (direction === 'inbound' || direction === 'outbound') &&
    typeof text === 'string' &&
    typeof at === 'number' &&
    STATUSES.has(status) &&
    (problem === null || typeof problem === 'string')
  );
}
