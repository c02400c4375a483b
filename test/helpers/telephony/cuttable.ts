/** A way to a TCP port that can be cut, or go silent: connections that break, and those that only seem to be there. */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

export class Cuttable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isSilent = false;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** @param port at 127.0.0.1 */
  static async to(port: number): Promise<Cuttable> {
    const server = createServer();
    const way = new Cuttable(server);
    server.on('connection', (socket) => way.#connect(socket, port));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return way;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('It is not open.');
    return address.port;
  }

  /** Ends what is connected; others may connect. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Lets nothing more through on what is connected now, and tells nobody. */
  goSilent(): void {
    this.#isSilent = true;
    for (const socket of this.#sockets) socket.pause();
  }

  /** New connections work again. */
  mend(): void {
    this.#isSilent = false;
  }

  close(): void {
    this.cut();
    this.#server.close();
  }

  #connect(socket: Socket, port: number): void {
    const onward = connect(port, '127.0.0.1');
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
      if (!this.#isSilent) end.pipe(other);
    }
  }
}
