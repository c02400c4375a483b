/** The door of every room while the bridge has no server: callers hear that, and the call is recorded in the log. */
import type { Logger } from 'pino';
import type { RoomDoor } from './door.ts';
import type { CallDetails, CallEnd } from './sip/call.ts';

export function closedDoor(logger: Logger): RoomDoor {
  const record = ({ id: callId }: CallDetails, { reason }: CallEnd): void =>
    logger.info({ callId, reason }, 'a call found no server');
  return {
    missed: record,
    receive: ({ invitation }, { tell }) => {
      const refuse = (): void => tell({ type: 'refused', reason: 'unavailable' });
      if (invitation !== null) queueMicrotask(refuse);
      return {
        ask: refuse,
        setMuted: () => undefined,
        raiseHand: () => undefined,
        say: () => undefined,
        record,
        end: () => undefined,
      };
    },
  };
}
