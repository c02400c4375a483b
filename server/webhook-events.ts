/** What other programs can be told of by webhook. */
export const webhookEvents = [
  'room.started',
  'room.ended',
  'participant.joined',
  'participant.left',
  'hand.raised',
  /** Somebody on a telephone asks for a room, or has answered a call of one. */
  'call.started',
  'call.ended',
] as const;
export type WebhookEvent = (typeof webhookEvents)[number];
