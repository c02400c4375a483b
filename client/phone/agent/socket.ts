/** SIP over WebSocket (RFC 7118) as JsSIP wants it, with an ear on every message and a limit to waiting. */
import { WebSocketInterface } from 'jssip';
import type { TraceEntry } from './trace.ts';

type Listener = (direction: TraceEntry['direction'], message: string) => void;

/** A socket that is not open by then is given up, in ms; browsers wait for minutes. */
const OPEN_TIMEOUT_MS = 10_000;
/** Told to JsSIP of a connection that was given up (RFC 6455, 7.4.1: closed abnormally). */
const ABNORMAL = 1006;

/**
 * Of JsSIP's own class this keeps the address; the connection is ours. `onconnect`, `ondisconnect` and `ondata` are
 * set by JsSIP, which also opens the socket again when it is lost.
 */
export class SipSocket extends WebSocketInterface {
  readonly #listener: Listener;
  #socket: WebSocket | null = null;
  #ending = new AbortController();

  /** @param url `ws://…` or `wss://…` @param listener hears every message, both ways */
  constructor(url: string, listener: Listener) {
    super(url);
    this.#listener = listener;
  }

  override connect(): void {
    if (this.#socket) return;
    const socket = new WebSocket(this.url, 'sip');
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    this.#ending = new AbortController();
    const { signal } = this.#ending;
    const timer = setTimeout(() => this.abandon(), OPEN_TIMEOUT_MS);
    signal.addEventListener('abort', () => clearTimeout(timer));
    socket.addEventListener(
      'open',
      () => {
        clearTimeout(timer);
        this.onconnect();
      },
      { signal },
    );
    socket.addEventListener('message', ({ data }) => this.#receive(data), { signal });
    socket.addEventListener(
      'close',
      ({ wasClean, code, reason }) => {
        this.disconnect();
        this.ondisconnect(!wasClean, code, reason);
      },
      { signal },
    );
  }

  override disconnect(): void {
    this.#ending.abort();
    this.#socket?.close();
    this.#socket = null;
  }

  /** For a connection that looks open and carries nothing any more: JsSIP makes another one. */
  abandon(): void {
    if (!this.#socket) return;
    this.disconnect();
    this.ondisconnect(true, ABNORMAL, 'given up');
  }

  override send(message: Parameters<WebSocketInterface['send']>[0]): boolean {
    if (!this.isConnected() || typeof message !== 'string') return false;
    this.#socket?.send(message);
    this.#listener('sent', message);
    return true;
  }

  override isConnected(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  override isConnecting(): boolean {
    return this.#socket?.readyState === WebSocket.CONNECTING;
  }

  #receive(data: unknown): void {
    const message = data instanceof ArrayBuffer ? new TextDecoder().decode(data) : data;
    if (typeof message !== 'string') return;
    this.#listener('received', message);
    this.ondata(message);
  }
}
