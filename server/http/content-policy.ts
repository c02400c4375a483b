/** What a page may load and connect to: https://www.w3.org/TR/CSP3/ */

export type ContentPolicy = Record<string, string[]>;

/** For everything that we serve: this server, and nobody else. */
export const ownServerOnly: ContentPolicy = {
  defaultSrc: ["'self'"],
  // People's pictures, from where their tokens say.
  imgSrc: ["'self'", 'https:'],
  baseUri: ["'self'"],
  objectSrc: ["'none'"],
  frameAncestors: ["'self'"],
  formAction: ["'self'"],
};

/** For the web phone's page alone: its person names the PBX, wherever that is. Scripts still come from here only. */
export const anyPbx: ContentPolicy = { ...ownServerOnly, connectSrc: ["'self'", 'ws:', 'wss:'] };
