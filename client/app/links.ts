/** Addresses below the path that the server is reached under, which `<base>` tells. */

/** The path without a slash at its end: `` or `/meet`. */
export function basePath(): string {
  return new URL(document.baseURI).pathname.replace(/\/$/, '');
}

/** The server's own address, with a slash at its end. */
export function serverUrl(): string {
  return new URL('.', document.baseURI).href;
}

/** Where a room is within the app, for the router. */
export function roomPath(room: string): string {
  return `/r/${encodeURIComponent(room)}`;
}

/** The room of such a path; null for another path. */
export function roomOfPath(path: string): string | null {
  const [, room] = /^\/r\/([^/]+)$/.exec(path) ?? [];
  return room === undefined ? null : decode(room);
}

/** A stray percent sign stays what it is. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What to send to somebody who is to come into the room. */
export function roomLink(room: string): string {
  return new URL(`.${roomPath(room)}`, document.baseURI).href;
}
