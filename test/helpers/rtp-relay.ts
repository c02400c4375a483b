/** A way for a telephone's packets that loses, delays and reorders them, on real sockets. */
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { random } from './random.ts';

export interface Weather {
  /** Part of the packets that never arrive. */
  loss: number;
  /** The longest that a packet is delayed, in ms. Each by a time of its own, so that they overtake each other. */
  jitterMs: number;
}

export class RtpRelay {
  weather: Weather = { loss: 0, jitterMs: 0 };
  /** Packets that were lost, and that came after one that was sent later. */
  readonly counts = { passed: 0, lost: 0, overtaken: 0 };
  readonly #phoneSide: Socket;
  readonly #bridgeSide: Socket;
  readonly #next = random();
  #newest = 0;
  #sent = 0;

  private constructor(phoneSide: Socket, bridgeSide: Socket) {
    this.#phoneSide = phoneSide;
    this.#bridgeSide = bridgeSide;
  }

  static async open(): Promise<RtpRelay> {
    const sockets = [createSocket('udp4'), createSocket('udp4')] as const;
    for (const socket of sockets) socket.bind(0, '127.0.0.1');
    await Promise.all(sockets.map((socket) => once(socket, 'listening')));
    return new RtpRelay(...sockets);
  }

  /** The port that the bridge is to take for the phone's. */
  get portOfPhone(): number {
    return this.#bridgeSide.address().port;
  }

  /** Passes on what comes from now on. @returns the port that the phone is to take for the bridge's */
  connect(bridgePort: number): number {
    let phonePort = 0;
    this.#phoneSide.on('message', (packet, { port }) => {
      phonePort = port;
      this.#pass(() => this.#bridgeSide.send(packet, bridgePort, '127.0.0.1'));
    });
    this.#bridgeSide.on('message', (packet) => {
      if (phonePort !== 0) this.#phoneSide.send(packet, phonePort, '127.0.0.1');
    });
    return this.#phoneSide.address().port;
  }

  close(): void {
    this.weather = { loss: 1, jitterMs: 0 };
    this.#phoneSide.close();
    this.#bridgeSide.close();
  }

  #pass(send: () => void): void {
    const { loss, jitterMs } = this.weather;
    if (this.#next() < loss) {
      this.counts.lost += 1;
      return;
    }
    const number = ++this.#sent;
    const arrive = (): void => {
      if (this.weather.loss === 1) return;
      if (number < this.#newest) this.counts.overtaken += 1;
      this.#newest = Math.max(this.#newest, number);
      this.counts.passed += 1;
      send();
    };
    if (jitterMs === 0) arrive();
    else setTimeout(arrive, jitterMs * this.#next());
  }
}
