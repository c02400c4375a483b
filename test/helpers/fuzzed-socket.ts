/** A participant's socket that sends whatever it is told to, and knows what has to be true of it then. */
import type { JoinAnswer, ParticipantId, Result } from '../../server/signalling/contract.ts';
import { SignalClient } from './signal-client.ts';
import { withKnown } from './payloads.ts';

export class FuzzedSocket {
  /** Ids that anybody was told. */
  readonly #known: Map<string, string[]>;
  #client: SignalClient | null = null;
  #participantId: ParticipantId | null = null;

  /** @param known shared by all who may name what others were told */
  constructor(known: Map<string, string[]>) {
    this.#known = known;
  }

  /** Who it is in a room now; null while it is in none. */
  get participantId(): ParticipantId | null {
    return this.#client?.connected === true ? this.#participantId : null;
  }

  /** Another socket, if it has none. */
  async connect(url: string): Promise<void> {
    if (this.#client?.connected === true) return;
    this.#participantId = null;
    const client = await SignalClient.connect(url);
    client.onEvent((event) => {
      if (event.type === 'ended' && client === this.#client) this.#participantId = null;
      this.#learn(event);
    });
    this.#client = client;
  }

  /** @returns null where there is nobody any more to be answered */
  async request(name: string, payload: unknown): Promise<Result<unknown> | null> {
    const client = this.#client;
    if (client?.connected !== true) return null;
    try {
      return await client.say(name, withKnown(payload, this.#known), (result) => {
        if (client === this.#client) this.#take(client, name, result);
      });
    } catch (error) {
      if (isGone(client)) return null;
      throw error;
    }
  }

  /** As a cable that is cut. */
  cut(): void {
    this.#client?.cut();
  }

  close(): void {
    this.#client?.close();
  }

  #take(client: SignalClient, name: string, result: Result<unknown>): void {
    if (!result.ok) return;
    this.#learn(result.value);
    if (name === 'leave') this.#participantId = null;
    if (name !== 'join') return;
    const answer = result.value as JoinAnswer;
    if (answer.state !== 'joined') return;
    this.#participantId = answer.participantId;
    // At once: events may come together with the answer.
    client.lastEvent = answer.lastEvent;
  }

  /** Whatever could be an id. */
  #learn(value: unknown): void {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (typeof inner !== 'string' || !/id$/i.test(key)) this.#learn(inner);
      else for (const kind of new Set([key, 'id'])) this.#know(kind, inner);
    }
  }

  #know(kind: string, id: string): void {
    const ids = this.#known.get(kind) ?? [];
    this.#known.set(kind, ids);
    if (!ids.includes(id)) ids.push(id);
  }
}

function isGone({ connected }: SignalClient): boolean {
  return !connected;
}
