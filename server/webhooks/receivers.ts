/** Who is told: the URLs of the settings, and those that were added while the server runs, each with a secret. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../conference/ports.ts';
import { webhookEvents } from '../webhook-events.ts';
import type { WebhookEvent } from '../webhook-events.ts';
import { AddressError, assertPublicHost } from './address.ts';

export interface Receiver {
  /** Of one from the settings its URL. */
  id: string;
  url: string;
  /** What is sent there is signed with it. */
  secret: string;
  /** What it is told of. */
  events: readonly WebhookEvent[];
}

export interface AddedReceiver extends Receiver {
  /** Ms since the epoch. */
  createdAt: number;
}

/** Implemented by the store. */
export interface ReceiverStore {
  add(receiver: AddedReceiver): void;
  /** Oldest first. */
  all(): AddedReceiver[];
  /** @returns false when there is no such receiver */
  remove(id: string): boolean;
}

export interface ReceiversParts {
  configured: readonly Receiver[];
  store: ReceiverStore;
  /** Lets webhooks go to private addresses too. */
  allowPrivate: boolean;
  clock: Clock;
  newId: () => string;
}

/** More would make each event many requests. */
const MAX_ADDED = 100;
const SECRET_BYTES = 32;

/** Those of the settings: all of them are told of everything, and share a secret. */
export function configuredReceivers(urls: readonly string[], secret: string | null): Receiver[] {
  if (secret === null) return [];
  return [...new Set(urls)].map((url) => ({ id: url, url, secret, events: webhookEvents }));
}

export class Receivers {
  readonly #parts: ReceiversParts;
  /** Those that were added, by id: each event asks for them. */
  readonly #added = new Map<string, AddedReceiver>();

  constructor(parts: ReceiversParts) {
    this.#parts = parts;
    this.reload();
  }

  /** Another process may have added some, or removed them. */
  reload(): void {
    const added = this.#parts.store.all();
    this.#added.clear();
    for (const receiver of added) this.#added.set(receiver.id, receiver);
  }

  get configured(): readonly Receiver[] {
    return this.#parts.configured;
  }

  get added(): readonly AddedReceiver[] {
    return [...this.#added.values()];
  }

  get ids(): string[] {
    return [...this.configured, ...this.added].map(({ id }) => id);
  }

  toldOf(event: WebhookEvent): Receiver[] {
    return [...this.configured, ...this.added].filter(({ events }) => events.includes(event));
  }

  find(id: string): Receiver | null {
    return this.#added.get(id) ?? this.configured.find((receiver) => receiver.id === id) ?? null;
  }

  /** Where names lead is looked at each time that something is sent; an address that is private is refused at once. */
  add({ url, events }: Pick<Receiver, 'url' | 'events'>): AddedReceiver | 'private-address' | 'too-many' {
    const { store, clock, newId, allowPrivate } = this.#parts;
    if (this.#added.size >= MAX_ADDED) return 'too-many';
    if (!allowPrivate && isPrivate(url)) return 'private-address';
    // In the form of the standard, so that receivers' libraries take it as it is.
    const secret = `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
    const receiver = { id: newId(), url, events, secret, createdAt: clock.now() };
    store.add(receiver);
    this.#added.set(receiver.id, receiver);
    return receiver;
  }

  /** @returns false for one that was not added */
  remove(id: string): boolean {
    this.#added.delete(id);
    return this.#parts.store.remove(id);
  }
}

function isPrivate(url: string): boolean {
  try {
    assertPublicHost(new URL(url));
    return false;
  } catch (error) {
    if (error instanceof AddressError) return true;
    throw error;
  }
}
