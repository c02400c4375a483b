/** Short messages on top of the stage that come and go. */
import { currentText, type Words } from '../../i18n/text.ts';
import { Observable } from '../../ui/observable.ts';

export type Tone = 'info' | 'warning' | 'danger';

/** Something that the person is asked to do. */
export interface NoticeRequest {
  /** What the button says. */
  readonly label: Words;
  readonly run: () => void;
}

export interface Notice {
  readonly id: number;
  readonly tone: Tone;
  readonly words: Words;
  /** Of several on one subject only the newest is shown. */
  readonly subject?: string;
  readonly request?: NoticeRequest;
}

/** How long one stays, in ms: long enough to be read twice. */
const SHOWN_MS = 6_000;
/** Older ones go when there are more: a stack of notices is read by nobody. */
const MAX_NOTICES = 3;

export interface Board {
  readonly notices: readonly Notice[];
  /** What screen readers are told without a notice, the newest last. */
  readonly announcement: { readonly id: number; readonly text: string };
}

export class NoticeBoard extends Observable<Board> {
  #nextId = 1;

  constructor() {
    super({ notices: [], announcement: { id: 0, text: '' } });
  }

  show(words: Words, tone: Tone = 'info', subject?: string): void {
    this.#add({ id: this.#nextId++, tone, words, ...(subject !== undefined && { subject }) }, SHOWN_MS);
  }

  /** Takes away what is shown on a subject: the person sees it elsewhere by now. */
  settle(subject: string): void {
    this.#keep((notice) => notice.subject !== subject);
  }

  /** Shows what somebody is asked for, with a button that does it. @param shownMs goes by itself after that */
  ask(words: Words, request: NoticeRequest, shownMs: number): void {
    this.#add({ id: this.#nextId++, tone: 'info', words, request }, shownMs);
  }

  #add(notice: Notice, shownMs: number): void {
    const text = currentText();
    const told = notice.words(text);
    // The same again means that it still holds: shown once, for longer.
    const others = this.state.notices.filter(
      ({ words, subject }) => words(text) !== told && (subject === undefined || subject !== notice.subject),
    );
    this.set({ ...this.state, notices: [...others, notice].slice(-MAX_NOTICES) });
    setTimeout(() => this.dismiss(notice.id), shownMs);
  }

  dismiss(id: number): void {
    this.#keep((notice) => notice.id !== id);
  }

  #keep(isKept: (notice: Notice) => boolean): void {
    const notices = this.state.notices.filter(isKept);
    if (notices.length < this.state.notices.length) this.set({ ...this.state, notices });
  }

  /** Tells screen readers only. */
  announce(text: string): void {
    this.set({ ...this.state, announcement: { id: this.#nextId++, text } });
  }
}
