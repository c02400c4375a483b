/** Where tests find things on the start page, which loads none of a room's. */
export const START_IDS = {
  newRoom: 'new-room',
  roomField: 'room-field',
  goToRoom: 'go-to-room',
  nothingHere: 'nothing-here',
} as const;
