/** From a `join` to the room or its door: who it is by token, how often a password was tried. */
import type { Conference, Joined } from '../conference/conference.ts';
import type { Entry } from '../conference/entrance.ts';
import { ConferenceError } from '../conference/errors.ts';
import type { RoomName } from '../conference/model.ts';
import type { Identify, Identity } from '../conference/ports.ts';
import type { Request } from './contract.ts';
import type { RateLimits } from './rate-limits.ts';

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
  const { conference, limits, address, room, pass, tell } = parts;
  const { name, password, hostKey, deviceId, knock, make, resume } = request;
  const identity = await whoComes({ request, ...parts });
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

/** By token; or by the stay that the server cut off, as a token may have expired that was good when it began. */
async function whoComes({
  conference,
  identify,
  room,
  request: { token, resume },
}: Pick<Entering, 'conference' | 'identify' | 'room' | 'request'>): Promise<Identity> {
  try {
    return await identify(token, room);
  } catch (error) {
    const stay = resume ? conference.stayBefore(room, resume.token) : null;
    if (!stay || !(error instanceof ConferenceError)) throw error;
    return { subject: null, name: stay.name, avatar: null, role: stay.role, mayMakeRooms: false };
  }
}
