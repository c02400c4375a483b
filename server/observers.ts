/** Those who want to know what happens in rooms. */
import type { Logger } from 'pino';
import type { Observer } from './conference/ports.ts';

/** Writes it to the log. */
export function logObserver(logger: Logger): Observer {
  return {
    roomOpened: (room) => logger.info({ room }, 'room opened'),
    roomEnded: (room) => logger.info({ room }, 'room ended'),
    participantJoined: (room, { id, kind }) =>
      logger.info({ room, participantId: id, kind }, 'participant joined'),
    participantLeft: (room, { id }, reason) =>
      logger.info({ room, participantId: id, reason }, 'participant left'),
    handRaised: (room, { id }) => logger.debug({ room, participantId: id }, 'hand raised'),
  };
}

/** Tells each of them, in this order. */
export function allOf(observers: readonly Observer[]): Observer {
  const each = (tell: (observer: Observer) => void) => {
    for (const observer of observers) tell(observer);
  };
  return {
    roomOpened: (...event) => each((observer) => observer.roomOpened(...event)),
    roomEnded: (...event) => each((observer) => observer.roomEnded(...event)),
    participantJoined: (...event) => each((observer) => observer.participantJoined(...event)),
    participantLeft: (...event) => each((observer) => observer.participantLeft(...event)),
    handRaised: (...event) => each((observer) => observer.handRaised(...event)),
  };
}
