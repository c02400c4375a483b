/** The headless room client: everything that an app needs of a Tertulia server, without a user interface. */
export { RoomClientError } from './errors.ts';
export { createRoomClient } from './room-client.ts';
export * from './words.ts';
export type * from './types.ts';
