/** An SFU with real workers for a test file, and a look into what the workers hold. */
import { observer } from 'mediasoup';
import type { types } from 'mediasoup';
import pino from 'pino';
import { Sfu } from '../../server/sfu/sfu.ts';
import type { SfuOptions } from '../../server/sfu/sfu.ts';
import { closeLibrary } from './rtc-end.ts';
import { RtcRoom } from './rtc-participant.ts';

export class TestSfu {
  readonly sfu: Sfu;
  readonly #rooms: RtcRoom[] = [];
  readonly #workers: Set<types.Worker>;

  private constructor(sfu: Sfu, workers: Set<types.Worker>) {
    this.sfu = sfu;
    this.#workers = workers;
  }

  /** Listens on loopback, on any free ports. */
  static async start(options: Partial<SfuOptions> = {}): Promise<TestSfu> {
    const workers = new Set<types.Worker>();
    observer.on('newworker', (worker) => workers.add(worker));
    const sfu = await Sfu.start(
      {
        workers: 2,
        rtcPort: 0,
        listen: [{ ip: '127.0.0.1' }],
        maxParticipantsPerRouter: 50,
        loudest: 6,
        bridgeListen: { ip: '127.0.0.1' },
        ...options,
      },
      pino({ level: 'silent' }),
    );
    return new TestSfu(sfu, workers);
  }

  async openRoom(name = 'room'): Promise<RtcRoom> {
    const room = await RtcRoom.open((events) => this.sfu.openRoom(name, events));
    this.#rooms.push(room);
    return room;
  }

  closeRooms(): void {
    for (const room of this.#rooms.splice(0)) room.close();
  }

  /** What the live workers hold in all, by their own account: routers, transports, producers, consumers. */
  async held(): Promise<number> {
    const live = [...this.#workers].filter(({ closed }) => !closed);
    const dumps = await Promise.all(live.map((worker) => worker.dump()));
    // Whatever takes requests in a worker, beside its one WebRtcServer.
    return dumps.reduce(
      (sum, dump) => sum + dump.channelMessageHandlers.channelRequestHandlers.length - 1,
      0,
    );
  }

  async close(): Promise<void> {
    this.closeRooms();
    await this.sfu.close();
    closeLibrary();
  }
}
