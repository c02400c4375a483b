/** Whoever comes to a room of the old server by the new one is limited there by their own address. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:http';
import { get as getSecurely } from 'node:https';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { SignalClient } from '../../helpers/signal-client.ts';
import type { ServerProcess } from '../../helpers/server-process.ts';
import { Upgrades } from '../../helpers/upgrades.ts';

/** Several servers are started one after the other, in ms. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const JOINS = 30;
/** Wrong passwords that one address has. */
const PASSWORDS = 20;
/** Sockets that one address may open. */
const CONNECTIONS = 2 * JOINS;

describe.each([
  ['HTTP', {}],
  ['HTTPS', { TLS_SELF_SIGNED: 'true' }],
])('At a room of the old one, by the new one’s %s port,', (_scheme, env) => {
  const upgrades = new Upgrades();
  let host: SignalClient;
  let next: ServerProcess;

  beforeAll(async () => {
    const old = await upgrades.first({ ...env, JOINS_PER_MINUTE: String(JOINS) });
    host = await SignalClient.connect(old.url, 'old');
    await host.join('old', 'Hana');
    await host.ask('changeRoom', { password: 'right' });
    next = await upgrades.next(old);
  });
  afterAll(async () => {
    host.close();
    await upgrades.close();
  });

  const from = (address: string) => SignalClient.connect(next.url, 'old', address);
  const attempt = { version: 1, room: 'old', name: 'Ana' };

  /** The codes of so many refusals. */
  async function refusals(client: SignalClient, count: number, password?: string): Promise<string[]> {
    const codes: string[] = [];
    for (let i = 0; i < count; i += 1)
      codes.push((await client.refusal('join', { ...attempt, password })).code);
    return codes;
  }

  it('who guesses passwords keeps nobody out but themselves', async () => {
    const [guesser, ben] = [await from('127.0.0.2'), await from('127.0.0.3')];
    const codes = await refusals(guesser, PASSWORDS + 1, 'wrong');
    expect(codes).toEqual([...Array<string>(PASSWORDS).fill('wrong-password'), 'rate-limited']);
    expect((await ben.join('old', 'Ben', undefined, { password: 'right' })).participants).toHaveLength(2);
    for (const client of [guesser, ben]) client.close();
  });

  it('who joins again and again keeps nobody out but themselves', async () => {
    const [pest, ben] = [await from('127.0.0.4'), await from('127.0.0.5')];
    const codes = await refusals(pest, JOINS + 1);
    expect(codes).toEqual([...Array<string>(JOINS).fill('password-required'), 'rate-limited']);
    expect((await ben.join('old', 'Ben', undefined, { password: 'right' })).state).toBe('joined');
    for (const client of [pest, ben]) client.close();
  });

  it('who opens socket after socket keeps nobody out but themselves', async () => {
    const statuses: (number | undefined)[] = [];
    for (let i = 0; i <= CONNECTIONS; i += 1) statuses.push(await handshake('127.0.0.6'));
    expect(statuses).toEqual([...Array<number>(CONNECTIONS).fill(200), 403]);
    expect(await handshake('127.0.0.7')).toBe(200);
  });

  /** Begins a socket that is polled. @returns the status of the answer */
  async function handshake(localAddress: string): Promise<number | undefined> {
    const url = new URL('socket.io/?EIO=4&transport=polling&room=old', next.url);
    const options = { localAddress, agent: false, rejectUnauthorized: false } as const;
    const request = url.protocol === 'https:' ? getSecurely(url, options) : get(url, options);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    response.resume();
    return response.statusCode;
  }
});
