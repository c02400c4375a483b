/** What media tells a room, handed to the participant whom it concerns; one who has left is not told. */
import type { ParticipantId } from './model.ts';
import type { Participant } from './participant.ts';
import type { MediaEvents } from './ports.ts';

export function mediaEvents(
  participant: (id: ParticipantId) => Participant | undefined,
  room: Pick<MediaEvents, 'dominantSpeaker'>,
): MediaEvents {
  return {
    ...room,
    subscriptionOpened: (to, subscription) =>
      participant(to)?.tell({ type: 'subscriptionOpened', subscription }),
    subscriptionClosed: (to, subscriptionId) =>
      participant(to)?.tell({ type: 'subscriptionClosed', subscriptionId }),
    subscriptionPaused: (to, subscriptionId, paused) =>
      participant(to)?.tell({ type: 'subscriptionPaused', subscriptionId, paused }),
    subscriptionLayers: (to, subscriptionId, layers) =>
      participant(to)?.tell({ type: 'subscriptionLayers', subscriptionId, layers }),
    quality: (id, quality) => participant(id)?.qualityChanged(quality),
    reset: (id, connection) => participant(id)?.mediaLost(connection),
  };
}
