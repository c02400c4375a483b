/** The doors of the conference server's rooms, as the bridge uses them. */
import type { Logger } from 'pino';
import { BRIDGE_VERSION } from '../../signalling/contract/bridge.ts';
import type {
  BridgeRequestInput,
  DialRequest,
  DrainNotice,
  TrunkState,
} from '../../signalling/contract/bridge.ts';
import { DialRefused } from '../bridge.ts';
import type { Bridge, BridgeState } from '../bridge.ts';
import type { Caller, Listener, RoomDoor, Visit } from '../door.ts';
import type { MediaThread } from '../media/media-thread.ts';
import type { CallEnd } from '../sip/call.ts';
import type { CloseReason } from '../sip/close-reason.ts';
import { LoadReport } from './load-report.ts';
import { MediaRooms } from './media-rooms.ts';
import { recordOf } from './record.ts';
import { ServerSocket } from './server-socket.ts';
import type { ServerSocketOptions } from './server-socket.ts';
import { LinkedVisit } from './visit.ts';

export interface RoomLinkOptions extends ServerSocketOptions {
  /** Address of this host from which the server's media port is reached. */
  listenIp: string;
  /** Whether this bridge ends with its server; else it goes on with one that takes over. */
  endsWithServer: boolean;
}

/** How often it is looked whether trunks are as the server knows them, in ms. */
const TRUNKS_EVERY_MS = 1_000;

/** What a link has to do with the bridge that it serves. */
type ServedBridge = Pick<Bridge, 'state' | 'dial' | 'serverStops' | 'retire'>;

type DialState = BridgeRequestInput<'dialProgress'>['state'];

/** What a room is told of a call that came to nothing; `failed` of all others. */
const DIAL_STATES: Partial<Record<CloseReason, DialState>> = {
  busy: 'busy',
  declined: 'declined',
  'no-answer': 'no-answer',
  cancelled: 'cancelled',
  'not-allowed': 'not-allowed',
  'not-found': 'unknown-number',
  unreachable: 'unreachable',
  'trunk-refused': 'refused',
  'media-unsupported': 'unsupported',
  'trunk-failed': 'network-failed',
  'no-response': 'network-failed',
  malformed: 'network-failed',
  'trunk-down': 'no-line',
  stopping: 'no-line',
  'too-many-calls': 'lines-busy',
  overloaded: 'lines-busy',
};

const dialStateOf = (reason: CloseReason): DialState => DIAL_STATES[reason] ?? 'failed';

/** A call out of a room that nobody has answered yet. */
interface Dialled {
  room: string;
  link: Link;
  hangUp: (reason: CloseReason) => void;
}

/** One server, and the rooms there that callers are in. */
interface Link {
  server: ServerSocket;
  rooms: MediaRooms;
  wasConnected: boolean;
  /** Why there is no connection, as it was logged last. */
  lostReason: string | null;
}

export class RoomLink implements RoomDoor {
  readonly #options: RoomLinkOptions;
  readonly #thread: MediaThread;
  readonly #load: LoadReport;
  readonly #logger: Logger;
  readonly #visits = new Map<string, { visit: LinkedVisit; link: Link }>();
  /** Calls out of rooms that are under way, and what ends each. */
  readonly #dials = new Map<string, Dialled>();
  #link: Link;
  /** The server that was taken over from, while callers are in rooms there. */
  #before: Link | null = null;
  #bridge: ServedBridge | null = null;
  #toldTrunks = '';
  #timer: NodeJS.Timeout | null = null;

  constructor(options: RoomLinkOptions, thread: MediaThread, logger: Logger) {
    this.#options = options;
    this.#thread = thread;
    this.#logger = logger;
    this.#link = this.#newLink();
    this.#load = new LoadReport({ thread, server: () => this.#link.server, logger });
    thread.on('died', () => {
      this.#before?.rooms.forgetAll();
      this.#link.rooms.forgetAll();
    });
  }

  #newLink(): Link {
    const logger = this.#logger;
    const server = new ServerSocket(this.#options);
    const rooms = new MediaRooms({ thread: this.#thread, listenIp: this.#options.listenIp, logger });
    const link: Link = { server, rooms, wasConnected: false, lostReason: null };
    server.on('connected', () => this.#connected(link));
    server.on('lost', (reason) => this.#lost(link, reason));
    server.on('unrecorded', (err) => logger.warn({ err }, 'the server does not take a call record'));
    server.on('call', ({ callId, event }) => this.#visits.get(callId)?.visit.happened(event));
    server.on('room', ({ room, event }) => {
      rooms.happened(room, event);
      if (event.type === 'reset') for (const visit of this.#visitsAt(link)) visit.roomReset(room);
    });
    server.on('dial', (request) => this.#dial(request, link));
    server.on('cancelDial', ({ dialId }) => this.#dials.get(dialId)?.hangUp('cancelled'));
    server.on('draining', (notice) => this.#drains(link, notice));
    return link;
  }

  /** Connects to the server in the name of this bridge. */
  open(bridge: ServedBridge): void {
    this.#bridge = bridge;
    this.#link.server.open();
    this.#timer = setInterval(() => {
      void this.#tellTrunks();
      this.#closeBefore();
    }, TRUNKS_EVERY_MS);
    this.#load.start(bridge);
  }

  close(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#load.stop();
    for (const link of [this.#before, this.#link]) {
      // That it is lost then is no news, and nobody is left to wait for its return.
      link?.server.removeAllListeners();
      link?.server.close();
    }
  }

  receive(caller: Caller, listener: Listener): Visit {
    const link = this.#link;
    const visit = new LinkedVisit({
      ...{ caller, listener, server: link.server, rooms: link.rooms },
      onEnd: () => this.#visits.delete(caller.id),
      logger: this.#logger.child({ callId: caller.id, trunk: caller.trunk }),
    });
    this.#visits.set(caller.id, { visit, link });
    return visit;
  }

  missed(caller: Caller, end: CallEnd): void {
    const dialled = caller.invitation === null ? undefined : this.#dials.get(caller.invitation);
    this.#link.server.record(recordOf(caller, end, { room: dialled?.room ?? null, failedPins: 0 }));
  }

  // ------------------------------------------------------------------------------- the server comes and goes

  #connected(link: Link): void {
    link.wasConnected = true;
    link.lostReason = null;
    this.#logger.info('connected to the server');
    if (link === this.#link) {
      // One that stops says so after this.
      this.#bridge?.serverStops(null);
      this.#toldTrunks = '';
      void this.#tellTrunks();
    }
    for (const visit of this.#visitsAt(link)) visit.serverBack();
  }

  #lost(link: Link, reason: string): void {
    // Tries that fail are told as well: once is enough.
    if (reason !== link.lostReason) this.#logger.warn({ reason }, 'no connection to the server');
    link.lostReason = reason;
    if (!link.wasConnected) return;
    link.wasConnected = false;
    for (const visit of this.#visitsAt(link)) visit.serverLost();
    link.rooms.closeAll();
    for (const dial of this.#dials.values()) if (dial.link === link) dial.hangUp('cancelled');
  }

  #drains(link: Link, { deadline, takenOver = false }: DrainNotice): void {
    const until = new Date(deadline).toISOString();
    if (takenOver) {
      this.#logger.info({ until }, 'another server has taken over');
      if (this.#options.endsWithServer) this.#bridge?.retire();
      else if (link === this.#link) this.#follow();
    } else if (link === this.#link) {
      this.#logger.info({ until }, 'the server is about to stop');
      this.#bridge?.serverStops(deadline);
    } else {
      for (const visit of this.#visitsAt(link)) visit.endIsNear();
    }
  }

  /** New callers go to the server that has taken over, which has the address now; others stay where they are. */
  #follow(): void {
    this.#before?.server.close();
    this.#before = this.#link;
    this.#link = this.#newLink();
    this.#link.server.open();
  }

  /** Once nobody is there any more, and nothing is left to be told. */
  #closeBefore(): void {
    if (!this.#before || this.#before.server.hasRecords || this.#visitsAt(this.#before).length > 0) return;
    this.#before.server.close();
    this.#before = null;
  }

  #visitsAt(link: Link): LinkedVisit[] {
    return [...this.#visits.values()].filter((entry) => entry.link === link).map(({ visit }) => visit);
  }

  /** Never rejects. */
  async #tellTrunks(): Promise<void> {
    const { server } = this.#link;
    if (!this.#bridge || !server.connected) return;
    const { state } = this.#bridge;
    const trunks = trunksOf(state);
    const told = JSON.stringify([trunks, state.callsOut]);
    if (told === this.#toldTrunks) return;
    this.#toldTrunks = told;
    try {
      await server.ask('hello', { version: BRIDGE_VERSION, trunks, callsOut: state.callsOut });
    } catch (err) {
      this.#toldTrunks = '';
      this.#logger.warn({ err }, 'the server does not take the state of the trunks');
    }
  }

  // ------------------------------------------------------------------------------- calls out of rooms

  #dial({ dialId, room, destination }: DialRequest, link: Link): void {
    if (!this.#bridge) return;
    const over = (state: DialState): void => {
      this.#dials.delete(dialId);
      this.#progress(link, dialId, state);
    };
    // A call that is refused at once is recorded while it is asked for, with its room.
    const dialled: Dialled = { room, link, hangUp: () => undefined };
    this.#dials.set(dialId, dialled);
    try {
      dialled.hangUp = this.#bridge.dial(
        { target: destination, invitation: dialId },
        {
          ringing: () => this.#progress(link, dialId, 'ringing'),
          // The caller asks for admission as any other, which tells the room.
          answered: () => this.#dials.delete(dialId),
          ended: ({ reason, answeredAtMs }) => {
            if (answeredAtMs === null) over(dialStateOf(reason));
          },
        },
      );
    } catch (error) {
      if (!(error instanceof DialRefused)) this.#logger.error({ err: error }, 'a call could not be made');
      over(dialStateOf(error instanceof DialRefused ? error.reason : 'internal'));
    }
  }

  #progress({ server }: Link, dialId: string, state: DialState): void {
    if (!server.connected) return;
    server
      .ask('dialProgress', { dialId, state })
      .catch((err: unknown) => this.#logger.warn({ err }, 'the server does not take how a call goes'));
  }
}

function trunksOf({ trunks }: BridgeState): TrunkState[] {
  return Object.entries(trunks).map(([name, { server, registration, problem, calls }]) => {
    const isUp = server !== null && registration !== 'waiting' && registration !== 'failed';
    const up = registration === 'registered' ? 'registered' : 'connected';
    const down = registration === 'failed' || problem !== null ? 'failed' : 'connecting';
    const uri = server === null ? null : withoutSecrets(server);
    return { name, state: isUp ? up : down, uri, reason: problem?.slice(0, 256) ?? null, calls };
  });
}

/** Some PBXs are given a token behind a question mark. */
function withoutSecrets(uri: string): string {
  const { protocol, host, pathname } = new URL(uri);
  return `${protocol}//${host}${pathname}`;
}
