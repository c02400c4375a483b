/** What went over the wire, for whoever wants to know why a call did not work; without anything secret. */
import { Observable } from '../../app/ui/observable.ts';

export interface TraceEntry {
  /** Counts up from 1. */
  readonly id: number;
  /** In ms since the epoch. */
  readonly at: number;
  readonly direction: 'sent' | 'received';
  /** The message, its secrets hidden. */
  readonly text: string;
}

export interface TraceFilter {
  readonly direction: TraceEntry['direction'] | 'both';
  /** Words that must all be in the message, whatever their case. */
  readonly words: string;
}

/** Older messages make way. Higher: more memory. Lower: a call's beginning is gone before it ends. */
const MAX_ENTRIES = 500;
const HIDDEN = '(hidden)';

export class Trace extends Observable<readonly TraceEntry[]> {
  #last = 0;

  constructor() {
    super([]);
  }

  add(direction: TraceEntry['direction'], message: string, now: number): void {
    // Keep-alives are empty lines.
    if (message.trim() === '') return;
    this.#last += 1;
    const entry: TraceEntry = { id: this.#last, at: now, direction, text: withoutSecrets(message) };
    this.set([...this.state.slice(-(MAX_ENTRIES - 1)), entry]);
  }

  clear(): void {
    this.set([]);
  }
}

/**
 * Hides what gives access: digest answers, media keys, ICE passwords; and keys that were pressed, which may be a PIN.
 * A header's value may go on in the next lines, indented (RFC 3261, 7.3.1).
 */
export function withoutSecrets(message: string): string {
  return message
    .replace(
      /^((?:proxy-)?authorization[ \t]*:[ \t]*)(\S*)[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*/gim,
      (_all, name: string, scheme: string) => `${name}${/^\w+$/.test(scheme) ? `${scheme} ` : ''}${HIDDEN}`,
    )
    .replace(/^(a=crypto:.*inline:)[^\s|]+/gim, `$1${HIDDEN}`)
    .replace(/^(a=ice-pwd:).*$/gim, `$1${HIDDEN}`)
    .replace(/^(signal[ \t]*=[ \t]*).*$/gim, `$1${HIDDEN}`);
}

/** The first line, and of an answer also what it answers: `200 OK · REGISTER`. */
export function summaryOf({ text }: TraceEntry): string {
  const [first = ''] = text.split(/\r?\n/, 1);
  const answer = /^SIP\/2\.0 (\d{3} ?.*)$/.exec(first);
  if (!answer) return first.replace(/ SIP\/2\.0$/, '');
  const method = /^cseq[ \t]*:[ \t]*\d+[ \t]+(\w+)/im.exec(text)?.[1];
  return method === undefined ? (answer[1] ?? first) : `${answer[1] ?? ''} · ${method}`;
}

export function filtered(
  entries: readonly TraceEntry[],
  { direction, words }: TraceFilter,
): readonly TraceEntry[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter((entry) => {
    if (direction !== 'both' && entry.direction !== direction) return false;
    const text = entry.text.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

/** The messages as one text, to be sent to somebody who can read them. */
export function asText(entries: readonly TraceEntry[]): string {
  return entries
    .map(({ at, direction, text }) => `${new Date(at).toISOString()} ${direction}\n${text.trimEnd()}\n`)
    .join('\n');
}
