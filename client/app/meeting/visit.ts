/**
 * What brought somebody here beside the room's name: the kind of room they chose, the token in their link. Both stay
 * with the entry in the browser's history, which outlives a reload and is in no link that they send to others.
 */
import type { RoomKind } from '../../sdk/types.ts';
import { roomKinds } from '../../sdk/words.ts';
import { isRecord } from '../preferences/storage.ts';

export interface Visit {
  /** What a room that this visit makes begins as; null leaves it to the server. */
  readonly kind: RoomKind | null;
  /** A JWT. Secret. */
  readonly token: string | null;
}

/** In a link: `#token=…`, which browsers send to no server. */
const TOKEN_IN_LINK = 'token';

/** @param state of the history entry; anything may be in it */
export function parseVisit(state: unknown, hash: string): Visit {
  const from = isRecord(state) ? state : {};
  const kind = roomKinds.find((known) => known === from['kind']) ?? null;
  const inLink = new URLSearchParams(hash.replace(/^#/, '')).get(TOKEN_IN_LINK);
  const kept = typeof from['token'] === 'string' ? from['token'] : null;
  return { kind, token: inLink ?? kept };
}

export function currentVisit(): Visit {
  return parseVisit(history.state, location.hash);
}

/** Keeps what came along with the history entry, and takes the token out of the address. */
export function keepVisit(visit: Visit): void {
  if (location.hash === '' || visit.token === null) return;
  history.replaceState(visit, '', `${location.pathname}${location.search}`);
}
