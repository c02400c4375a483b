/** A session with Janus over its WebSocket: requests to plugins, their answers, and what plugins tell. */
import { once } from 'node:events';
import { nanoid } from 'nanoid';
import { WebSocket } from 'ws';
import type { Traffic } from '../plan.ts';

/** Janus ends sessions of which it hears nothing for 60 s. */
const KEEPALIVE_MS = 25_000;

export interface Jsep {
  type: 'offer' | 'answer';
  sdp: string;
}

/** What comes from a plugin: what it says, and a session description if there is one. */
export interface PluginEvent {
  data: Record<string, unknown>;
  jsep: Jsep | null;
}

interface Incoming {
  janus: string;
  transaction?: string;
  sender?: number;
  data?: { id: number };
  plugindata?: { data: Record<string, unknown> };
  jsep?: Jsep;
  error?: { reason: string };
}

export class JanusSession {
  readonly traffic: Traffic = { messages: 0, bytes: 0 };
  readonly #socket: WebSocket;
  readonly #waiting = new Map<string, (message: Incoming) => void>();
  readonly #listeners = new Map<number, (event: PluginEvent) => void>();
  #id = 0;
  #keepalive: NodeJS.Timeout | null = null;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#take(data));
  }

  static async open(url: string): Promise<JanusSession> {
    const socket = new WebSocket(url, 'janus-protocol');
    await once(socket, 'open');
    const session = new JanusSession(socket);
    session.#id = (await session.#ask({ janus: 'create' })).data!.id;
    session.#keepalive = setInterval(() => session.#send({ janus: 'keepalive' }, nanoid()), KEEPALIVE_MS);
    return session;
  }

  /** @returns the handle, by which the plugin is asked */
  async attach(plugin: string, listener: (event: PluginEvent) => void = () => {}): Promise<number> {
    const handle = (await this.#ask({ janus: 'attach', plugin })).data!.id;
    this.#listeners.set(handle, listener);
    return handle;
  }

  /** @throws Error when the plugin refuses */
  async request(handle: number, body: Record<string, unknown>, jsep?: Jsep): Promise<PluginEvent> {
    const event = eventOf(await this.#ask({ janus: 'message', handle_id: handle, body, jsep }));
    const { error } = event.data;
    if (typeof error === 'string') throw new Error(`${String(body['request'])}: ${error}`);
    return event;
  }

  async close(): Promise<void> {
    if (this.#keepalive) clearInterval(this.#keepalive);
    await this.#ask({ janus: 'destroy' });
    this.#socket.close();
  }

  async #ask(message: Record<string, unknown>): Promise<Incoming> {
    const transaction = nanoid();
    const answer = new Promise<Incoming>((resolve) => this.#waiting.set(transaction, resolve));
    this.#send(message, transaction);
    const { janus, error, ...more } = await answer;
    if (janus === 'error') throw new Error(`Janus: ${error?.reason ?? 'no reason'}`);
    return { janus, ...more };
  }

  #send(message: Record<string, unknown>, transaction: string): void {
    this.#socket.send(JSON.stringify({ ...message, transaction, session_id: this.#id || undefined }));
  }

  #take(data: Buffer): void {
    this.traffic.messages += 1;
    this.traffic.bytes += data.length;
    const message = JSON.parse(data.toString()) as Incoming;
    const { janus, transaction, sender } = message;
    // The answer itself is still to come.
    if (janus === 'ack') return;
    const waiting = transaction === undefined ? undefined : this.#waiting.get(transaction);
    if (transaction !== undefined && waiting) {
      this.#waiting.delete(transaction);
      waiting(message);
    } else if (janus === 'event' && sender !== undefined) this.#listeners.get(sender)?.(eventOf(message));
  }
}

function eventOf({ plugindata, jsep }: Incoming): PluginEvent {
  return { data: plugindata?.data ?? {}, jsep: jsep ?? null };
}
