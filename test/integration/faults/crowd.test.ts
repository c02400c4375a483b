/** Everybody's network gone at once, as when the one of the server or of a whole school is: everybody comes back at once. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Network } from '../../helpers/network.ts';
import { ServerProcess } from '../../helpers/server-process.ts';
import { SignalClient } from '../../helpers/signal-client.ts';

const PEOPLE = 100;

let server: ServerProcess;
let network: Network;

beforeAll(async () => {
  server = await ServerProcess.start();
  network = await Network.open(server.port, []);
});

afterAll(async () => {
  network.close();
  await server.close();
});

it(`${PEOPLE} who drop out at once come back at once, each as the one who was there, and miss nothing`, async () => {
  const people = await Promise.all(
    Array.from({ length: PEOPLE }, async (_, i) => {
      const client = await SignalClient.connect(network.url);
      return { client, ...(await client.join('crowd', `Person ${i}`)) };
    }),
  );
  const bystander = await SignalClient.connect(server.url);
  await bystander.join('crowd', 'Bystander');

  network.cutWeb();
  await Promise.all(people.map(({ client }) => client.disconnected()));
  await bystander.ask('chat', { text: 'Is anybody there?', to: 'everyone' });
  network.mend();
  const back = await Promise.all(
    people.map(async ({ client, participantId, token }) => {
      const again = await SignalClient.connect(network.url);
      const answer = await again.join('crowd', 'Whatever', { token, lastEvent: client.lastEvent });
      expect({ ...answer, was: participantId }).toMatchObject({ resumed: true, participantId });
      await again.told('chatMessage', ({ message }) => message.text === 'Is anybody there?');
      return again;
    }),
  );
  expect(bystander.events.filter(({ type }) => type === 'participantLeft')).toEqual([]);
  const late = await SignalClient.connect(server.url);
  expect((await late.join('crowd', 'Late')).participants).toHaveLength(PEOPLE + 2);
  for (const client of [...back, bystander, late]) client.close();
});
