/** How much one server carries, and one room. */
export interface Limits {
  rooms: number;
  participantsPerRoom: number;
  publicationsPerParticipant: number;
  /** Messages of the chat that a newcomer is shown. */
  chatTail: number;
}
