/** Where things are, for tests that start other programs. */
import { fileURLToPath } from 'node:url';

/** The repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const SERVER_MAIN = `${ROOT}server/main.ts`;
export const BRIDGE_MAIN = `${ROOT}server/bridge/main.ts`;
export const CLIENT_DIST = `${ROOT}client/dist`;
