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

/** What to send to somebody who is to come into the room. */
export function roomLink(room: string): string {
  return new URL(`.${roomPath(room)}`, document.baseURI).href;
}
