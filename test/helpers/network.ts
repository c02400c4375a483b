/** A network between browsers and a server on one machine, made of relays, that can be cut and mended. */
import { createSocket } from 'node:dgram';
import type { Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

/** Where the relays are; media of the server must be at `SERVER_SIDE`, and be announced as this. */
const CLIENT_SIDE = '127.0.0.1';
const SERVER_SIDE = '127.0.0.2';
/** As routers at home have it, in ms. */
const LONGEST_QUEUE_MS = 300;

/** Setting of a server whose media goes through the network. */
export const RTC_LISTEN = `${SERVER_SIDE}=${CLIENT_SIDE}`;

export class Network {
  readonly #web: Server;
  readonly #media: UdpSocket[];
  readonly #sockets = new Set<Socket>();
  /** One way to the server for each sender and port, as each is another client to the server. */
  readonly #ways = new Map<string, UdpSocket>();
  #isWebUp = true;
  #isMediaUp = true;
  /** In bit/s; null without limit. */
  #downlink: number | null = null;
  /** When what has been sent down will have passed, in ms since the process began. */
  #downlinkFreeAt = 0;

  private constructor(web: Server, media: UdpSocket[]) {
    this.#web = web;
    this.#media = media;
  }

  /**
   * @param webPort of the server, at 127.0.0.1
   * @param rtcPorts of the server's workers
   */
  static async open(webPort: number, rtcPorts: readonly number[]): Promise<Network> {
    const network: Network = new Network(
      createServer((socket) => network.#connect(socket, webPort)),
      rtcPorts.map((port) => {
        const relay = createSocket('udp4');
        relay.on('message', (packet, { address, port: from }) =>
          network.#forward(relay, packet, port, address, from),
        );
        return relay.bind(port, CLIENT_SIDE);
      }),
    );
    network.#web.listen(0, CLIENT_SIDE);
    await Promise.all([network.#web, ...network.#media].map((relay) => once(relay, 'listening')));
    return network;
  }

  /** The server, as seen through the network. */
  get url(): string {
    const address = this.#web.address();
    if (address === null || typeof address === 'string') throw new Error('The network is not open.');
    return `http://${CLIENT_SIDE}:${address.port}/`;
  }

  /** Ends all connections to the web port, and lets nobody through any more. */
  cutWeb(): void {
    this.#isWebUp = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Drops all media. */
  cutMedia(): void {
    this.#isMediaUp = false;
  }

  /** Lets media from the server through at this rate, in bit/s. What waits is delayed, what would wait long is lost. */
  narrow(downlink: number): void {
    this.#downlink = downlink;
  }

  mend(): void {
    this.#isWebUp = true;
    this.#isMediaUp = true;
    this.#downlink = null;
  }

  close(): void {
    this.cutWeb();
    this.#web.close();
    for (const relay of [...this.#media, ...this.#ways.values()]) relay.close();
  }

  #connect(socket: Socket, webPort: number): void {
    if (!this.#isWebUp) {
      socket.destroy();
      return;
    }
    const onward = connect(webPort, CLIENT_SIDE);
    for (const [end, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      this.#sockets.add(end);
      end.on('close', () => {
        this.#sockets.delete(end);
        other.destroy();
      });
      // Told by the close that follows.
      end.on('error', () => undefined);
      end.pipe(other);
    }
  }

  #forward(relay: UdpSocket, packet: Buffer, port: number, address: string, from: number): void {
    if (!this.#isMediaUp) return;
    const key = `${address}:${from} ${port}`;
    let way = this.#ways.get(key);
    if (!way) {
      way = createSocket('udp4');
      way.on('message', (answer) => this.#sendDown(answer, () => relay.send(answer, from, address)));
      // A worker that is gone refuses; packets are lost then, as they would be.
      way.on('error', () => undefined);
      this.#ways.set(key, way);
    }
    way.send(packet, port, SERVER_SIDE);
  }

  #sendDown({ length }: Buffer, send: () => void): void {
    if (!this.#isMediaUp) return;
    if (this.#downlink === null) {
      send();
      return;
    }
    const now = performance.now();
    const startsAt = Math.max(now, this.#downlinkFreeAt);
    if (startsAt - now > LONGEST_QUEUE_MS) return;
    this.#downlinkFreeAt = startsAt + (length * 8_000) / this.#downlink;
    setTimeout(send, this.#downlinkFreeAt - now);
  }
}
