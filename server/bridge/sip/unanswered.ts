/** Nobody waits for an answer for longer: 64 times T1 (RFC 3261, section 17.1), in ms. */
const LONGEST_WAIT_MS = 32_000;
/** Messages kept at most; the oldest goes first. More than a bridge full of calls sends within a few seconds. */
const MOST_MESSAGES = 1_000;

interface Kept {
  text: string;
  /** By a clock that only goes forwards. */
  sentAtMs: number;
  /** Of the transaction whose answer is awaited. Null: for a message that needs none, kept until it is sent. */
  key: string | null;
}

/**
 * What has to be sent again on a new connection, as UDP's retransmissions would have done it: requests without any
 * answer yet, and all that there was no connection for.
 */
export class Unanswered {
  #kept: Kept[] = [];

  /** Notes a message that is being sent, or can't be at the moment. */
  note(text: string, isSent: boolean, nowMs: number): void {
    const key = requestKey(text);
    if (key === null && isSent) return;
    this.#forgetOld(nowMs);
    if (this.#kept.length >= MOST_MESSAGES) this.#kept.shift();
    this.#kept.push({ text, sentAtMs: nowMs, key });
  }

  /** Notes a message that has come. */
  heard(text: string): void {
    const key = responseKey(text);
    if (key !== null) this.#kept = this.#kept.filter((kept) => kept.key !== key);
  }

  /** What to send on a new connection, in order. */
  takeAll(nowMs: number): string[] {
    this.#forgetOld(nowMs);
    const texts = this.#kept.map(({ text }) => text);
    this.#kept = this.#kept.filter(({ key }) => key !== null);
    return texts;
  }

  #forgetOld(nowMs: number): void {
    this.#kept = this.#kept.filter(({ sentAtMs }) => nowMs - sentAtMs < LONGEST_WAIT_MS);
  }
}

/** Null if no answer is due: for responses, and for ACK. */
function requestKey(text: string): string | null {
  const method = /^([A-Z]+) \S+ SIP\/2\.0\r\n/.exec(text)?.[1];
  return method === undefined || method === 'ACK' ? null : transactionKey(text, method);
}

function responseKey(text: string): string | null {
  if (!text.startsWith('SIP/2.0 ')) return null;
  const method = /^CSeq:\s*\d+\s+([A-Z]+)/im.exec(text)?.[1];
  return method === undefined ? null : transactionKey(text, method);
}

/** A branch is unique, but that a CANCEL has the one of its INVITE (RFC 3261, section 17.1.3). */
function transactionKey(text: string, method: string): string | null {
  const branch = /^(?:Via|v):[^\r\n]*?;branch=([^;,\s]+)/im.exec(text)?.[1];
  return branch === undefined ? null : `${method} ${branch}`;
}
