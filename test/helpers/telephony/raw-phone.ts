/** A socket that sends SIP as it is written, and gives out what comes: for what no telephone would send. */
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { until } from '../wait.ts';
import { DOMAIN } from './kamailio.ts';

export interface RawRequest {
  method: string;
  /** The Request-URI; Kamailio itself if absent. */
  uri?: string;
  headers?: readonly string[];
  /** Of the To header: a request within a call. */
  toTag?: string;
  from?: string;
}

let requests = 0;

export class RawPhone {
  readonly received: string[] = [];
  readonly #socket: Socket;
  readonly #ip: string;
  readonly #kamailioPort: number;

  private constructor(socket: Socket, ip: string, kamailioPort: number) {
    this.#socket = socket;
    this.#ip = ip;
    this.#kamailioPort = kamailioPort;
    socket.on('message', (packet) => this.received.push(packet.toString()));
  }

  /** @param ip of the loopback network */
  static async open(kamailioPort: number, ip = '127.0.0.1'): Promise<RawPhone> {
    const socket = createSocket('udp4');
    socket.bind(0, ip);
    await once(socket, 'listening');
    return new RawPhone(socket, ip, kamailioPort);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** Sends a request, and does not wait for an answer. */
  send(request: RawRequest): void {
    this.#send(this.#text(request, `raw-${++requests}`));
  }

  /** @returns the first final response, whole */
  async ask(request: RawRequest): Promise<string> {
    const callId = `raw-${++requests}`;
    const before = this.received.length;
    this.#send(this.#text(request, callId));
    const { answer } = await until(
      `${request.method} is answered`,
      () =>
        this.received
          .slice(before)
          .find((text) => /^SIP\/2\.0 [2-6]/.test(text) && text.includes(`Call-ID: ${callId}\r\n`)),
      (text) => text !== undefined,
    );
    return answer ?? '';
  }

  close(): void {
    this.#socket.close();
  }

  #send(text: string): void {
    this.#socket.send(text, this.#kamailioPort, '127.0.0.1');
  }

  #text(
    { method, uri = `sip:${DOMAIN}`, headers = [], toTag, from = 'mallory' }: RawRequest,
    callId: string,
  ) {
    const own = `${this.#ip}:${this.port}`;
    return [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/UDP ${own};branch=z9hG4bK${callId};rport`,
      `From: <sip:${from}@${DOMAIN}>;tag=${callId}`,
      `To: <${uri}>${toTag === undefined ? '' : `;tag=${toTag}`}`,
      ...[`Call-ID: ${callId}`, `CSeq: 1 ${method}`, `Contact: <sip:${from}@${own}>`, 'Max-Forwards: 70'],
      ...headers,
      ...['Content-Length: 0', '', ''],
    ].join('\r\n');
  }
}
