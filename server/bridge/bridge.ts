/** The bridge: its trunks, the calls on them, and how many there may be. */
import type { Logger } from 'pino';
import type { BridgeConfig } from './config.ts';
import type { RoomDoor } from './door.ts';
import type { MediaThread } from './media/media-thread.ts';
import type { MediaEvent } from './media/protocol.ts';
import { Session } from './session.ts';
import type { TrunkSettings } from './settings.ts';
import { callTo } from './sip/call.ts';
import type { Call, CallEnd } from './sip/call.ts';
import type { CloseReason } from './sip/close-reason.ts';
import { mayBeDialled, targetOf } from './sip/dialable.ts';
import { parseAddress } from './sip/headers.ts';
import { roomNumberOf } from './sip/identity.ts';
import type { Address } from './sip/identity.ts';
import { Trunk } from './sip/trunk.ts';
import type { LineVerdict, TrunkOptions, TrunkState } from './sip/trunk.ts';
import { TurnedAway } from './turned-away.ts';

/** Told of a call out of a room. */
export interface DialListener {
  ringing: (early: boolean) => void;
  answered: () => void;
  ended: (end: CallEnd) => void;
}

export interface DialRequest {
  /** As a person has typed it. */
  target: string;
  /** What the room knows the call by. */
  invitation: string;
}

/** Why a number is not called at all. */
export class DialRefused extends Error {
  override readonly name = 'DialRefused';
  readonly reason: Extract<
    CloseReason,
    'not-allowed' | 'too-many-calls' | 'overloaded' | 'stopping' | 'trunk-down'
  >;

  constructor(reason: DialRefused['reason']) {
    super(`The number is not called: ${reason}.`);
    this.reason = reason;
  }
}

export interface BridgeState {
  trunks: Record<string, TrunkState & { calls: number }>;
  calls: number;
  refusing: boolean;
  /** Whether rooms may call out by it. */
  callsOut: boolean;
}

/** A timer takes no more: 24 days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

interface Line {
  trunk: Trunk;
  settings: TrunkSettings;
}

export class Bridge {
  readonly #config: BridgeConfig;
  readonly #thread: MediaThread;
  readonly #door: RoomDoor;
  readonly #logger: Logger;
  readonly #lines: readonly Line[];
  readonly #turnedAway: TurnedAway;
  readonly #sessions = new Set<Session>();
  #isOverloaded = false;
  #isStopping = false;
  /** Ends the calls of a server that stops; null while it does not. */
  #serverStops: NodeJS.Timeout | null = null;
  #isRetired = false;

  /** @param authorities certificates (PEM) by the path in a trunk's settings */
  constructor(
    config: BridgeConfig,
    authorities: ReadonlyMap<string, string>,
    parts: { thread: MediaThread; door: RoomDoor; logger: Logger },
  ) {
    const { thread, door, logger } = parts;
    this.#config = config;
    this.#thread = thread;
    this.#door = door;
    this.#logger = logger;
    this.#turnedAway = new TurnedAway(door, logger);
    this.#lines = config.trunks.map((settings) => {
      const ca = settings.ca === null ? undefined : authorities.get(settings.ca);
      const trunk: Trunk = new Trunk(trunkOptions(config, settings, ca), thread, logger, {
        admit: () => this.#refusal(),
        onCall: (call) => this.#arrived(call, settings, trunk),
        onRefused: (details, reason) => void this.#turnedAway.fromOutside(details, reason),
        onLine: (from, text) => this.#said(from, text, settings.name),
      });
      return { trunk, settings };
    });
    thread.on('event', (event) => this.#onMediaEvent(event));
    thread.on('died', () => {
      for (const call of this.#calls) call.hangUp('media-down');
    });
  }

  start(): void {
    for (const { trunk } of this.#lines) trunk.start();
  }

  get state(): BridgeState {
    const trunks = this.#lines.map(({ trunk }) => {
      return [trunk.name, { ...trunk.state, calls: trunk.calls.length }] as const;
    });
    return {
      trunks: Object.fromEntries(trunks),
      calls: this.#calls.length,
      refusing: this.#refusal() !== null,
      callsOut: this.#config.dialOut.length > 0,
    };
  }

  /**
   * Calls somebody out of a room.
   * @returns ends the call, whether it rings or is answered
   * @throws DialRefused
   */
  dial({ target, invitation }: DialRequest, listener: DialListener): (reason: CloseReason) => void {
    const lines = this.#lines.filter(({ settings }) => settings.callsOut);
    const line = lines.find(({ trunk }) => trunk.state.server !== null) ?? lines[0];
    if (!line) throw new DialRefused('trunk-down');
    const { trunk, settings } = line;
    const user = targetOf(target, settings.domain);
    const refused = (reason: DialRefused['reason']): DialRefused => {
      const call = { ...callTo(user ?? legible(target)), trunk: trunk.name };
      this.#turnedAway.fromRoom({ ...call, invitation }, reason);
      return new DialRefused(reason);
    };
    if (trunk.state.server === null) throw refused('trunk-down');
    if (user === null || !mayBeDialled(user, this.#config.dialOut)) throw refused('not-allowed');
    const refusal = this.#refusal();
    if (refusal !== null) throw refused(refusal);
    const callsOut = this.#calls.filter(({ details }) => details.direction === 'outbound');
    if (callsOut.length >= this.#config.maxCallsOut) throw refused('too-many-calls');

    const call = trunk.dial(user);
    const ring = setTimeout(() => call.hangUp('no-answer'), this.#config.ringSeconds * 1_000);
    call.on('ringing', ({ early }) => listener.ringing(early));
    call.once('answered', () => {
      clearTimeout(ring);
      listener.answered();
      this.#open(call, settings, trunk, invitation);
    });
    call.once('ended', (end) => {
      clearTimeout(ring);
      this.#recordMissed(call, invitation, end);
      listener.ended(end);
    });
    return (reason) => call.hangUp(reason);
  }

  /**
   * The server is about to stop: callers are told, and no others taken, until one is there that stays. Rooms end
   * their callers' calls at that time; those whom no room knows of yet are the bridge's to end.
   * @param at in ms since the epoch; null when it does not stop
   */
  serverStops(at: number | null): void {
    if (at !== null) this.#tellOfEnd();
    if (this.#serverStops) clearTimeout(this.#serverStops);
    this.#serverStops = null;
    if (at === null) return;
    const end = (): void => {
      for (const session of this.#sessions) session.endIsHere();
    };
    this.#serverStops = setTimeout(end, Math.min(Math.max(0, at - Date.now()), LONGEST_TIMER_MS));
  }

  /** Another bridge takes new calls from now on. Callers who are there notice nothing. */
  retire(): void {
    this.#isRetired = true;
    for (const { trunk } of this.#lines) trunk.retire();
  }

  /** Takes no more calls, and tells callers; resolves when the last one is gone, or when this has lasted too long. */
  async drain(longestMs: number): Promise<void> {
    this.#tellOfEnd();
    this.#isStopping = true;
    const deadline = performance.now() + longestMs;
    while (this.#calls.length > 0 && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(250, longestMs)));
    }
  }

  /** Ends all calls and registrations. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    if (this.#serverStops) clearTimeout(this.#serverStops);
    await Promise.all(this.#lines.map(({ trunk }) => trunk.stop()));
  }

  get #calls(): Call[] {
    return this.#lines.flatMap(({ trunk }) => trunk.calls);
  }

  get #isEnding(): boolean {
    return this.#isStopping || this.#serverStops !== null;
  }

  /** Once, whatever is about to stop. */
  #tellOfEnd(): void {
    if (this.#isEnding) return;
    for (const session of this.#sessions) session.endIsNear();
  }

  #refusal(): 'stopping' | 'overloaded' | 'too-many-calls' | null {
    if (this.#isEnding || this.#isRetired) return 'stopping';
    if (this.#isOverloaded) return 'overloaded';
    return this.#calls.length >= this.#config.maxCalls ? 'too-many-calls' : null;
  }

  #arrived(call: Call, settings: TrunkSettings, trunk: Trunk): void {
    call.once('answered', () => this.#open(call, settings, trunk, null));
    call.once('ended', (end) => this.#recordMissed(call, null, end));
    void call.answer();
  }

  #open(call: Call, settings: TrunkSettings, trunk: Trunk, invitation: string | null): void {
    const { called, party } = call.details;
    const roomNumber = roomNumberOf(called, new Map(Object.entries(settings.rooms)));
    const session = new Session({
      call,
      thread: this.#thread,
      door: this.#door,
      ivr: {
        destination: invitation === null ? { roomNumber } : 'invited',
        languages: settings.languages,
      },
      invitation,
      mayTransfer: (referTo) => this.#mayTransfer(referTo, settings),
      write: (from, text) => {
        if (party.number !== null) trunk.write(party.number, text, from);
      },
      onEnd: () => this.#sessions.delete(session),
      logger: this.#logger.child({ callId: call.id, trunk: settings.name }),
    });
    this.#sessions.add(session);
    // It may have rung meanwhile.
    if (this.#isEnding) session.endIsNear();
  }

  /** Those that were answered are their sessions' to record. */
  #recordMissed(call: Call, invitation: string | null, end: CallEnd): void {
    if (end.answeredAtMs === null) this.#door.missed({ ...call.details, invitation }, end);
  }

  /** A transfer is a call that somebody on the telephone makes us pay for. */
  #mayTransfer(referTo: string, settings: TrunkSettings): boolean {
    const address = parseAddress(referTo);
    if (!address || address.user === null || address.host !== settings.domain.toLowerCase()) return false;
    return settings.callsOut && mayBeDialled(address.user, this.#config.dialOut);
  }

  /** Chat from a phone goes to the room that its caller is in. */
  #said(from: Address, text: string, trunk: string): LineVerdict {
    const session = [...this.#sessions].find(({ call: { details } }) => {
      return details.trunk === trunk && details.party.number !== null && details.party.number === from.user;
    });
    if (!session) return 'nobody';
    return session.say(text) ? 'taken' : 'too-many';
  }

  #onMediaEvent(event: MediaEvent): void {
    if (event.event === 'overload') this.#isOverloaded = event.refusing;
    if ('callId' in event) this.#calls.find(({ id }) => id === event.callId)?.onMediaEvent(event);
  }
}

/** What somebody has typed that is no number, as a call record takes it. */
function legible(typed: string): string | null {
  return typed.replace(/[\s\p{C}<>"]/gu, '').slice(0, 256) || null;
}

function trunkOptions(config: BridgeConfig, settings: TrunkSettings, ca: string | undefined): TrunkOptions {
  const { mediaAddress, mediaAnnounced, mediaPorts, pingSeconds } = config;
  const { name, uris, user, domain, authUser, password, register, registerSeconds, displayName } = settings;
  return {
    ...{ name, uris, ca, user, domain, authUser, password, register, registerSeconds, displayName },
    refreshMethod: settings.sessionRefresh,
    trustAsserted: settings.trustAssertedIdentity,
    pingMs: pingSeconds * 1_000,
    media: {
      options: {
        listenIp: mediaAddress,
        ...(mediaAnnounced === null ? {} : { announcedAddress: mediaAnnounced }),
        ...(mediaPorts === null ? {} : { ports: mediaPorts }),
        codecs: settings.codecs,
        inbandDigits: settings.inbandDigits,
      },
      offerKind: settings.offer,
    },
  };
}
