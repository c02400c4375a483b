import type { Language, Prompt, PromptId } from '../prompts/catalogue.ts';
import type { InRoom, Ivr, IvrAction, IvrOptions, IvrTimer, Stage, Step } from './model.ts';

/** Tries at the room's number, and tries at its PIN. More help those who guess. */
const TRIES = 3;

/** Timers that go on from stage to stage. */
const LASTING: ReadonlySet<IvrTimer> = new Set(['menu', 'digitWay']);

/**
 * One event's work on a menu: collects the actions and the changes, and gives out the next state at the end. It keeps
 * in step what belongs together, such as timers and the stage that they are for; the states themselves never change.
 */
export class Turn {
  #ivr: Ivr;
  #actions: IvrAction[] = [];

  constructor(ivr: Ivr) {
    this.#ivr = ivr;
  }

  get ivr(): Ivr {
    return this.#ivr;
  }

  /** Ends the turn. */
  get step(): Step {
    return { ivr: this.#ivr, actions: this.#actions };
  }

  /** Goes to a stage. Timers of the last one stop. */
  enter(stage: Stage): void {
    for (const timer of this.#ivr.runningTimers) if (!LASTING.has(timer)) this.stopTimer(timer);
    this.change({ stage });
  }

  change(change: Partial<Ivr>): void {
    this.#ivr = { ...this.#ivr, ...change };
  }

  /** Changes what is so of a caller in the room. */
  changeInRoom(change: Partial<Omit<InRoom, 'name'>>): void {
    const { stage } = this.#ivr;
    if (stage.name === 'inRoom') this.change({ stage: { ...stage, ...change } });
  }

  do(action: IvrAction): void {
    this.#actions.push(action);
  }

  /**
   * Says prompts, in the caller's language, in place of what plays. Whatever is said first begins with a welcome, and
   * after that with the end of the call, if that is near.
   */
  say(...prompts: PromptId[]): void {
    this.#play(prompts, []);
  }

  /** As `say`, and then tells in each other language that may be had how to change to it. */
  ask(...prompts: PromptId[]): void {
    const { language, options } = this.#ivr;
    this.#play(
      prompts,
      options.languages.filter((other) => other !== language),
    );
  }

  #play(prompts: PromptId[], others: Language[]): void {
    const { language, lastPlayId, endUntold } = this.#ivr;
    const welcome: PromptId[] = lastPlayId === 0 ? ['welcome'] : [];
    const end: PromptId[] = endUntold ? ['end-is-near'] : [];
    const playId = lastPlayId + 1;
    this.change({ playing: playId, lastPlayId: playId, endUntold: false });
    this.do({
      type: 'play',
      playId,
      prompts: [
        ...[...welcome, ...end, ...prompts].map((id): Prompt => `${language}/${id}`),
        ...others.map((other): Prompt => `${other}/this-language`),
      ],
    });
  }

  /** The caller interrupts. */
  stopPlaying(): void {
    if (this.#ivr.playing === null) return;
    this.change({ playing: null });
    this.do({ type: 'stopPlaying' });
  }

  startTimer(timer: IvrTimer, ms: number): void {
    this.change({ runningTimers: [...this.#otherTimers(timer), timer] });
    this.do({ type: 'startTimer', timer, ms });
  }

  stopTimer(timer: IvrTimer): void {
    if (!this.#ivr.runningTimers.includes(timer)) return;
    this.change({ runningTimers: this.#otherTimers(timer) });
    this.do({ type: 'stopTimer', timer });
  }

  /** Notes that a timer ran out. @returns whether it was running: one that was stopped may still be on its way */
  endTimer(timer: IvrTimer): boolean {
    const wasRunning = this.#ivr.runningTimers.includes(timer);
    this.change({ runningTimers: this.#otherTimers(timer) });
    return wasRunning;
  }

  #otherTimers(timer: IvrTimer): IvrTimer[] {
    return this.#ivr.runningTimers.filter((other) => other !== timer);
  }

  /** Changes to the next language that may be had, if there is another. */
  changeLanguage(): void {
    const { language, options } = this.#ivr;
    this.change({ language: nextOf(options.languages, language) });
  }
}

/** A menu that nothing has happened to. */
export function newIvr(options: IvrOptions): Ivr {
  return {
    options,
    language: options.languages[0],
    stage: { name: 'asking', roomNumber: null, typed: '' },
    triesLeft: { roomNumber: TRIES, pin: TRIES },
    playing: null,
    lastPlayId: 0,
    runningTimers: [],
    endUntold: false,
    digitWay: null,
  };
}

function nextOf(languages: IvrOptions['languages'], language: Language): Language {
  return languages[languages.indexOf(language) + 1] ?? languages[0];
}
