/**
 * SIP over the bridge's socket, fuzzed: whole calls in whatever order, their messages changed. The bridge stays well: it
 * answers, handles all mistakes, has no more calls than it may, and none when they have ended. For longer runs see
 * `test/helpers/fuzz.ts`.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FUZZ_TIMEOUT_MS, fuzzRun } from '../../helpers/fuzz.ts';
import { startBridge } from '../../helpers/telephony/bridge.ts';
import type { TestBridge } from '../../helpers/telephony/bridge.ts';
import { FuzzedCall, sipSteps } from '../../helpers/telephony/fuzzed-call.ts';
import { HostilePbx } from '../../helpers/telephony/hostile-pbx.ts';
import { sleep, until } from '../../helpers/wait.ts';

const CALLS = 3;
const MOST_CALLS = 20;
const PAUSE_MS = 30;

let pbx: HostilePbx;
let bridge: TestBridge;
let stories = 0;

/** Mistakes that nobody handled would end the process; here they are counted. */
const mistakes: unknown[] = [];
process.on('unhandledRejection', (error) => mistakes.push(error));
process.on('uncaughtException', (error) => mistakes.push(error));

beforeAll(async () => {
  pbx = await HostilePbx.open();
  bridge = await startBridge({
    kamailio: pbx,
    rooms: { '1': null },
    settings: { maxCalls: MOST_CALLS, pingSeconds: 60 },
  });
});
afterAll(async () => {
  await bridge.stop();
  pbx.close();
});

/** Ends what the bridge may take for a call, as its own messages have it. */
function hangUp(call: FuzzedCall, received: readonly string[]): void {
  for (const method of ['ACK', 'BYE'] as const) pbx.send(call.message({ method, changes: [] }, received));
}

it(
  'takes whatever a PBX sends in whatever order',
  async () => {
    await fc.assert(
      fc.asyncProperty(sipSteps(CALLS), async (steps) => {
        const story = ++stories;
        const since = pbx.received.length;
        const contact = pbx.contact;
        const calls = Array.from({ length: CALLS }, (_, i) => new FuzzedCall(`story-${story}-${i}`, contact));
        for (const step of steps) {
          pbx.send(calls[step.call]!.message(step, pbx.received.slice(since)));
          if (step.pause) await sleep(PAUSE_MS);
          expect(bridge.bridge.state.calls).toBeLessThanOrEqual(MOST_CALLS);
        }
        const probe = new FuzzedCall(`probe-${story}`, contact);
        pbx.send(probe.message({ method: 'OPTIONS', changes: [] }, []));
        await pbx.awaits(new RegExp(`^SIP/2.0 200 [\\s\\S]*Call-ID: probe-${story}\\r`), since);
        for (const call of calls) hangUp(call, pbx.received.slice(since));
        expect(mistakes).toEqual([]);
      }),
      fuzzRun(),
    );
    expect(bridge.log()).not.toMatch(/"level":(50|60)/);
    await bridge.bridge.stop();
    await until(
      'no call is left',
      () => bridge.bridge.state.calls,
      (calls) => calls === 0,
    );
  },
  FUZZ_TIMEOUT_MS,
);
