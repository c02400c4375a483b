/** A socket that speaks the contract, and counts what comes over it. */
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import type {
  Answers,
  EventBatch,
  RequestInput,
  RequestName,
  Result,
  RoomEvent,
} from '../../../../server/signalling/contract.ts';
import type { Traffic } from '../plan.ts';

/** A request is answered within so many ms, or never. */
const ANSWER_MS = 30_000;

export class ContractSocket {
  readonly traffic: Traffic = { messages: 0, bytes: 0 };
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.io.engine.on('data', (data: unknown) => {
      this.traffic.messages += 1;
      if (typeof data === 'string') this.traffic.bytes += Buffer.byteLength(data);
    });
  }

  static async connect(url: string): Promise<ContractSocket> {
    const socket = io(url, { transports: ['websocket'], reconnection: false, forceNew: true });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    return new ContractSocket(socket);
  }

  onEvent(listener: (event: RoomEvent) => void): void {
    this.#socket.on('events', ({ events }: EventBatch) => events.forEach(listener));
  }

  /** @throws Error when the request is refused, or not answered */
  async ask<N extends RequestName>(name: N, payload: RequestInput<N>): Promise<Answers[N]> {
    const answer: unknown = await this.#socket.timeout(ANSWER_MS).emitWithAck(name, payload);
    const result = answer as Result<Answers[N]>;
    if (!result.ok) throw new Error(`${name} was refused: ${JSON.stringify(result.error)}`);
    return result.value;
  }

  close(): void {
    this.#socket.disconnect();
  }
}
