/** Telephones call each other by Kamailio: what the other tests of telephony take for granted. */
import { afterAll, beforeAll, test } from 'vitest';
import { Baresip } from '../helpers/telephony/baresip.ts';
import { startKamailio } from '../helpers/telephony/kamailio.ts';
import type { Kamailio } from '../helpers/telephony/kamailio.ts';
import { until } from '../helpers/wait.ts';

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
  const hears = (phone: Baresip, other: Baresip) =>
    until(
      `${phone.user} hears ${other.user}, and not itself`,
      async () => (await phone.hear([other.tone, phone.tone])).levels,
      ([others = NaN, own = NaN]) => others > -15 && own < -50,
    );
  await Promise.all([hears(alice, bob), hears(bob, alice)]);
  alice.hangUp();
  await bob.event('CALL_CLOSED');
});
