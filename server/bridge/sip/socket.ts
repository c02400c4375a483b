/**
 * A lasting connection to a SIP server by WebSocket (RFC 7118), in the form that JsSIP wants.
 *
 * JsSIP knows no keep-alive, and ends what is under way when its connection breaks. So a broken connection is noticed
 * and replaced here, at the next server of the list if need be, and JsSIP does not learn of it: what it sends
 * meanwhile waits. The trunk is told, and has to register again.
 */
import { WebSocketInterface } from 'jssip';
import type { Logger } from 'pino';
import { WebSocket } from 'ws';
import { retryDelayMs } from './backoff.ts';
import { Unanswered } from './unanswered.ts';

/** How long a server may take to accept a connection, in ms. */
const HANDSHAKE_MS = 10_000;
/** A longer message ends the connection; SIP with SDP has some thousand bytes. */
const MAX_MESSAGE_BYTES = 65_536;

export interface SipSocketOptions {
  /** `ws:` or `wss:` addresses of equal servers, the preferred one first. */
  uris: readonly [string, ...string[]];
  /** Authorities (PEM) that may have signed the server's certificate, in place of the well-known ones. */
  ca?: string | undefined;
  /** A connection on which nothing has come for two of these, not even an answer to a ping, is dead. */
  pingMs: number;
  logger: Logger;
  /** There is a connection, and what had waited for it is sent. */
  onUp: (uri: string) => void;
  /** There is none any more, or the try to make one has failed. */
  onDown: (reason: string) => void;
  /** A message has come; JsSIP gets it next. */
  onMessage: (text: string) => void;
}

/** Of JsSIP's own class this keeps the type. `onconnect` and `ondata` are set by JsSIP. */
export class SipSocket extends WebSocketInterface {
  readonly #options: SipSocketOptions;
  readonly #unanswered = new Unanswered();
  #connection: WebSocket | null = null;
  #index = 0;
  #failures = 0;
  #retry: NodeJS.Timeout | null = null;
  #isWanted = false;
  #wasUp = false;

  constructor(options: SipSocketOptions) {
    super(options.uris[0]);
    this.#options = options;
  }

  /** The server that it is connected to, or tries next. */
  override get url(): string {
    return this.#options.uris[this.#index] ?? this.#options.uris[0];
  }

  override get via_transport(): string {
    return this.url.startsWith('wss:') ? 'WSS' : 'WS';
  }

  /** The server as JsSIP names it in a Route header. */
  override get sip_uri(): string {
    return `sip:${new URL(this.url).host};transport=ws`;
  }

  override isConnected(): boolean {
    return this.#connection?.readyState === WebSocket.OPEN;
  }

  override isConnecting(): boolean {
    return this.#isWanted && !this.isConnected();
  }

  override connect(): void {
    this.#isWanted = true;
    if (!this.#connection && !this.#retry) this.#open();
  }

  /** Ends it for good, when what was sent is out. */
  override disconnect(): void {
    this.#isWanted = false;
    if (this.#retry) clearTimeout(this.#retry);
    this.#retry = null;
    const connection = this.#connection;
    this.#connection = null;
    connection?.close(1000);
  }

  /** What can't be sent now is sent on the next connection, unless that comes too late. */
  override send(message: string | ArrayBufferLike | Blob | ArrayBufferView): boolean {
    // JsSIP gives texts alone; its interface is wider.
    if (typeof message !== 'string') return false;
    const isUp = this.isConnected();
    this.#unanswered.note(message, isUp, performance.now());
    if (isUp) this.#connection?.send(message);
    return true;
  }

  #open(): void {
    const { ca, pingMs, logger } = this.#options;
    const uri = this.url;
    const connection = new WebSocket(uri, 'sip', {
      handshakeTimeout: HANDSHAKE_MS,
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
      ...(ca === undefined ? {} : { ca }),
    });
    this.#connection = connection;
    let hasHeard = true;
    const ping = setInterval(() => {
      if (connection.readyState !== WebSocket.OPEN) return;
      if (!hasHeard) {
        logger.warn({ uri }, 'the SIP server has gone silent');
        connection.terminate();
      }
      hasHeard = false;
      connection.ping();
    }, pingMs);
    let reason = '';
    connection.on('open', () => this.#opened(connection));
    connection.on('pong', () => {
      hasHeard = true;
    });
    connection.on('message', (data) => {
      hasHeard = true;
      // Not `connection.binaryType`: a frame of bytes is as good as one of text (RFC 7118, section 5).
      this.#received(Buffer.isBuffer(data) ? data.toString() : '');
    });
    connection.on('error', (error) => {
      reason = error.message;
    });
    connection.on('close', (code, said) => {
      clearInterval(ping);
      if (this.#connection === connection) this.#lost(reason || said.toString() || `closed with ${code}`);
    });
  }

  #opened(connection: WebSocket): void {
    this.#failures = 0;
    for (const text of this.#unanswered.takeAll(performance.now())) connection.send(text);
    this.#options.onUp(this.url);
    if (!this.#wasUp) {
      this.#wasUp = true;
      this.onconnect();
    }
  }

  #received(text: string): void {
    this.#unanswered.heard(text);
    this.#options.onMessage(text);
    try {
      this.ondata(text);
    } catch (error) {
      // JsSIP parses by a grammar, and still takes some things for granted. One message is lost, not the trunk.
      this.#options.logger.warn({ err: error, line: text.slice(0, 80) }, 'a SIP message that JsSIP fails on');
    }
  }

  #lost(reason: string): void {
    this.#connection = null;
    if (!this.#isWanted) return;
    const { uris } = this.#options;
    const delayMs = retryDelayMs(this.#failures, uris.length, Math.random());
    this.#failures += 1;
    this.#options.onDown(reason);
    this.#index = (this.#index + 1) % uris.length;
    this.#retry = setTimeout(() => {
      this.#retry = null;
      this.#open();
    }, delayMs);
  }
}
