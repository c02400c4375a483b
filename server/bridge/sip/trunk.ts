/**
 * A trunk: our registration at a PBX, and the calls and messages that go by it. (A carrier's engineer would call the
 * route a trunk, registered or not; here it is one user agent with one address.)
 */
import { EventEmitter } from 'node:events';
import { UA } from 'jssip';
import type { ReferEvent, RTCSession } from 'jssip/lib/RTCSession.js';
import type {
  IncomingMessageEvent,
  IncomingRTCSessionEvent,
  OutgoingMessageEvent,
  RTCSessionEvent,
  UAConfiguration,
} from 'jssip/lib/UA.js';
import { nanoid } from 'nanoid';
import type { Logger } from 'pino';
import type { MediaThread } from '../media/media-thread.ts';
import { retryDelayMs } from './backoff.ts';
import { Call, callTo, refusalOf, sessionOptions } from './call.ts';
import type { CallDetails } from './call.ts';
import { NegotiatedMedia } from './call-media.ts';
import type { MediaSettings } from './call-media.ts';
import type { CloseReason } from './close-reason.ts';
import { inviteHeaders, parseAddress } from './headers.ts';
import { calledNumberOf, callerOf } from './identity.ts';
import { readMessage } from './message.ts';
import type { Address } from './identity.ts';
import { SipSocket } from './socket.ts';

export interface TrunkOptions {
  /** Of ours: in logs, metrics and call records. */
  name: string;
  /** Addresses of equal servers, the preferred one first. */
  uris: readonly [string, ...string[]];
  /** Authorities (PEM) of the servers' certificates, in place of the well-known ones. */
  ca?: string | undefined;
  user: string;
  domain: string;
  /** For digest authentication, if the user's name there is another one. */
  authUser: string | null;
  password: string | null;
  /** Whether to register; without, the PBX must know where to find us. */
  register: boolean;
  registerSeconds: number;
  /** What phones are shown when we call. */
  displayName: string;
  /** How sessions are refreshed (RFC 4028). */
  refreshMethod: 'invite' | 'update';
  /** Whether the PBX keeps others from writing P-Asserted-Identity. */
  trustAsserted: boolean;
  /** A connection that has been silent for two of these is dead, in ms. */
  pingMs: number;
  media: MediaSettings;
}

export interface TrunkState {
  /** The server that we are connected to; null while there is none. */
  server: string | null;
  registration: 'off' | 'waiting' | 'registered' | 'failed';
  /** In words, of the last failure; null when all is well. */
  problem: string | null;
}

/** What became of a line of chat. `nobody`: no call belongs to it. */
export type LineVerdict = 'taken' | 'nobody' | 'too-many';

/** What comes in by a trunk. */
export interface TrunkHandlers {
  /** Whether a call may come in now: null if so, else why it is refused. */
  admit: () => CloseReason | null;
  /** A call is there; it is to be answered, or hung up. */
  onCall: (call: Call) => void;
  /** A call was there, and has been refused. */
  onRefused: (details: CallDetails, reason: CloseReason) => void;
  onLine: (from: Address, text: string) => LineVerdict;
}

interface TrunkEvents {
  state: [TrunkState];
}

const REGISTERED = /^SIP\/2\.0 200 [^]*?^CSeq:\s*\d+\s+REGISTER\s*$/im;

/** For BYE and un-REGISTER to be answered, in ms. */
const LONGEST_STOP_MS = 3_000;

export class Trunk extends EventEmitter<TrunkEvents> {
  readonly options: TrunkOptions;
  readonly #thread: MediaThread;
  readonly #logger: Logger;
  readonly #handlers: TrunkHandlers;
  readonly #socket: SipSocket;
  readonly #agent: UA;
  readonly #calls = new Map<string, Call>();
  #state: TrunkState = { server: null, registration: 'off', problem: null };
  #registerFailures = 0;
  #registerTimer: NodeJS.Timeout | null = null;
  #isStopping = false;
  /** Whether another bridge takes the calls. */
  #isRetired = false;

  constructor(options: TrunkOptions, thread: MediaThread, logger: Logger, handlers: TrunkHandlers) {
    super();
    const { uris, ca, pingMs } = options;
    this.options = options;
    this.#thread = thread;
    this.#handlers = handlers;
    this.#logger = logger.child({ trunk: options.name });
    this.#socket = new SipSocket({
      uris,
      ca,
      pingMs,
      logger: this.#logger,
      onUp: (uri) => this.#up(uri),
      onDown: (reason) => this.#down(reason),
      onMessage: (text) => {
        // JsSIP tells the first success alone, not that we are registered again on another connection.
        if (REGISTERED.test(text)) this.#registered();
      },
    });
    this.#agent = new UA(agentConfiguration(options, this.#socket));
    if (options.register) this.#state = { ...this.#state, registration: 'waiting' };
    this.#agent.on('registrationFailed', ({ cause, response }) =>
      this.#registrationFailed(cause ?? '', statusOf(response)),
    );
    this.#agent.on('newRTCSession', (event: RTCSessionEvent) => {
      if (isInbound(event)) this.#incoming(event);
    });
    this.#agent.on('newMessage', (event: IncomingMessageEvent | OutgoingMessageEvent) => {
      if (isReceived(event)) this.#message(event);
    });
  }

  get name(): string {
    return this.options.name;
  }

  get state(): TrunkState {
    return this.#state;
  }

  /** Those that are not over. */
  get calls(): readonly Call[] {
    return [...this.#calls.values()];
  }

  start(): void {
    this.#agent.start();
  }

  /** Calls out of a room. @param target a number, or another user part of an address at the trunk's domain */
  dial(target: string): Call {
    const details = callTo(target);
    const media = this.#mediaOf(details.id);
    const session = this.#agent.call(`sip:${target}@${this.options.domain}`, sessionOptions(media));
    return this.#add(session, media, details);
  }

  /** Sends a line of chat. It is not told whether it arrives: phones that take none refuse it. */
  write(target: string, text: string, fromName: string): void {
    this.#agent.sendMessage(`sip:${target}@${this.options.domain}`, text, {
      contentType: 'text/plain;charset=UTF-8',
      fromDisplayName: fromName,
    });
  }

  /** Has the PBX send no more calls here. Those that are there go on. */
  retire(): void {
    if (this.#isRetired || this.#isStopping) return;
    this.#isRetired = true;
    if (this.#registerTimer) clearTimeout(this.#registerTimer);
    if (!this.options.register) return;
    this.#logger.info('the registration is taken back');
    this.#agent.unregister();
    this.#change({ registration: 'off', problem: null });
  }

  /** Ends all calls, takes the registration back, and closes the connection when that is done or has taken long. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    if (this.#registerTimer) clearTimeout(this.#registerTimer);
    for (const call of this.calls) call.hangUp('stopping');
    const gone = new Promise<void>((resolve) => this.#agent.once('disconnected', () => resolve()));
    this.#agent.stop();
    const late = new Promise<void>((resolve) => setTimeout(resolve, LONGEST_STOP_MS).unref());
    await Promise.race([gone, late]);
    this.#socket.disconnect();
  }

  // --- The connection and the registration

  #up(uri: string): void {
    this.#logger.info({ uri }, 'connected to the PBX');
    this.#change({ server: uri, problem: null });
    if (!this.#agent.isConnected()) return;
    // This is another connection than the PBX knows us by: it needs to be told, and so do the phones.
    if (this.#registers) this.#agent.register();
    for (const call of this.calls) call.refresh();
  }

  #down(reason: string): void {
    this.#logger.warn({ reason }, 'no connection to the PBX');
    const registration = this.#registers ? 'waiting' : 'off';
    this.#change({ server: null, registration, problem: reason });
  }

  get #registers(): boolean {
    return this.options.register && !this.#isRetired;
  }

  #registered(): void {
    if (this.#isStopping || this.#isRetired) return;
    this.#registerFailures = 0;
    if (this.#state.registration !== 'registered') this.#logger.info('registered at the PBX');
    this.#change({ registration: 'registered', problem: null });
  }

  #registrationFailed(cause: string, status: number | null): void {
    if (this.#isStopping || this.#isRetired) return;
    const problem = status === null ? cause : `${cause} (${status})`;
    this.#logger.warn({ problem }, 'the PBX does not register us');
    this.#change({ registration: 'failed', problem });
    const delayMs = retryDelayMs((this.#registerFailures += 1), 1, Math.random());
    if (this.#registerTimer) clearTimeout(this.#registerTimer);
    this.#registerTimer = setTimeout(() => this.#agent.register(), delayMs);
  }

  #change(change: Partial<TrunkState>): void {
    this.#state = { ...this.#state, ...change };
    this.emit('state', this.#state);
  }

  // --- Calls and messages

  #incoming({ session, request }: IncomingRTCSessionEvent): void {
    const headers = inviteHeaders(request);
    const details: Omit<CallDetails, 'trunk'> = {
      id: nanoid(),
      direction: 'inbound',
      party: callerOf(headers, this.options.trustAsserted),
      called: calledNumberOf(headers),
    };
    const refused = this.#handlers.admit();
    if (refused !== null) {
      session.terminate(refusalOf(refused));
      this.#handlers.onRefused({ ...details, trunk: this.name }, refused);
      return;
    }
    // JsSIP gives null where its types have a body.
    const offer: string | null = request.body;
    const media = this.#mediaOf(details.id, offer === '' ? null : offer);
    this.#handlers.onCall(this.#add(session, media, details));
  }

  #message({ message, request }: IncomingMessageEvent): void {
    const line = readMessage(request);
    if ('status' in line) {
      message.reject({ status_code: line.status });
      return;
    }
    switch (this.#handlers.onLine(line.from, line.text)) {
      case 'taken':
        message.accept({});
        return;
      case 'nobody':
        message.reject({ status_code: 480 });
        return;
      case 'too-many':
        message.reject({ status_code: 503, extraHeaders: ['Retry-After: 10'] });
    }
  }

  #mediaOf(callId: string, offer: string | null = null): NegotiatedMedia {
    return new NegotiatedMedia(this.#thread, callId, this.options.media, offer, (direction) => {
      this.#calls.get(callId)?.onRemoteDirection(direction);
    });
  }

  #add(session: RTCSession, media: NegotiatedMedia, details: Omit<CallDetails, 'trunk'>): Call {
    const { id, direction } = details;
    const call = new Call(
      { ...details, trunk: this.name },
      session,
      media,
      (event) => this.#transfer(event),
      this.#logger.child({ callId: id }),
    );
    this.#calls.set(id, call);
    call.once('ended', () => this.#calls.delete(id));
    this.#logger.info({ callId: id, direction }, 'call');
    return call;
  }

  /** Calls whom a phone has named, and lets JsSIP tell the phone how that goes on. */
  #transfer(event: ReferEvent): Call {
    const details = callTo(parseAddress(event.request.getHeader('Refer-To'))?.user ?? null);
    const media = this.#mediaOf(details.id);
    const calls: Call[] = [];
    const begin = (session: RTCSession): void => {
      calls.push(this.#add(session, media, details));
    };
    Reflect.apply(event.accept, undefined, [begin, sessionOptions(media)]);
    const [call] = calls;
    if (!call) throw new Error('The call that asked for the transfer is over.');
    return call;
  }
}

function agentConfiguration(options: TrunkOptions, socket: SipSocket): UAConfiguration {
  const { user, domain, authUser, password, register, registerSeconds, displayName, refreshMethod } = options;
  return {
    sockets: [socket],
    uri: `sip:${user}@${domain}`,
    ...(authUser === null ? {} : { authorization_user: authUser }),
    ...(password === null ? {} : { password }),
    display_name: displayName,
    register,
    register_expires: registerSeconds,
    session_timers_refresh_method: refreshMethod,
    user_agent: 'Tertulia bridge',
    // Ours do not wait for a person.
    no_answer_timeout: 60,
  };
}

function isInbound(event: RTCSessionEvent): event is IncomingRTCSessionEvent {
  const by: string = event.originator;
  return by === 'remote';
}

function isReceived(event: IncomingMessageEvent | OutgoingMessageEvent): event is IncomingMessageEvent {
  const by: string = event.originator;
  return by === 'remote';
}

/** JsSIP gives null where its types have a response. */
function statusOf(response: { status_code: number } | null): number | null {
  return response?.status_code ?? null;
}
