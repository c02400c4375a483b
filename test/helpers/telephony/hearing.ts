/** What a telephone hears, and waiting for it. */
import { until } from '../wait.ts';
import type { Baresip } from './baresip.ts';

/** In dB, as a telephone records it: somebody who speaks, and what is left of somebody who does not. */
const AUDIBLE = -35;
const SILENT = -45;

/** Waits until a telephone hears these tones, and none of those. Prompts may be played before, and take a while. */
export async function hears(
  phone: Baresip,
  these: readonly number[],
  notThose: readonly number[],
): Promise<void> {
  await until(
    `${phone.user} hears ${these.join(', ')} and not ${notThose.join(', ')}`,
    async () => (await phone.hear([...these, ...notThose])).levels,
    (levels) => levels.every((level, index) => (index < these.length ? level > AUDIBLE : level < SILENT)),
    { timeoutMs: 25_000 },
  );
}

/**
 * In dB: a voice that speaks to the caller, and what a telephone records of a room where nobody speaks, which is -64:
 * between two prompts, such as how many are there and how to get help, it is -51 for as long as is listened.
 */
const SPOKEN = -35;
const QUIET = -57;

/** Listened for, in ms; and how much of it has to come: silence is sent too, and what stands still is none. */
const LISTEN_MS = 400;
const LEAST_HEARD_MS = 200;

/** Waits until a telephone hears nothing at all: the last prompt is over, and nobody speaks. */
export async function hearsNothing(phone: Baresip): Promise<void> {
  await until(
    `${phone.user} hears nothing`,
    () => phone.hear([], LISTEN_MS),
    ({ all, heardMs }) => all < QUIET && heardMs >= LEAST_HEARD_MS,
    { timeoutMs: 20_000 },
  );
}

/** Waits until a telephone, to which nobody speaks, is told something. */
export async function isTold(phone: Baresip): Promise<void> {
  await until(
    `${phone.user} is told something`,
    async () => (await phone.hear([], LISTEN_MS)).all,
    (level) => level > SPOKEN,
    { timeoutMs: 5_000 },
  );
}
