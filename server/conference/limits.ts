/** How much one server carries, and one room. */
export interface Limits {
  rooms: number;
  participantsPerRoom: number;
  publicationsPerParticipant: number;
  /** Messages of the chat that a newcomer is shown. */
  chatTail: number;
  /** Who may wait at the door of a room at a time. */
  waitingPerRoom: number;
  /** How long somebody who waits keeps the place without a socket, and an admission without coming in, in ms. */
  placeKeptMs: number;
  /** How long before its time a room opens, in ms. */
  opensBeforeMs: number;
}
