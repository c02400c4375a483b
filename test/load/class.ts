/** A class: one shows, many watch, five speak. What each gets, and what it takes. */
import { people } from './crowd.ts';
import type { Comparison, Row } from './figures.ts';
import { startJanus, startServer } from './sides.ts';
import { costRows, takeTurns } from './turns.ts';

/** The larger class is as much as one generator can receive of. */
const WATCHING = [100, 200] as const;
const SPEAKING = 5;
const TURNS = { rounds: 3, roundMs: 5_000 } as const;

export async function compareClass(): Promise<Comparison> {
  const rows: Row[] = [];
  for (const watching of WATCHING) {
    const plans = people(1 + watching, (i) => ({
      ...{ camera: i === 0, tiles: 1, layer: 0 },
      microphone: i >= 1 && i <= SPEAKING ? 'speaking' : 'none',
    }));
    const sides = [await startServer({ MAX_PARTICIPANTS_PER_ROUTER: '1000' }), ...(await startJanus())];
    rows.push(...costRows(await takeTurns(sides, plans, TURNS), `${watching} watch`));
  }
  return { title: `A class: one camera, ${SPEAKING} speak, the others watch`, rows };
}
