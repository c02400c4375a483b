/** Telephones call each other by Kamailio: what the other tests of telephony take for granted. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Baresip } from '../helpers/telephony/baresip.ts';
import { startKamailio } from '../helpers/telephony/kamailio.ts';
import type { Kamailio } from '../helpers/telephony/kamailio.ts';

let kamailio: Kamailio;
let alice: Baresip;
let bob: Baresip;
beforeAll(async () => {
  kamailio = await startKamailio({ users: { alice: 'secret-of-alice', bob: 'secret-of-bob' } });
  alice = await Baresip.start({ user: 'alice', password: 'secret-of-alice', kamailio, tone: 440 });
  bob = await Baresip.start({
    user: 'bob',
    password: 'secret-of-bob',
    kamailio,
    tone: 620,
    transport: 'tcp',
  });
});
afterAll(async () => {
  await alice.close();
  await bob.close();
  await kamailio.stop();
});

test('two phones hear each other, and not themselves', async () => {
  alice.dial('bob');
  await bob.event('CALL_INCOMING');
  bob.accept();
  await Promise.all([alice.event('CALL_ESTABLISHED'), bob.event('CALL_ESTABLISHED')]);
  const [heardByAlice, heardByBob] = await Promise.all([alice.hear([440, 620]), bob.hear([440, 620])]);
  expect(heardByAlice.levels[1]).toBeGreaterThan(-15);
  expect(heardByAlice.levels[0]).toBeLessThan(-50);
  expect(heardByBob.levels[0]).toBeGreaterThan(-15);
  expect(heardByBob.levels[1]).toBeLessThan(-50);
  alice.hangUp();
  await bob.event('CALL_CLOSED');
});
