import {
  openIvr,
  stepIvr,
  type DigitWay,
  type Ivr,
  type IvrAction,
  type IvrEvent,
  type IvrOptions,
  type IvrTimer,
  type Step,
} from '../../../server/bridge/ivr.ts';

/** How long the prompts of one `play` take, in ms. */
const PLAYING_MS = 2_000;

type Done<T extends IvrAction['type']> = Extract<IvrAction, { type: T }>;

/** A caller in a menu, with a clock of its own that carries out timers and prompts. */
export class Caller {
  ivr: Ivr;
  /** All that the menu wanted done. */
  readonly actions: IvrAction[] = [];
  #now = 0;
  readonly #timers = new Map<IvrTimer, number>();
  #playing: { id: number; endsAt: number } | null = null;

  constructor(options: Partial<IvrOptions> = {}) {
    this.ivr = this.#take(openIvr({ destination: { roomNumber: null }, languages: ['en'], ...options }));
  }

  get stage(): Ivr['stage']['name'] {
    return this.ivr.stage.name;
  }

  /** What was played last, each as `language/id`. */
  get hears(): readonly string[] {
    return this.done('play').at(-1)?.prompts ?? [];
  }

  /** Why the menu ended the call; null as long as it did not. */
  get left(): string | null {
    return this.done('leave').at(-1)?.reason ?? null;
  }

  /** All actions of a type. */
  done<T extends IvrAction['type']>(type: T): Done<T>[] {
    return this.actions.filter((action): action is Done<T> => action.type === type);
  }

  happens(event: IvrEvent): this {
    this.ivr = this.#take(stepIvr(this.ivr, event));
    return this;
  }

  press(digits: string, via: DigitWay = 'rtp'): this {
    for (const digit of digits) this.happens({ type: 'digit', digit, via });
    return this;
  }

  /** Lets time pass: prompts end, and timers run out, in their order. */
  wait(ms: number): this {
    const until = this.#now + ms;
    for (let next = this.#next(); next && next.at <= until; next = this.#next()) {
      this.#now = next.at;
      if (next.event.type === 'timeout') this.#timers.delete(next.event.timer);
      else this.#playing = null;
      this.happens(next.event);
    }
    this.#now = until;
    return this;
  }

  #next(): { at: number; event: Extract<IvrEvent, { type: 'timeout' | 'promptEnded' }> } | undefined {
    const due = [...this.#timers].map(([timer, at]) => ({ at, event: { type: 'timeout', timer } as const }));
    const ending = this.#playing
      ? [{ at: this.#playing.endsAt, event: { type: 'promptEnded', playId: this.#playing.id } as const }]
      : [];
    return [...due, ...ending].sort((one, other) => one.at - other.at)[0];
  }

  #take({ ivr, actions }: Step): Ivr {
    for (const action of actions) {
      this.actions.push(action);
      if (action.type === 'startTimer') this.#timers.set(action.timer, this.#now + action.ms);
      if (action.type === 'stopTimer') this.#timers.delete(action.timer);
      if (action.type === 'stopPlaying') this.#playing = null;
      if (action.type === 'play') this.#playing = { id: action.playId, endsAt: this.#now + PLAYING_MS };
    }
    return ivr;
  }
}

/** A caller who has come into the room. */
export function inRoom(joined: { count?: number; muted?: boolean; mayUnmute?: boolean } = {}): Caller {
  const caller = new Caller({ destination: { roomNumber: '123' } });
  return caller.happens({ type: 'joined', ...{ count: 3, muted: false, mayUnmute: true, ...joined } });
}
