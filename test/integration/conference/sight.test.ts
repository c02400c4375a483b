/** Cameras that are for hosts only: told to nobody else, and shown to nobody else, by real packets. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import fc from 'fast-check';
import type { Room } from '../../../server/conference/room.ts';
import type { Role } from '../../../server/signalling/contract.ts';
import { SignalledParticipant } from '../../helpers/signalled-participant.ts';
import { SignalledServer } from '../../helpers/signalled-server.ts';
import { steady } from '../../helpers/wait.ts';

/** What one host may ask for within ten seconds; and how much of that one try takes. */
const HOST_REQUESTS = 100;
const MOST_STEPS = 12;

const soon = { timeout: 5_000, interval: 20 };

const runs = (role: Role | undefined) => role === 'host' || role === 'cohost';

/** Whether the camera of somebody with this role is for this viewer too. */
function isShown(room: Room, role: Role, viewer: SignalledParticipant): boolean {
  return !room.settings.camerasForHostsOnly || runs(role) || runs(room.participant(viewer.id)?.role);
}

describe('Cameras for hosts only', () => {
  let server: SignalledServer;
  const people: SignalledParticipant[] = [];

  beforeAll(async () => {
    server = await SignalledServer.start();
  });
  afterEach(async () => {
    for (const person of people.splice(0)) person.vanish();
    await server.empty();
  });
  afterAll(() => server.close());

  async function come(name: string): Promise<SignalledParticipant> {
    const person = await SignalledParticipant.join(server.url, 'room', name);
    people.push(person);
    return person;
  }

  it('are not told to others, and cannot be seen with a hand-written view, until roles change', async () => {
    const hana = await come('Hana');
    await hana.signal.ask('changeRoom', { settings: { camerasForHostsOnly: true } });
    const [ben, eve] = [await come('Ben'), await come('Eve')];
    const bens = await ben.camera();
    const hanas = await hana.camera();
    await hana.signal.told('publicationAdded', ({ publication }) => publication.id === bens.publicationId);
    await hana.show([bens.publicationId]);
    await eve.show([bens.publicationId, hanas.publicationId]);
    await vi.waitFor(() => {
      expect(hana.packetsOf(bens.publicationId)).toBeGreaterThan(5);
      expect(eve.packetsOf(hanas.publicationId)).toBeGreaterThan(5);
    }, soon);
    expect(eve.of(bens.publicationId)).toBeUndefined();
    expect([...eve.publications.keys()]).toEqual([hanas.publicationId]);
    const late = await come('Late');
    expect(late.answer.publications.map(({ id }) => id)).toEqual([hanas.publicationId]);
    // What Eve has asked for all the time comes as soon as she may see it, and no longer.
    await hana.signal.ask('setRole', { participantId: eve.id, role: 'cohost' });
    await vi.waitFor(() => expect(eve.packetsOf(bens.publicationId)).toBeGreaterThan(5), soon);
    expect(eve.publications.has(bens.publicationId)).toBe(true);
    await hana.signal.ask('setRole', { participantId: eve.id, role: 'participant' });
    await vi.waitFor(() => expect(eve.publications.has(bens.publicationId)).toBe(false), soon);
    await steady('Eve sees Ben no more', () => eve.packetsOf(bens.publicationId));
    // Of whom becomes host, all see the camera.
    await hana.signal.ask('setRole', { participantId: ben.id, role: 'cohost' });
    await vi.waitFor(() => expect(late.publications.has(bens.publicationId)).toBe(true), soon);
  });

  it('are known to whom they may be, and to nobody else, whatever roles and settings do', async () => {
    const all = [await come('Hana'), await come('Ben'), await come('Cleo'), await come('Dan')] as const;
    const [hana] = all;
    for (const person of all) await person.camera();
    const step = fc.oneof(
      fc.record({
        who: fc.integer({ min: 1, max: 3 }),
        role: fc.constantFrom('host', 'cohost', 'participant', 'viewer'),
      }),
      fc.boolean(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: MOST_STEPS }), async (steps) => {
        for (const next of steps) {
          if (typeof next === 'boolean') {
            await hana.signal.ask('changeRoom', { settings: { camerasForHostsOnly: next } });
          } else {
            await hana.signal.ask('setRole', { participantId: all[next.who]!.id, role: next.role });
          }
        }
        const room = server.conference.room('room')!;
        for (const viewer of all) {
          await viewer.signal.ask('view', { videos: [], pinned: null });
          const may = room.participants
            .filter(({ id, role }) => id !== viewer.id && isShown(room, role, viewer))
            .flatMap(({ publications }) => publications.map(({ id }) => id));
          expect([...viewer.publications.keys()].sort()).toEqual(may.sort());
        }
      }),
      // Shrinking would ask for more than a host may.
      { numRuns: Math.floor(HOST_REQUESTS / MOST_STEPS), endOnFailure: true },
    );
  });

  it('can be had in the middle: whoever saw them sees them no more', async () => {
    const [hana, ben, eve] = [await come('Hana'), await come('Ben'), await come('Eve')];
    const { publicationId } = await ben.camera();
    await eve.signal.told('publicationAdded');
    await eve.show([publicationId]);
    await vi.waitFor(() => expect(eve.packetsOf(publicationId)).toBeGreaterThan(5), soon);
    await hana.signal.ask('changeRoom', { settings: { camerasForHostsOnly: true } });
    expect(await eve.signal.told('publicationRemoved')).toMatchObject({ publicationId });
    await eve.show([publicationId]);
    const before = await steady('Eve sees Ben no more', () => eve.packetsOf(publicationId));
    expect(ben.signal.events.filter(({ type }) => type === 'publicationRemoved')).toEqual([]);
    await hana.signal.ask('changeRoom', { settings: { camerasForHostsOnly: false } });
    await eve.signal.told('publicationAdded', (event) => event.publication.id === publicationId);
    await vi.waitFor(() => expect(eve.packetsOf(publicationId)).toBeGreaterThan(before + 5), soon);
  });
});
