/** A room with somebody of each kind in it, made by hand: for tests of who may do what. */
import type { JoinedAnswer, ParticipantInfo, Role } from '../../server/signalling/contract.ts';
import type { JoinExtras, SignalClient } from './signal-client.ts';
import { type SignalledServer } from './signalled-server.ts';

/** Somebody in a room. */
export interface Person {
  client: SignalClient;
  answer: JoinedAnswer;
  id: string;
}

export async function comeIn(
  server: SignalledServer,
  room: string,
  name: string,
  more: JoinExtras = {},
): Promise<Person> {
  const client = await server.client();
  const answer = await client.join(room, name, undefined, more);
  return { client, answer, id: answer.participantId };
}

/** Comes in, and is given a role by a host. */
export async function comeAs(
  server: SignalledServer,
  room: string,
  role: Role,
  host: Person,
  name: string = role,
): Promise<Person> {
  const person = await comeIn(server, room, name);
  if (role !== 'participant') await host.client.ask('setRole', { participantId: person.id, role });
  return person;
}

/** Waits until somebody has been told all that has happened so far. */
export async function caughtUp({ client }: Person): Promise<void> {
  await client.ask('view', { videos: [], pinned: null });
}

/** What one in a room has been told of another. */
export async function infoOf(person: Person, id: string): Promise<ParticipantInfo | undefined> {
  await caughtUp(person);
  const { client, answer } = person;
  const told = client.events.flatMap((event) =>
    event.type === 'participantChanged' || event.type === 'participantJoined' ? [event.participant] : [],
  );
  return [...answer.participants, ...told].findLast((info) => info.id === id);
}
