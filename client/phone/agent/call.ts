/** One call: JsSIP's session with its surprises on one side, a state and a few verbs on the other. */
import type {
  EndEvent,
  HoldEvent,
  IncomingDTMFEvent,
  IncomingEvent,
  OutgoingDTMFEvent,
  OutgoingEvent,
  ReferEvent,
  RTCSession,
} from 'jssip/lib/RTCSession.js';
import type { NameAddrHeader } from 'jssip/lib/NameAddrHeader.js';
import { Observable } from '../../app/ui/observable.ts';
import { CallMedia } from './call-media.ts';
import type { CallState, Sending } from './call-state.ts';
import { heedCrossing, pauseAfterCrossing } from './glare.ts';
import { MediaQueue, type OfferStart } from './media-queue.ts';
import { endReason } from './reasons.ts';
import { peerOf } from './peer.ts';

/** JsSIP gives no message where nothing came, whatever its types say. */
type FailedEvent = Omit<EndEvent, 'message'> & { readonly message: EndEvent['message'] | null };

export interface CallSurroundings {
  readonly configuration: RTCConfiguration;
  /** A call that comes out of this one, by a transfer. */
  readonly onReferred: (session: RTCSession, sending: Sending) => MediaStream;
  readonly onEnded: (call: Call) => void;
}

/** What is known after this time is sent, in ms: a STUN server that does not answer would hold up every call. */
const GATHERING_MS = 1_000;
/**
 * How often both ends tell that the call goes on (RFC 4028), in s. Lower: JsSIP gives a call up that has to tell it
 * while the socket is away for a moment. Dead media are noticed by ICE, in any case.
 */
export const SESSION_EXPIRES_S = 1_800;
/** Keys of the other end that are shown; earlier ones make way. */
const MAX_KEYS = 32;

export class Call extends Observable<CallState> {
  readonly #session: RTCSession;
  readonly #surroundings: CallSurroundings;
  readonly #media: CallMedia;
  readonly #queue = new MediaQueue(() => this.#giveWay());
  #refer: ReferEvent | null = null;
  /** To be pressed once somebody answers. */
  #keysAfterAnswer = '';
  #isGivenUp = false;
  #gathering: ReturnType<typeof setTimeout> | undefined;

  constructor(
    session: RTCSession,
    state: Pick<CallState, 'direction' | 'offersVideo'>,
    around: CallSurroundings,
  ) {
    super({
      ...state,
      id: session.id,
      peer: peerOf(session.remote_identity),
      phase: state.direction === 'inbound' ? 'ringing' : 'calling',
      startedAt: Date.now(),
      answeredAt: null,
      endedAt: null,
      endReason: null,
      isMuted: false,
      isHeld: false,
      isHeldByPeer: false,
      sends: null,
      sound: null,
      hasSound: false,
      picture: null,
      keys: '',
      transfer: null,
      referral: null,
    });
    this.#session = session;
    this.#surroundings = around;
    this.#media = new CallMedia({
      onSound: (sound, hasSound) => this.#change({ sound, hasSound }),
      onPicture: (picture) => this.#change({ picture }),
    });
    this.#listen();
  }

  get #isOver(): boolean {
    return this.state.phase === 'ended';
  }

  /** What an outbound call begins with; JsSIP adds the returned stream's tracks to its connection. */
  begin(sending: Sending, keysAfterAnswer = ''): MediaStream {
    this.#keysAfterAnswer = keysAfterAnswer;
    this.#media.begin(sending);
    this.#change({ sends: sending.video?.source ?? null });
    return this.#media.stream;
  }

  /** Takes an inbound call. */
  answer(sending: Sending): void {
    if (this.state.direction !== 'inbound' || this.state.phase !== 'ringing') return;
    const mediaStream = this.begin(sending);
    this.#change({ phase: 'answering' });
    this.#session.answer({
      mediaStream,
      pcConfig: this.#surroundings.configuration,
      sessionTimersExpires: SESSION_EXPIRES_S,
    });
  }

  /** Refuses an inbound call: `decline` for all phones of the account, `busy` for this one alone. */
  refuse(how: 'decline' | 'busy'): void {
    if (this.#isOver) return;
    this.#session.terminate({ status_code: how === 'decline' ? 603 : 486 });
  }

  /** Ends the call, or gives it up. */
  hangUp(): void {
    if (this.#isOver) return;
    this.#isGivenUp = true;
    this.#session.terminate();
  }

  setMuted(isMuted: boolean): void {
    if (this.#isOver || isMuted === this.state.isMuted) return;
    if (isMuted) this.#session.mute({ audio: true });
    else this.#session.unmute({ audio: true });
    this.#change({ isMuted });
  }

  /** Resolves when the other end knows. */
  setHeld(isHeld: boolean): Promise<void> {
    return this.#queue.offer((done, isAnew) => {
      // JsSIP has it as it is wished from the first offer on.
      if (isAnew) return this.#renegotiate(done);
      if (this.#isOver || isHeld === this.state.isHeld) return 'needless';
      const isOnItsWay = isHeld ? this.#session.hold({}, done) : this.#session.unhold({}, done);
      return isOnItsWay ? 'sent' : 'too-early';
    });
  }

  /** Sends another microphone. */
  setAudio(track: MediaStreamTrack): Promise<void> {
    return this.#queue.run(async () => {
      if (!this.#isOver) await this.#media.setAudio(track, () => this.state.isMuted || this.state.isHeld);
    });
  }

  /** Sends a picture, another one, or none any more. Resolves when the other end knows. */
  async setVideo(video: Sending['video']): Promise<void> {
    const needsOffer = await this.#queue.run(async () => {
      if (this.#isOver) return false;
      const isNew = await this.#media.setVideo(video);
      this.#change({ sends: video?.source ?? null });
      return isNew;
    });
    if (needsOffer) await this.#queue.offer((done) => this.#renegotiate(done));
  }

  #renegotiate(done: () => void): OfferStart {
    if (this.#isOver) return 'needless';
    return this.#session.renegotiate({}, done) ? 'sent' : 'too-early';
  }

  /** Takes our offer back, and leaves the other end the time to make theirs. */
  async #giveWay(): Promise<void> {
    const { connection } = this.#session;
    if (connection.signalingState === 'have-local-offer') {
      await connection.setLocalDescription({ type: 'rollback' });
    }
    const pauseMs = pauseAfterCrossing(this.state.direction === 'outbound');
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }

  /** Presses one or more keys, as RFC 4733 events, or by INFO where the other end has no such events. */
  press(keys: string): void {
    if (this.state.phase !== 'talking' || keys === '') return;
    if (!this.#media.pressKeys(keys)) this.#session.sendDTMF(keys);
  }

  /** Asks the other end to call somebody else instead (RFC 3515); our part ends when that is answered. */
  transfer(to: string): void {
    if (this.state.phase !== 'talking') return;
    const failed = (): void => this.#change({ transfer: { to, status: 'failed' } });
    this.#change({ transfer: { to, status: 'asked' } });
    this.#session.refer(to, {
      eventHandlers: {
        progress: () => this.#change({ transfer: { to, status: 'ringing' } }),
        accepted: () => {
          if (this.#isOver) return;
          this.#change({ endReason: 'transferred' });
          this.#session.terminate();
        },
        requestFailed: failed,
        failed,
      },
    });
  }

  /** Calls whom the other end asks us to call. */
  followReferral(sending: Sending): void {
    const refer = this.#takeReferral();
    if (!refer) return;
    // JsSIP takes the stream's tracks only after it has told of the new call, which brings them.
    const mediaStream = new MediaStream();
    const { configuration: pcConfig, onReferred } = this.#surroundings;
    const begin = (session: RTCSession): void => {
      for (const track of onReferred(session, sending).getTracks()) mediaStream.addTrack(track);
    };
    // JsSIP's types know of no parameters.
    Reflect.apply(refer.accept, undefined, [
      begin,
      { mediaStream, pcConfig, sessionTimersExpires: SESSION_EXPIRES_S },
    ]);
  }

  refuseReferral(): void {
    this.#takeReferral()?.reject();
  }

  #takeReferral(): ReferEvent | null {
    const refer = this.#refer;
    this.#refer = null;
    this.#change({ referral: null });
    return refer;
  }

  // ------------------------------------------------------------------------------------ what JsSIP tells

  #listen(): void {
    const session = this.#session;
    heedCrossing(session, this.#queue);
    // An outbound session has its connection from the beginning, an inbound one makes it when it is answered.
    if (this.state.direction === 'outbound') this.#media.watch(session.connection);
    else session.on('peerconnection', ({ peerconnection }) => this.#media.watch(peerconnection));

    session.on('icecandidate', ({ ready }) => {
      this.#gathering ??= setTimeout(() => {
        this.#gathering = undefined;
        ready();
      }, GATHERING_MS);
    });
    session.on('progress', (event: IncomingEvent | OutgoingEvent) => {
      if (this.state.direction === 'outbound' && 'response' in event) this.#change({ phase: 'ringing' });
    });
    session.on('accepted', () => this.#answered());
    session.on('ended', (event) => this.#end(event));
    session.on('failed', (event) => this.#end(event));
    session.on('hold', (event) => this.#held(event, true));
    session.on('unhold', (event) => this.#held(event, false));
    session.on('refer', (event) => this.#referred(event));
    session.on('newDTMF', ({ originator, dtmf }: IncomingDTMFEvent | OutgoingDTMFEvent) => {
      const by: string = originator;
      if (by === 'remote') this.#change({ keys: (this.state.keys + dtmf.tone).slice(-MAX_KEYS) });
    });
  }

  #answered(): void {
    this.#change({ phase: 'talking', answeredAt: Date.now() });
    this.press(this.#keysAfterAnswer);
  }

  #held({ originator }: HoldEvent, isHeld: boolean): void {
    const by: string = originator;
    this.#change(by === 'local' ? { isHeld } : { isHeldByPeer: isHeld });
  }

  #referred(refer: ReferEvent): void {
    // One question at a time.
    if (this.#refer) {
      refer.reject();
      return;
    }
    const header = refer.request.parseHeader<NameAddrHeader | undefined>('refer-to');
    if (!header) return;
    this.#refer = refer;
    this.#change({ referral: peerOf(header).address });
  }

  #end({ cause, originator, message }: FailedEvent): void {
    if (this.#isOver) return;
    clearTimeout(this.#gathering);
    this.#media.close();
    this.#queue.close();
    const by: string = originator;
    // JsSIP tells of a connection that is gone as if we had given up.
    const isCut = cause === 'Canceled' && by === 'local' && !this.#isGivenUp;
    const reason = endReason({
      cause: isCut ? 'Connection Error' : cause,
      by: by === 'local' || by === 'remote' ? by : 'system',
      status: message && 'status_code' in message ? message.status_code : null,
      reason: message?.getHeader('reason') ?? '',
      wasAnswered: this.state.answeredAt !== null,
    });
    this.#change({
      phase: 'ended',
      endedAt: Date.now(),
      endReason: this.state.endReason ?? reason,
      sends: null,
      sound: null,
      hasSound: false,
      picture: null,
      referral: null,
    });
    this.#surroundings.onEnded(this);
  }

  #change(change: Partial<CallState>): void {
    this.set({ ...this.state, ...change });
  }
}
