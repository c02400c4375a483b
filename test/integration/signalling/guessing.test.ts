/** Who guesses by many ways at once gets no more tries than by one; who knows is not held up by their own number. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { comeIn } from '../../helpers/assembly.ts';
import { BridgeClient } from '../../helpers/bridge-client.ts';
import { BRIDGE_SECRET, SignalledServer } from '../../helpers/signalled-server.ts';

let server: SignalledServer;
let bridge: BridgeClient;

beforeAll(async () => {
  server = await SignalledServer.start();
  bridge = await BridgeClient.connect(server.url);
});
afterEach(() => server.empty());
afterAll(async () => {
  bridge.close();
  await server.close();
});

/** The number of a new room with a PIN. */
async function roomWithPin(name: string): Promise<string> {
  const made = await server.conference.makeRoom({ name, pin: '271828' });
  return made!.record.number;
}

function count<T>(values: readonly T[], wanted: T): number {
  return values.filter((value) => value === wanted).length;
}

/** Lines of the log that say so. */
function lines(text: string): number {
  return server.logged.filter((line) => line.includes(text)).length;
}

describe('Secrets of bridges', () => {
  const guess = (address: string, secret: string): Promise<string> =>
    BridgeClient.connect(server.url, { secret }, address).then(
      (guessed) => {
        guessed.close();
        return 'let in';
      },
      (error: unknown) => (error as Error).message,
    );

  it('are taken thirty times an address, which is logged once, and others are let in meanwhile', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) => guess('192.0.2.1', `a wrong secret, number ${i}`)),
    );
    expect(count(answers, 'The secret is wrong.')).toBe(30);
    expect(count(answers, 'Too many tries.')).toBe(10);
    expect(await guess('192.0.2.1', BRIDGE_SECRET)).toBe('Too many tries.');
    expect(await guess('192.0.2.2', BRIDGE_SECRET)).toBe('let in');
    expect(lines('a bridge with a wrong secret')).toBe(1);
    expect(lines('none is listened to')).toBe(1);
  });

  it('are taken from the bridge beside the server, whoever else has its address', async () => {
    for (let i = 0; i < 31; i += 1) await guess('127.0.0.1', 'a wrong secret');
    expect(await guess('127.0.0.1', BRIDGE_SECRET)).toBe('Too many tries.');
    const beside = await BridgeClient.connect(await server.bridges.listenLocally());
    beside.close();
  });
});

describe('PINs that are tried by many calls at once', () => {
  it('are taken twelve times a room, whoever calls', async () => {
    const number = await roomWithPin('many');
    const states = await Promise.all(
      Array.from({ length: 60 }, async (_, i) => {
        const call = bridge.call({ trunk: 'many', number: `200${i}` });
        return (await call.enter(number, '0000')).state;
      }),
    );
    expect(count(states, 'pin-wrong')).toBe(12);
    expect(count(states, 'refused')).toBe(48);
  });

  it('are taken six times a caller, for whatever room', async () => {
    const numbers = await Promise.all(Array.from({ length: 30 }, (_, i) => roomWithPin(`room-${i}`)));
    const states = await Promise.all(
      numbers.map(
        async (number) => (await bridge.call({ trunk: 'one', number: '3000' }).enter(number, '0000')).state,
      ),
    );
    expect(count(states, 'pin-wrong')).toBe(6);
  });

  it('are all taken when they are right, though the calls look like one', async () => {
    const number = await roomWithPin('right');
    const states = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const call = bridge.call({ trunk: 'hidden', number: null });
        return (await call.enter(number, '271828')).state;
      }),
    );
    expect(count(states, 'joined')).toBe(20);
  });
});

describe('A password', () => {
  it('that is right lets a whole class in at once, from one address', async () => {
    const hana = await comeIn(server, 'class', 'Hana');
    await hana.client.ask('changeRoom', { password: 'right' });
    const clients = await Promise.all(Array.from({ length: 40 }, () => server.client()));
    const answers = await Promise.all(
      clients.map((client, i) => client.join('class', `Ana ${i}`, undefined, { password: 'right' })),
    );
    expect(answers).toHaveLength(40);
  });
});

describe('Numbers of rooms that are tried over one trunk', () => {
  it('are taken two hundred times, by however many callers', async () => {
    const states: string[] = [];
    for (let i = 0; i < 220; i += 1) {
      const call = bridge.call({ trunk: 'dialled', number: `400${i}` });
      states.push((await call.enter(String(10_000_000 + i))).state);
    }
    expect(count(states, 'unknown-room')).toBe(200);
    expect(count(states, 'refused')).toBe(20);
  });
});
