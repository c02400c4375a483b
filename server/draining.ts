/** The end of a server whose rooms go on for a while. It may be asked for again, sooner or later: the soonest counts. */
import type { Clock } from './conference/ports.ts';

export interface DrainingParts {
  clock: Pick<Clock, 'now' | 'after'>;
  /** Opens no more rooms. Resolves when the last one has ended. */
  drain: () => Promise<void>;
  /** Another server has taken over. @param deadline of rooms, in ms since the epoch */
  takenOver: (deadline: number) => void;
  /** Tells people that rooms will be ended. @param deadline in ms since the epoch */
  tell: (deadline: number) => void;
  endRooms: () => void;
}

export class Draining {
  readonly #parts: DrainingParts;
  /** When rooms will be ended, in ms since the epoch. */
  #deadline = Infinity;
  /** What people were told of it last. */
  #toldDeadline = Infinity;

  constructor(parts: DrainingParts) {
    this.#parts = parts;
  }

  /**
   * Resolves when the last room is empty, or has been ended at the deadline.
   * @param drainMs until then, in ms
   * @param noticeMs where another server has taken over: how long before that people are told, in ms; else they are at once
   */
  async end(drainMs: number, noticeMs?: number): Promise<void> {
    const { clock, drain, takenOver, endRooms } = this.#parts;
    const deadline = clock.now() + drainMs;
    this.#deadline = Math.min(this.#deadline, deadline);
    const callsOff = [clock.after(drainMs, endRooms)];
    const drained = drain();
    if (noticeMs !== undefined) takenOver(deadline);
    const untilNotice = noticeMs === undefined ? 0 : drainMs - noticeMs;
    if (untilNotice <= 0) this.#tell();
    else callsOff.push(clock.after(untilNotice, () => this.#tell()));
    await drained;
    for (const callOff of callsOff) callOff();
  }

  /** Those who know it already are not told again. */
  #tell(): void {
    if (this.#toldDeadline <= this.#deadline) return;
    this.#toldDeadline = this.#deadline;
    this.#parts.tell(this.#deadline);
  }
}
