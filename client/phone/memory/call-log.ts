/** The last calls of an account, newest first, kept in this browser. */
import { isRecord, readStored, store } from '../../app/preferences/storage.ts';
import { Observable } from '../../app/ui/observable.ts';
import type { CallState } from '../agent/call-state.ts';

export type Outcome = 'answered' | 'missed' | 'refused' | 'failed';

export interface LoggedCall {
  /** In ms since the epoch; no two calls have the same. */
  readonly startedAt: number;
  readonly direction: CallState['direction'];
  readonly address: string;
  readonly name: string | null;
  readonly outcome: Outcome;
  /** How long it was talked, in ms. */
  readonly talkedMs: number;
}

const MAX_CALLS = 100;
const OUTCOMES: ReadonlySet<unknown> = new Set<Outcome>(['answered', 'missed', 'refused', 'failed']);

export class CallLog extends Observable<readonly LoggedCall[]> {
  readonly #key: string;

  /** @param owner the account's address */
  constructor(owner: string) {
    const key = `tertulia.phone.calls.${owner}`;
    super(parseCalls(readStored(key)));
    this.#key = key;
  }

  add(call: CallState): void {
    this.#keep([loggedCall(call), ...this.state].slice(0, MAX_CALLS));
  }

  clear(): void {
    this.#keep([]);
  }

  #keep(calls: readonly LoggedCall[]): void {
    store(this.#key, calls);
    this.set(calls);
  }
}

export function loggedCall(call: CallState): LoggedCall {
  const { startedAt, direction, peer, answeredAt, endedAt } = call;
  const talkedMs = answeredAt === null || endedAt === null ? 0 : endedAt - answeredAt;
  return { startedAt, direction, address: peer.address, name: peer.name, outcome: outcomeOf(call), talkedMs };
}

export function parseCalls(stored: unknown): readonly LoggedCall[] {
  return Array.isArray(stored) ? stored.filter(isLoggedCall).slice(0, MAX_CALLS) : [];
}

function outcomeOf({ answeredAt, direction, endReason }: CallState): Outcome {
  if (answeredAt !== null || endReason === 'answered-elsewhere') return 'answered';
  if (direction === 'outbound') return 'failed';
  return endReason === 'declined' || endReason === 'busy' ? 'refused' : 'missed';
}

function isLoggedCall(value: unknown): value is LoggedCall {
  if (!isRecord(value)) return false;
  const { startedAt, direction, address, name, outcome, talkedMs } = value;
  return (
    typeof startedAt === 'number' &&
    (direction === 'inbound' || direction === 'outbound') &&
    typeof address === 'string' &&
    (name === null || typeof name === 'string') &&
    OUTCOMES.has(outcome) &&
    typeof talkedMs === 'number'
  );
}
