/** One call: an INVITE dialog of JsSIP's, and what we make of it. JsSIP's words for things end here. */
import { EventEmitter } from 'node:events';
import type {
  AnswerOptions,
  EndEvent,
  IncomingDTMFEvent,
  IncomingInfoEvent,
  OutgoingDTMFEvent,
  OutgoingEvent,
  IncomingEvent,
  OutgoingInfoEvent,
  ReferEvent,
  RTCSession,
  TerminateOptions,
} from 'jssip/lib/RTCSession.js';
import { nanoid } from 'nanoid';
import type { Logger } from 'pino';
import type { CallStats, Direction, MediaEvent } from '../media/protocol.ts';
import type { NegotiatedMedia } from './call-media.ts';
import { closeReasonOf, faultOf } from './close-reason.ts';
import type { CloseReason, Fault } from './close-reason.ts';
import { networkCauseOf } from './headers.ts';
import type { Party } from './identity.ts';
import { CallConnection, EmptyStream } from './peer-connection.ts';
import type { CallConnectionConfiguration } from './peer-connection.ts';
import { Refresh } from './refresh.ts';

/** How a digit came: as a telephone event (RFC 4733), in a SIP INFO, or as sound. */
export type DigitWay = 'rtp' | 'info' | 'inband';

export interface CallEnd {
  reason: CloseReason;
  fault: Fault;
  /** Of the response that ended it. */
  sipStatus: number | null;
  /** Null if there was no media. */
  media: CallStats | null;
  startedAtMs: number;
  answeredAtMs: number | null;
  endedAtMs: number;
}

/** A phone asks us to call somebody else in its place (REFER, RFC 3515). */
export interface TransferRequest {
  /** The Refer-To header as it came. */
  referTo: string;
  /** Calls them, and tells the phone how that goes on. */
  accept: () => Call;
  reject: () => void;
}

export interface CallEvents {
  /** The phone that we call rings; `early`: and sounds (183 with media). */
  ringing: [{ early: boolean }];
  /** There is a conversation: acknowledged, and with media. */
  answered: [];
  /** Not before it is answered. */
  digit: [digit: string, via: DigitWay];
  /** The phone holds us, or is back. */
  heldByPhone: [held: boolean];
  mediaEvent: [MediaEvent];
  transfer: [TransferRequest];
  ended: [CallEnd];
}

export interface CallDetails {
  id: string;
  trunk: string;
  direction: 'inbound' | 'outbound';
  /** Who is at the other end. */
  party: Party;
  /** The number that was dialled; null if the PBX does not tell. */
  called: string | null;
}

/** A new call out. @param number null when there is none to be told */
export function callTo(number: string | null): Omit<CallDetails, 'trunk'> {
  return { id: nanoid(), direction: 'outbound', party: { number, name: null }, called: number };
}

/** Digits kept that come before the conversation: more than a room's number and its PIN have. */
const MOST_EARLY_DIGITS = 32;

/** How an INVITE is refused, by the reason. Others get 480. */
const refusals: Partial<Record<CloseReason, TerminateOptions>> = {
  overloaded: { status_code: 503, extraHeaders: ['Retry-After: 10'] },
  'media-down': { status_code: 503, extraHeaders: ['Retry-After: 10'] },
  'too-many-calls': { status_code: 503, extraHeaders: ['Retry-After: 10'] },
  stopping: { status_code: 503, extraHeaders: ['Retry-After: 30'] },
  malformed: { status_code: 400 },
  'media-unsupported': { status_code: 488 },
  internal: { status_code: 500 },
};

/** How to refuse an INVITE for a reason. */
export function refusalOf(reason: CloseReason): TerminateOptions {
  return refusals[reason] ?? {};
}

/** What JsSIP needs so that it asks nobody for a microphone. */
export function sessionOptions(media: NegotiatedMedia): AnswerOptions {
  const pcConfig: CallConnectionConfiguration = { iceServers: [], media };
  return { pcConfig, mediaStream: new EmptyStream(), rtcOfferConstraints: {}, rtcAnswerConstraints: {} };
}

export class Call extends EventEmitter<CallEvents> {
  readonly details: CallDetails;
  readonly #session: RTCSession;
  readonly #media: NegotiatedMedia;
  readonly #logger: Logger;
  readonly #startedAtMs = Date.now();
  readonly #startedAt = performance.now();
  readonly #accept: (event: ReferEvent) => Call;
  readonly #refresh: Refresh;
  #answeredAtMs: number | null = null;
  #reason: CloseReason | null = null;
  #isHeldByPhone = false;
  #isOver = false;
  /** What a phone keys at once overtakes its ACK: that goes by the PBX, and sound comes straight here. */
  readonly #earlyDigits: [digit: string, via: DigitWay][] = [];

  /** @param accept carries out a transfer */
  constructor(
    details: CallDetails,
    session: RTCSession,
    media: NegotiatedMedia,
    accept: (event: ReferEvent) => Call,
    logger: Logger,
  ) {
    super();
    this.details = details;
    this.#session = session;
    this.#media = media;
    this.#accept = accept;
    this.#logger = logger;
    this.#refresh = new Refresh(session, details.direction === 'outbound', (status) =>
      logger.info({ status }, 'a phone does not take our address anew; the call goes on'),
    );
    session.on('progress', (event: IncomingEvent | OutgoingEvent) => {
      if ('response' in event && details.direction === 'outbound')
        this.emit('ringing', { early: event.response.body !== '' });
    });
    session.on('confirmed', () => this.#confirmed());
    session.on('newDTMF', (event: IncomingDTMFEvent | OutgoingDTMFEvent) => {
      if (event.dtmf.tone && isRemote(event)) this.#digit(event.dtmf.tone, 'info');
    });
    session.on('newInfo', (event: IncomingInfoEvent | OutgoingInfoEvent) => {
      if (isRemote(event)) this.#info(event.info.contentType, event.info.body);
    });
    session.on('refer', (event) => this.#refer(event));
    // A call that is to take this one's place (RFC 3891). Attended transfers are the PBX's to join.
    session.on('replaces', ({ reject }) => reject());
    session.on('ended', (event) => void this.#over(event));
    session.on('failed', (event) => void this.#over(event));
  }

  get id(): string {
    return this.details.id;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get isAnswered(): boolean {
    return this.#answeredAtMs !== null;
  }

  /** Answers a call that has come in, or refuses it for what its media comes to. Never rejects. */
  async answer(): Promise<void> {
    try {
      await this.#media.prepare();
    } catch {
      // Why, the media tells; it is logged with the end of the call.
      this.hangUp(this.#mediaFailure() ?? 'internal');
      return;
    }
    // The caller may have given up.
    if (this.#isOver || this.#reason !== null) return;
    try {
      this.#session.answer(sessionOptions(this.#media));
    } catch (error) {
      this.#logger.warn({ err: error }, 'a call that can not be answered');
      this.hangUp('malformed');
    }
  }

  /** Ends the call in the way that its state asks for: refuses, cancels or says BYE. Idempotent; the first reason counts. */
  hangUp(reason: CloseReason): void {
    if (this.#isOver || this.#reason !== null) return;
    this.#reason = reason;
    const isUnanswered = this.details.direction === 'inbound' && this.#session.isInProgress();
    try {
      this.#session.terminate(isUnanswered ? refusalOf(reason) : {});
    } catch (error) {
      // JsSIP has ended it already, without an event.
      this.#logger.debug({ err: error }, 'a call that was over');
      void this.#over(null);
    }
  }

  /** Tells the phone our present address, without which it could not reach us after the way to the PBX has changed. */
  refresh(): void {
    if (this.isAnswered && !this.#isOver) this.#refresh.start();
  }

  /** What the phone has said of itself in its last offer or answer. */
  onRemoteDirection(direction: Direction): void {
    const isHeld = direction === 'sendonly' || direction === 'inactive';
    if (isHeld === this.#isHeldByPhone) return;
    this.#isHeldByPhone = isHeld;
    this.emit('heldByPhone', isHeld);
  }

  /** What the media process tells of this call. */
  onMediaEvent(event: MediaEvent): void {
    switch (event.event) {
      case 'digit':
        this.#digit(event.digit, event.via);
        return;
      case 'mediaLost':
        this.hangUp('media-lost');
        return;
      case 'legFailed':
        this.#logger.info({ reason: event.reason }, 'the media of a call has failed');
        this.hangUp('media-failed');
        return;
      case 'promptEnded':
      case 'mediaArrived':
        this.emit('mediaEvent', event);
        return;
      case 'ready':
      case 'overload':
    }
  }

  #confirmed(): void {
    const { connection }: { connection: unknown } = this.#session;
    if (connection instanceof CallConnection) connection.confirmed();
    // After a re-INVITE without SDP it is told again.
    if (this.isAnswered) return;
    this.#answeredAtMs = this.#nowMs;
    this.emit('answered');
    for (const early of this.#earlyDigits.splice(0)) this.emit('digit', ...early);
  }

  #digit(digit: string, via: DigitWay): void {
    if (this.isAnswered) this.emit('digit', digit, via);
    else if (this.#earlyDigits.length < MOST_EARLY_DIGITS) this.#earlyDigits.push([digit, via]);
  }

  /** `application/dtmf` is nobody's standard, but phones send it: the digit alone. JsSIP knows `dtmf-relay` itself. */
  #info(contentType: string, body: string): void {
    if (!/^application\/dtmf\b/i.test(contentType)) return;
    const digit = /^\s*(?:Signal\s*=\s*)?([0-9A-D*#])\s*$/im.exec(body)?.[1];
    if (digit !== undefined) this.#digit(digit, 'info');
  }

  #refer(event: ReferEvent): void {
    if (this.listenerCount('transfer') === 0) {
      event.reject();
      return;
    }
    this.emit('transfer', {
      referTo: event.request.getHeader('Refer-To'),
      accept: () => this.#accept(event),
      reject: () => event.reject(),
    });
  }

  async #over(event: EndEvent | null): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#refresh.close();
    const message = event ? messageOf(event) : null;
    const sipStatus = message && 'status_code' in message ? message.status_code : null;
    const networkCause = networkCauseOf(message?.getHeaders('Reason') ?? []);
    const told = closeReasonOf({ cause: event?.cause ?? '', status: sipStatus, networkCause });
    // JsSIP knows but one reason why media can not be.
    const reason = this.#reason ?? (told === 'media-unsupported' ? this.#mediaFailure() : null) ?? told;
    const end: CallEnd = {
      reason,
      fault: faultOf(reason),
      sipStatus,
      media: await this.#media.close(),
      startedAtMs: this.#startedAtMs,
      answeredAtMs: this.#answeredAtMs,
      endedAtMs: this.#nowMs,
    };
    const problem = this.#media.failure?.message;
    this.#logger.info({ reason, fault: end.fault, sipStatus, problem }, 'call ended');
    this.emit('ended', end);
  }

  /** Ms since the epoch by the clock at the start, should it have been set since: calls last as long as they last. */
  get #nowMs(): number {
    return Math.round(this.#startedAtMs + performance.now() - this.#startedAt);
  }

  #mediaFailure(): CloseReason | null {
    const { failure } = this.#media;
    if (!failure) return null;
    switch (failure.code) {
      case 'unsupported':
        return 'media-unsupported';
      case 'malformed':
        return 'malformed';
      case 'overloaded':
      case 'no-port':
        return 'overloaded';
      case 'process-ended':
      case 'timed-out':
        return 'media-down';
      case 'unknown-call':
      case 'unknown-room':
      case 'unknown-prompt':
      case 'wrong-state':
      case 'internal':
        return 'internal';
    }
  }
}

/** JsSIP tells what we send by the same events. Its types have enumerations that do not exist at run time. */
function isRemote({ originator }: { originator: string }): boolean {
  return originator === 'remote';
}

/** JsSIP gives null where its types have a message: for what ended here. */
function messageOf({ message }: EndEvent): EndEvent['message'] | null {
  return message;
}
