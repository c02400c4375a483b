/**
 * A SIP user agent: registration, calls, messages and the trace of all that. No devices and no page: it is given
 * tracks to send, and tells by plain states and a few events. This folder alone knows JsSIP.
 */
import { UA } from 'jssip';
import type { RTCSession } from 'jssip/lib/RTCSession.js';
import type {
  DisconnectEvent,
  IncomingMessageEvent,
  IncomingRTCSessionEvent,
  OutgoingMessageEvent,
  OutgoingRTCSessionEvent,
  UnRegisteredEvent,
} from 'jssip/lib/UA.js';
import { Observable } from '../../app/ui/observable.ts';
import { Emitter } from '../../sdk/emitter.ts';
import type { Account } from './account.ts';
import { Call, SESSION_EXPIRES_S } from './call.ts';
import type { CallState, Peer, Sending } from './call-state.ts';
import { receiveMessage, sendMessage } from './messages.ts';
import type { Delivery } from './messages.ts';
import { isPassing, registrationProblem } from './reasons.ts';
import type { RegistrationProblem } from './reasons.ts';
import { SipSocket } from './socket.ts';
import { Trace } from './trace.ts';

export type Registration =
  | { readonly status: 'connecting' }
  | { readonly status: 'registered' }
  /** `retries`: it is tried again by itself. */
  | { readonly status: 'failed'; readonly problem: RegistrationProblem; readonly retries: boolean };

export interface AgentState {
  readonly registration: Registration;
  /** Whether the account is known to work. */
  readonly wasRegistered: boolean;
  /** Those that are not over, oldest first. */
  readonly calls: readonly Call[];
}

export interface AgentEvents {
  /** Somebody calls, or a transfer made us call somebody. */
  call: Call;
  /** The last state of a call that is over. */
  ended: CallState;
  message: { readonly from: Peer; readonly text: string };
}

/** Calls at a time; more are told that we are busy. */
const MAX_CALLS = 4;
/** How long a registration holds, in s. Lower: a dead connection is noticed sooner. Higher: less to do for the PBX. */
const REGISTER_EXPIRES_S = 120;
/** An inbound call rings as long as that, in s. */
const NO_ANSWER_S = 90;
/** Before the PBX is asked again after it could not register us, in ms. */
const RETRY_MS = 15_000;

export class Agent extends Observable<AgentState> {
  readonly account: Account;
  readonly trace = new Trace();
  readonly #emitter = new Emitter<AgentEvents>();
  readonly #socket: SipSocket;
  readonly #ua: UA;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(account: Account) {
    super({ registration: { status: 'connecting' }, wasRegistered: false, calls: [] });
    this.account = account;
    this.#socket = new SipSocket(account.url, (direction, message) =>
      this.trace.add(direction, message, Date.now()),
    );
    const { user, address, password, displayName } = account;
    this.#ua = new UA({
      sockets: this.#socket,
      uri: address,
      authorization_user: user,
      password,
      display_name: displayName,
      register_expires: REGISTER_EXPIRES_S,
      no_answer_timeout: NO_ANSWER_S,
      user_agent: 'Tertulia',
    });
    this.#listen();
  }

  /** Opens the connection and registers; goes on trying for as long as that can help. */
  start(): void {
    this.#ua.start();
  }

  /** Ends all calls, takes the registration back, closes the connection. */
  close(): void {
    clearTimeout(this.#retry);
    this.#ua.stop();
  }

  /** Asks the PBX whether we are still known, as after sleep; a connection that is dead is noticed by that. */
  refresh(): void {
    if (this.state.registration.status === 'registered') this.#ua.register();
  }

  /** @returns the function that ends it */
  on<E extends keyof AgentEvents>(event: E, listener: (value: AgentEvents[E]) => void): () => void {
    return this.#emitter.on(event, listener);
  }

  /** @param address as of a `Target` @param keys to press once it is answered */
  call(address: string, sending: Sending, keys = ''): Call {
    const mediaStream = new MediaStream();
    const session = this.#ua.call(address, {
      mediaStream,
      pcConfig: this.#rtcConfiguration,
      sessionTimersExpires: SESSION_EXPIRES_S,
    });
    const call = this.#adopt(session, 'outbound', sending.video !== null);
    for (const track of call.begin(sending, keys).getTracks()) mediaStream.addTrack(track);
    return call;
  }

  /** @throws MessageError when it did not get through */
  send(address: string, text: string): Promise<Delivery> {
    return sendMessage(this.#ua, address, text);
  }

  get #rtcConfiguration(): RTCConfiguration {
    return { iceServers: [...this.account.iceServers] };
  }

  #adopt(session: RTCSession, direction: CallState['direction'], offersVideo: boolean): Call {
    const call: Call = new Call(
      session,
      { direction, offersVideo },
      {
        configuration: this.#rtcConfiguration,
        onReferred: (referred, sending) => {
          const next = this.#adopt(referred, 'outbound', sending.video !== null);
          const stream = next.begin(sending);
          this.#emitter.emit('call', next);
          return stream;
        },
        onEnded: () => {
          this.#change({ calls: this.state.calls.filter((other) => other !== call) });
          this.#emitter.emit('ended', call.state);
        },
      },
    );
    this.#change({ calls: [...this.state.calls, call] });
    return call;
  }

  #listen(): void {
    const ua = this.#ua;
    ua.on('connecting', () => {
      // While it is tried again and again, what is wrong stays to be read.
      if (this.state.registration.status === 'registered') this.#register({ status: 'connecting' });
    });
    ua.on('disconnected', ({ error }: DisconnectEvent) => {
      if (error) this.#failed('unreachable');
      // Closed in good order, as by a PBX that restarts: JsSIP opens it again.
      else if (this.state.registration.status === 'registered') this.#register({ status: 'connecting' });
    });
    ua.on('registered', () => this.#register({ status: 'registered' }));
    ua.on('registrationFailed', ({ cause, response }: UnanswerableEvent) => {
      const problem = registrationProblem(String(cause), response?.status_code ?? null);
      this.#failed(problem);
      // Open, and nobody answers: it is dead, and another one is made.
      if (problem === 'no-answer') this.#socket.abandon();
      else if (isPassing(problem)) this.#retryLater();
      // With every new connection JsSIP would try the same again. Later on there may be calls, which go on.
      else if (!this.state.wasRegistered) ua.stop();
    });
    ua.on('newRTCSession', (event: IncomingRTCSessionEvent | OutgoingRTCSessionEvent) => {
      const by: string = event.originator;
      if (by !== 'remote') return;
      const { session, request } = event;
      if (this.state.calls.length >= MAX_CALLS) {
        session.terminate({ status_code: 486 });
        return;
      }
      this.#emitter.emit('call', this.#adopt(session, 'inbound', /^m=video [1-9]/m.test(request.body)));
    });
    ua.on('newMessage', (event: IncomingMessageEvent | OutgoingMessageEvent) => {
      const by: string = event.originator;
      if (by !== 'remote') return;
      const message = receiveMessage(event);
      if (message) this.#emitter.emit('message', message);
    });
  }

  #failed(problem: RegistrationProblem): void {
    this.#register({ status: 'failed', problem, retries: isPassing(problem) });
  }

  #retryLater(): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#ua.register(), RETRY_MS);
  }

  #register(registration: Registration): void {
    const wasRegistered = this.state.wasRegistered || registration.status === 'registered';
    this.#change({ registration, wasRegistered });
  }

  #change(change: Partial<AgentState>): void {
    this.set({ ...this.state, ...change });
  }
}

/** JsSIP gives no response where none came, whatever its types say. */
type UnanswerableEvent = Pick<UnRegisteredEvent, 'cause'> & {
  readonly response: UnRegisteredEvent['response'] | null;
};
