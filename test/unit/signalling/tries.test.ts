import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RequestError } from '../../../server/signalling/errors.ts';
import { Tries } from '../../../server/signalling/tries.ts';

const POINTS = 3;

/** Tries, and takes some turns of the event loop for it. */
async function attempt(tries: Tries, key: string, isWrong: boolean, turns: number): Promise<string> {
  try {
    return await tries.run(key, async (wrong) => {
      if (isWrong) wrong();
      for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      return isWrong ? 'wrong' : 'right';
    });
  } catch (error) {
    if (error instanceof RequestError) return error.code;
    throw error;
  }
}

describe('Tries', () => {
  it('lets so many be wrong and no more, however many come at once, and refuses nobody before', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ isWrong: fc.boolean(), turns: fc.nat(3) }), { maxLength: 30 }),
        async (attempts) => {
          const tries = new Tries({ points: POINTS, seconds: 60 });
          const outcomes = await Promise.all(
            attempts.map(({ isWrong, turns }) => attempt(tries, 'room', isWrong, turns)),
          );
          const wrong = outcomes.filter((outcome) => outcome === 'wrong').length;
          expect(wrong).toBeLessThanOrEqual(POINTS);
          expect(await tries.left('room')).toBe(POINTS - wrong);
          if (wrong < POINTS) expect(outcomes).not.toContain('rate-limited');
        },
      ),
      { numRuns: 50 },
    );
  });

  it('counts each key by itself, and what fails otherwise not at all', async () => {
    const tries = new Tries({ points: 1, seconds: 60 });
    const broken = tries.run('one', () => Promise.reject(new Error('no media')));
    await expect(broken).rejects.toThrow('no media');
    expect(await attempt(tries, 'one', true, 0)).toBe('wrong');
    expect(await attempt(tries, 'one', false, 0)).toBe('rate-limited');
    expect(await attempt(tries, 'other', false, 0)).toBe('right');
  });

  it('says when it makes sense again', async () => {
    const tries = new Tries({ points: 1, seconds: 60 });
    await attempt(tries, 'room', true, 0);
    const refused = tries.run('room', () => Promise.resolve());
    await expect(refused).rejects.toMatchObject({ code: 'rate-limited' });
    const retryAfterMs = await refused.catch((error: unknown) =>
      error instanceof RequestError ? error.retryAfterMs : null,
    );
    expect(retryAfterMs).toBeGreaterThan(59_000);
  });
});
