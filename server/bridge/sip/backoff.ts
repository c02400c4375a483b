/** Longest pause between tries, in ms. Longer: calls are missed for longer after a PBX is back. */
const LONGEST_MS = 30_000;
/** Pause after the first round of failures, in ms; doubled by each round. */
const FIRST_MS = 500;
/** Pause before the next server of a round is tried, in ms. */
const NEXT_SERVER_MS = 100;

/**
 * How long to wait before the next try to connect. The servers of a list are tried one after the other; pauses grow
 * when all of them have failed. Half of each pause is random, so that bridges that lost the same PBX don't come back
 * in step.
 *
 * @param failures tries that failed in a row
 * @param servers how many there are in the list
 * @param random between 0 and 1
 * @returns ms
 */
export function retryDelayMs(failures: number, servers: number, random: number): number {
  const rounds = Math.floor(failures / servers);
  const full = rounds === 0 ? NEXT_SERVER_MS : FIRST_MS * 2 ** Math.min(rounds - 1, 10);
  return Math.min(full, LONGEST_MS) * (0.5 + random / 2);
}
