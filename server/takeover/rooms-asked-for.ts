/** Which room a request is about, by its URL alone. */
import type { RoomName } from '../conference/model.ts';
import { normalizeRoomName } from '../signalling/contract.ts';

/**
 * @param url path and query, as in the first line of a request
 * @returns null for one that is about none, or about several
 */
export function roomAskedFor(url: string, basePath: string): RoomName | null {
  const parsed = URL.canParse(url, 'http://localhost') ? new URL(url, 'http://localhost') : null;
  if (!parsed?.pathname.startsWith(`${basePath}/`)) return null;
  const path = parsed.pathname.slice(basePath.length);
  const name = path.startsWith('/socket.io/') ? parsed.searchParams.get('room') : roomOfApi(path);
  return name === null ? null : normalizeRoomName(name);
}

function roomOfApi(path: string): string | null {
  const [, name] = /^\/api\/rooms\/([^/]+)/.exec(path) ?? [];
  if (name === undefined) return null;
  try {
    return decodeURIComponent(name);
  } catch {
    return null;
  }
}
