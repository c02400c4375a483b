/**
 * Rooms with doors, as the bridge asks for them, and nobody in them but callers: for tests of what callers hear and
 * key in. The media process mixes them as ever; what it sends to the SFU goes to a socket that counts it.
 */
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Caller, Listener, RoomDoor, Visit } from '../../../server/bridge/door.ts';
import type { MediaThread } from '../../../server/bridge/media/media-thread.ts';
import type { CallDetails, CallEnd } from '../../../server/bridge/sip/call.ts';

const OPUS = 100;
const LEVEL_EXTENSION = 1;

/** A caller as the room knows them. */
export interface Guest {
  caller: Caller;
  listener: Listener;
  ssrc: number;
  room: string | null;
  muted: boolean;
  handRaised: boolean;
  said: string[];
  /** Calls of theirs that have ended, and of those whom they were put through to, in the order of their ends. */
  calls: { call: CallDetails; end: CallEnd }[];
  /** Of the last of these, once nobody is there any more. */
  end: CallEnd | null;
}

export class OpenDoor implements RoomDoor {
  /** In the order of their arrival, also those that are gone. */
  readonly guests: Guest[] = [];
  /** Calls that were never answered, in the order of their ends. */
  readonly ended: { caller: Caller; end: CallEnd }[] = [];
  readonly #thread: MediaThread;
  readonly #rooms: ReadonlyMap<string, string | null>;
  readonly #sinks: Socket[] = [];

  private constructor(thread: MediaThread, rooms: ReadonlyMap<string, string | null>) {
    this.#thread = thread;
    this.#rooms = rooms;
  }

  /** @param rooms PINs by room number; null for a room without one */
  static async open(thread: MediaThread, rooms: Readonly<Record<string, string | null>>): Promise<OpenDoor> {
    const door = new OpenDoor(thread, new Map(Object.entries(rooms)));
    for (const number of door.#rooms.keys()) await door.#openRoom(number);
    return door;
  }

  close(): void {
    for (const sink of this.#sinks) sink.close();
  }

  /** The guest who arrived last. */
  get last(): Guest {
    const guest = this.guests.at(-1);
    if (!guest) throw new Error('Nobody has arrived.');
    return guest;
  }

  missed(caller: Caller, end: CallEnd): void {
    this.ended.push({ caller, end });
  }

  receive(caller: Caller, listener: Listener): Visit {
    const guest: Guest = {
      ...{ caller, listener, ssrc: 0x2000_0000 + this.guests.length },
      ...{ room: null, muted: false, handRaised: false, said: [], calls: [], end: null },
    };
    this.guests.push(guest);
    if (caller.invitation !== null) queueMicrotask(() => this.#letIn(guest, caller.invitation ?? ''));
    return {
      ask: (number, pin) => queueMicrotask(() => this.#asked(guest, number, pin)),
      setMuted: (muted) => {
        guest.muted = muted;
      },
      raiseHand: (raised) => {
        guest.handRaised = raised;
      },
      say: (text) => guest.said.push(text),
      record: (call, end) => guest.calls.push({ call, end }),
      end: () => {
        guest.end = guest.calls.at(-1)?.end ?? null;
        guest.room = null;
      },
    };
  }

  #asked(guest: Guest, number: string, pin: string | null): void {
    const wanted = this.#rooms.get(number);
    if (wanted === undefined) guest.listener.tell({ type: 'roomUnknown' });
    else if (wanted === null || wanted === pin) this.#letIn(guest, number);
    else if (pin === null) guest.listener.tell({ type: 'pinNeeded' });
    else guest.listener.tell({ type: 'pinWrong', triesLeft: 2 });
  }

  #letIn(guest: Guest, number: string): void {
    guest.room = number;
    guest.listener.place({ roomId: number, ssrc: guest.ssrc });
    const count = this.guests.filter(({ room }) => room === number).length;
    guest.listener.tell({ type: 'joined', count, muted: false, mayUnmute: true });
  }

  async #openRoom(roomId: string): Promise<void> {
    const sink = createSocket('udp4');
    sink.bind(0, '127.0.0.1');
    await once(sink, 'listening');
    this.#sinks.push(sink);
    await this.#thread.request('openRoom', {
      wantedVoices: 6,
      roomId,
      listenIp: '127.0.0.1',
      remote: { ip: '127.0.0.1', port: sink.address().port },
      opusPayloadType: OPUS,
      levelExtensionId: LEVEL_EXTENSION,
    });
  }
}
