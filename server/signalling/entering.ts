/** From a `join` to the room or its door: who it is by token, how often a password was tried. */
import type { Conference, Joined } from '../conference/conference.ts';
import type { Entry } from '../conference/entrance.ts';
import { ConferenceError } from '../conference/errors.ts';
import type { RoomName } from '../conference/model.ts';
import type { Identity } from '../conference/ports.ts';
import type { Request } from './contract.ts';
import type { RateLimits } from './rate-limits.ts';

/**
 * Who somebody is in a room, by the token that they bring, if any.
 * @throws ConferenceError `token-required`, `token-refused`
 */
export type Identify = (token: string | undefined, room: RoomName) => Promise<Identity>;

export interface EnteringParts {
  conference: Conference;
  limits: RateLimits;
  identify: Identify;
  /** The client's network address. */
  address: string;
}

export interface Entering extends EnteringParts, Pick<Entry, 'tell'> {
  /** The token of the session that this becomes. */
  pass: string;
  /** Normalized. */
  room: RoomName;
  request: Request<'join'>;
}

export type Waiting = Extract<Joined, { state: 'waiting' }>;

/** @throws ConferenceError as `Conference.join` and `Identify`; RequestError `rate-limited` */
export async function enter({ request, ...parts }: Entering): Promise<Joined> {
  const { conference, limits, identify, address, room, pass, tell } = parts;
  const { name, password, hostKey, deviceId, knock, make, resume } = request;
  const identity = await identify(request.token, room);
  const entry = { room, name, kind: 'browser', identity, password, hostKey, deviceId, knock, make } as const;
  const join = () => conference.join({ ...entry, pass, formerPass: resume?.token, address, tell });
  if (password === undefined) return join();
  return limits.password(address, room, async (wrong) => {
    try {
      return await join();
    } catch (error) {
      if (error instanceof ConferenceError && error.code === 'wrong-password') wrong();
      throw error;
    }
  });
}
