/** What happens once and leaves no trace in the state: the app is told of it as it comes. */
import type { RoomEvent } from '../../server/signalling/contract.ts';
import type { Emitter } from './emitter.ts';
import type { RoomClientEvents } from './types.ts';

/** @returns whether the event was one of these */
export function tellNews(events: Emitter<RoomClientEvents>, event: RoomEvent): boolean {
  switch (event.type) {
    case 'reaction':
      events.emit('reaction', { participantId: event.participantId, reaction: event.reaction });
      return true;
    case 'moderated':
      events.emit('moderated', { moderation: event.moderation, by: event.by });
      return true;
    case 'stageDeclined':
      events.emit('stageDeclined', { participantId: event.participantId });
      return true;
    default:
      return false;
  }
}
