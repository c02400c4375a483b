/** A SIP server by WebSocket that sends whatever a test wants to, and remembers what comes back. */
import { once } from 'node:events';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { until } from '../wait.ts';

export class HostilePbx {
  readonly received: string[] = [];
  readonly #server: WebSocketServer;
  readonly #listeners = new Set<(message: string) => void>();
  #connection: WebSocket | null = null;
  #contact: string | null = null;

  private constructor(server: WebSocketServer) {
    this.#server = server;
    server.on('connection', (connection) => {
      this.#connection = connection;
      connection.on('message', (data) => this.#receive(Buffer.isBuffer(data) ? data.toString() : ''));
    });
  }

  static async open(): Promise<HostilePbx> {
    const server = new WebSocketServer({
      host: '127.0.0.1',
      port: 0,
      handleProtocols: () => 'sip',
    });
    await once(server, 'listening');
    return new HostilePbx(server);
  }

  get wsUrl(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('It is not open.');
    return `ws://127.0.0.1:${address.port}`;
  }

  /** Where requests to the bridge have to be addressed. */
  get contact(): string {
    if (this.#contact === null) throw new Error('The bridge has not registered.');
    return this.#contact;
  }

  send(message: string | Buffer): void {
    this.#connection?.send(message);
  }

  /** Calls back for each message from now on. */
  onMessage(listener: (message: string) => void): void {
    this.#listeners.add(listener);
  }

  /** Waits for a message. @param since index in `received` */
  async awaits(what: RegExp, since = 0, timeoutMs = 15_000): Promise<string> {
    const { answer } = await until(
      `the bridge sends ${String(what)}`,
      () => this.received.slice(since).find((text) => what.test(text)) ?? null,
      (text) => text !== null,
      { timeoutMs },
    );
    return answer ?? '';
  }

  /** Says yes to a request of the bridge's, or something else. */
  answer(request: string, sdp = '', status = '200 OK'): void {
    const copied = ['Via', 'From', 'To', 'Call-ID', 'CSeq', 'Session-Expires'].flatMap((name) => {
      return headerOf(request, name) || [];
    });
    this.send(
      [
        ...[`SIP/2.0 ${status}`, ...copied, 'Contact: <sip:caller@127.0.0.1:5060;transport=ws>'],
        ...(sdp === '' ? [] : ['Content-Type: application/sdp']),
        ...[`Content-Length: ${Buffer.byteLength(sdp)}`, '', sdp],
      ].join('\r\n'),
    );
  }

  /** Ends the connection without a word; the bridge may connect again. */
  cut(): void {
    this.#connection?.terminate();
  }

  close(): void {
    for (const client of this.#server.clients) client.terminate();
    this.#server.close();
  }

  #receive(text: string): void {
    this.received.push(text);
    for (const listener of this.#listeners) listener(text);
    if (!text.startsWith('REGISTER ')) return;
    this.#contact = /^Contact: <(sip:[^>]+)>/m.exec(text)?.[1] ?? null;
    const copied = ['Via', 'From', 'Call-ID', 'CSeq', 'Contact'].map((name) => headerOf(text, name));
    this.send(
      ['SIP/2.0 200 OK', ...copied, `${headerOf(text, 'To')};tag=x`, 'Content-Length: 0', '', ''].join(
        '\r\n',
      ),
    );
  }
}

function headerOf(text: string, name: string): string {
  return new RegExp(`^${name}: .*$`, 'm').exec(text)?.[0] ?? '';
}
