/** Calls that are refused before they begin: recorded as all others are, but of a flood a part only. */
import type { Logger } from 'pino';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Caller, RoomDoor } from './door.ts';
import { refusalOf } from './sip/call.ts';
import type { CallDetails } from './sip/call.ts';
import { faultOf } from './sip/close-reason.ts';
import type { CloseReason } from './sip/close-reason.ts';

/**
 * How many that came in by one trunk are recorded in `SECONDS`. Higher: a flood fills the store of the server.
 * Lower: of those whom an hour of many calls has turned away, fewer are known.
 */
const POINTS = 100;
const SECONDS = 60;

export class TurnedAway {
  readonly #door: RoomDoor;
  readonly #logger: Logger;
  readonly #recorded = new RateLimiterMemory({ points: POINTS, duration: SECONDS });

  constructor(door: RoomDoor, logger: Logger) {
    this.#door = door;
    this.#logger = logger;
  }

  /** One that came in, and has been refused. Never rejects. */
  async fromOutside(call: CallDetails, reason: CloseReason): Promise<void> {
    const { trunk } = call;
    const { consumedPoints } = await this.#recorded.penalty(trunk);
    if (consumedPoints <= POINTS)
      this.#record({ ...call, invitation: null }, reason, refusalOf(reason).status_code ?? 480);
    else if (consumedPoints === POINTS + 1)
      this.#logger.warn({ trunk, reason, seconds: SECONDS }, 'more calls are refused than are recorded');
  }

  /** One out of a room, which was not begun. */
  fromRoom(caller: Caller, reason: CloseReason): void {
    this.#record(caller, reason, null);
  }

  #record(caller: Caller, reason: CloseReason, sipStatus: number | null): void {
    const now = Date.now();
    this.#door.missed(caller, {
      ...{ reason, fault: faultOf(reason), sipStatus, media: null },
      ...{ startedAtMs: now, answeredAtMs: null, endedAtMs: now },
    });
  }
}
