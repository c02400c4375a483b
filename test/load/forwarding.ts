/**
 * What forwarding costs: processor time of all of a side's processes by the packets that its receivers get, and how much
 * later these are for it.
 */
import { people } from './crowd.ts';
import type { Comparison, Row } from './figures.ts';
import { startBare, startJanus, startServer } from './sides.ts';
import { costRows, takeTurns } from './turns.ts';

/** Participants; how many of them have a camera, which all others show, and how large. */
const ROOMS = [
  { participants: 10, cameras: 10, layer: 1 },
  { participants: 50, cameras: 16, layer: 0 },
] as const;
const SPEAKING = 3;
const TURNS = { rounds: 3, roundMs: 6_000 } as const;

export async function compareForwarding(): Promise<Comparison> {
  const rows: Row[] = [];
  for (const { participants, cameras, layer } of ROOMS) {
    const plans = people(participants, (i) => ({
      ...{ camera: i < cameras, tiles: cameras, layer },
      microphone: i < SPEAKING ? 'speaking' : 'silent',
    }));
    const sides = [await startServer(), await startBare(), ...(await startJanus())];
    const turns = await takeTurns(sides, plans, TURNS);
    rows.push(...costRows(turns, `room of ${participants}, ${cameras} with a camera`));
  }
  return { title: 'Forwarding: all have a microphone, three speak', rows };
}
