/** A network between browsers and a server on one machine, made of relays, that can be cut and mended. */
import { createSocket } from 'node:dgram';
import type { Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { random } from './random.ts';

/** Where the relays are; media of the server must be at `SERVER_SIDE`, and be announced as this. */
const CLIENT_SIDE = '127.0.0.1';
const SERVER_SIDE = '127.0.0.2';
/** As routers at home have it, in ms. */
const LONGEST_QUEUE_MS = 300;

/** Setting of a server whose media goes through the network. */
export const RTC_LISTEN = `${SERVER_SIDE}=${CLIENT_SIDE}`;

interface Way {
  socket: UdpSocket;
  /** When what has been sent down will have passed, in ms since the process began. */
  freeAt: number;
}

export class Network {
  readonly #web: Server;
  readonly #media: UdpSocket[];
  /** The same ports, for media over TCP. */
  readonly #mediaOverTcp: Server[];
  readonly #sockets = new Map<Socket, 'web' | 'media'>();
  /** One way to the server for each sender and port, as each is another client to the server. */
  readonly #ways = new Map<string, Way>();
  #isWebUp = true;
  #isMediaUp = true;
  #isUdpBlocked = false;
  /** Share of media packets that are lost, each way. */
  #loss = 0;
  readonly #chance = random();
  /** In bit/s; null without limit. */
  #downlink: number | null = null;

  private constructor(web: Server, media: UdpSocket[], mediaOverTcp: Server[]) {
    this.#web = web;
    this.#media = media;
    this.#mediaOverTcp = mediaOverTcp;
  }

  /**
   * @param webPort of the server, at 127.0.0.1
   * @param rtcPorts of the server's workers
   */
  static async open(webPort: number, rtcPorts: readonly number[]): Promise<Network> {
    const network: Network = new Network(
      createServer((socket) => network.#connect(socket, 'web', webPort)),
      rtcPorts.map((port) => {
        const relay = createSocket('udp4');
        relay.on('message', (packet, { address, port: from }) =>
          network.#forward(relay, packet, port, address, from),
        );
        return relay.bind(port, CLIENT_SIDE);
      }),
      rtcPorts.map((port) =>
        createServer((socket) => network.#connect(socket, 'media', port)).listen(port, CLIENT_SIDE),
      ),
    );
    network.#web.listen(0, CLIENT_SIDE);
    await Promise.all(
      [network.#web, ...network.#media, ...network.#mediaOverTcp].map((relay) => once(relay, 'listening')),
    );
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
    this.#cut('web');
  }

  /** Drops all media. */
  cutMedia(): void {
    this.#isMediaUp = false;
    this.#cut('media');
  }

  /**
   * Lets media from the server through at this rate for each transport of a client, in bit/s. What waits is delayed, what
   * would wait long is lost.
   */
  narrow(downlink: number): void {
    this.#downlink = downlink;
  }

  /** Drops all media over UDP, as many firewalls do. */
  blockUdp(): void {
    this.#isUdpBlocked = true;
  }

  /** Loses this share of media packets over UDP, each way. */
  lose(share: number): void {
    this.#loss = share;
  }

  mend(): void {
    this.#isWebUp = true;
    this.#isMediaUp = true;
    this.#isUdpBlocked = false;
    this.#loss = 0;
    this.#downlink = null;
  }

  close(): void {
    this.cutWeb();
    this.cutMedia();
    const ways = [...this.#ways.values()].map(({ socket }) => socket);
    for (const relay of [this.#web, ...this.#mediaOverTcp, ...this.#media, ...ways]) relay.close();
  }

  #cut(kind: 'web' | 'media'): void {
    for (const [socket, its] of this.#sockets) if (its === kind) socket.destroy();
  }

  #connect(socket: Socket, kind: 'web' | 'media', port: number): void {
    if (kind === 'web' ? !this.#isWebUp : !this.#isMediaUp) {
      socket.destroy();
      return;
    }
    const onward = connect(port, kind === 'web' ? CLIENT_SIDE : SERVER_SIDE);
    for (const [end, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      this.#sockets.set(end, kind);
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
    if (this.#isLost()) return;
    const key = `${address}:${from} ${port}`;
    const way = this.#ways.get(key) ?? this.#wayFor((answer) => relay.send(answer, from, address));
    this.#ways.set(key, way);
    way.socket.send(packet, port, SERVER_SIDE);
  }

  #wayFor(send: (packet: Buffer) => void): Way {
    const way = { socket: createSocket('udp4'), freeAt: 0 };
    way.socket.on('message', (packet) => this.#sendDown(way, packet, () => send(packet)));
    // A worker that is gone refuses; packets are lost then, as they would be.
    way.socket.on('error', () => undefined);
    return way;
  }

  #isLost(): boolean {
    return !this.#isMediaUp || this.#isUdpBlocked || this.#chance() < this.#loss;
  }

  #sendDown(way: Way, { length }: Buffer, send: () => void): void {
    if (this.#isLost()) return;
    if (this.#downlink === null) {
      send();
      return;
    }
    const now = performance.now();
    const startsAt = Math.max(now, way.freeAt);
    if (startsAt - now > LONGEST_QUEUE_MS) return;
    way.freeAt = startsAt + (length * 8_000) / this.#downlink;
    setTimeout(() => {
      // Cut meanwhile, and perhaps closed.
      if (this.#isMediaUp) send();
    }, way.freeAt - now);
  }
}
