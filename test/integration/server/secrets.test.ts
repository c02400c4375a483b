/** Every secret used once, rightly and wrongly: none is in the log, and on the disk only what must be, for nobody else. */
import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../../helpers/api-client.ts';
import { BridgeClient } from '../../helpers/bridge-client.ts';
import { ServerProcess } from '../../helpers/server-process.ts';
import { SignalClient } from '../../helpers/signal-client.ts';
import { until } from '../../helpers/wait.ts';

/** Of settings: long, and not alike. */
const SETTINGS = {
  TOKEN_SECRET: 'token-secret-0123456789abcdef0123456789',
  METRICS_TOKEN: 'metrics-token-0123456789',
  WEBHOOK_SECRET: 'webhook-secret-0123456789abcdef01234567',
  OIDC_CLIENT_SECRET: 'oidc-client-secret-0123456789',
  BRIDGE_SECRET: 'bridge-secret-0123456789abcdef012345678',
} as const;
const TURN = 'turn-credential-0123456789';
const PASSWORD = 'open-sesame-0123456789';
const PIN = '314159265358';
const WRONG = 'wrong-guess-0123456789';
const WRONG_PIN = '271828182845';

let dataDir: string;
let server: ServerProcess;
/** By what they are called in the test's answers. */
const used: Record<string, string> = { ...SETTINGS, TURN, PASSWORD, PIN, WRONG, WRONG_PIN };

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'tertulia-secrets-'));
  server = await ServerProcess.start({
    env: {
      ...SETTINGS,
      ...{ DATA_DIR: join(dataDir, 'kept'), WORKERS: '1', TLS_SELF_SIGNED: 'false', LOG_LEVEL: 'trace' },
      ICE_SERVERS: JSON.stringify([{ urls: ['turn:127.0.0.1'], username: 'u', credential: TURN }]),
      // Where nobody is: what is tried there fails, and is logged.
      ...{ OIDC_ISSUER: 'https://127.0.0.1:1', OIDC_CLIENT_ID: 'tertulia', PUBLIC_URL: 'http://127.0.0.1' },
      ...{ WEBHOOK_URLS: 'http://127.0.0.1:1/hook', WEBHOOK_ALLOW_PRIVATE: 'true' },
    },
  });
  await useTheApi();
  await useSockets();
  await useABridge();
});
afterAll(async () => {
  await server.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function useTheApi(): Promise<void> {
  const [key = ''] = (await server.command('keys', 'add', 'all', '--scope', 'admin')).split('\n');
  used['API key'] = key.split('_')[2]!;
  const api = (await ApiClient.of(server)).with(key);
  const made = await api.call<{ hostKey: string }>('POST', 'rooms', {
    name: 'room',
    pin: PIN,
    password: PASSWORD,
  });
  used['host key'] = made.body.hostKey;
  const minted = await api.call<{ token: string }>('POST', 'tokens', { room: 'room' });
  used['minted token'] = minted.body.token.split('.')[2]!;
  const wrong = key.replace(/.{8}$/, '00000000');
  used['wrong API key'] = wrong.split('_')[2]!;
  await api.with(wrong).call('GET', 'rooms');
  await api.withHeaders({}).call('POST', 'session', { key: wrong });
  const signedIn = await api.withHeaders({}).call('POST', 'session', { key });
  used['session'] = /=([^;]+)/.exec(signedIn.headers.get('set-cookie') ?? '')![1]!.split('.')[2]!;
  await api.withHeaders({}).call('GET', 'sign-in');
  await fetch(new URL('api/sign-in/callback?code=code-0123456789&state=x', server.url));
  used['authorization code'] = 'code-0123456789';
  for (const token of [SETTINGS.METRICS_TOKEN, WRONG])
    await fetch(new URL('metrics', server.url), { headers: { authorization: `Bearer ${token}` } });
}

async function useSockets(): Promise<void> {
  const sign = async (secret: string): Promise<string> => {
    const key = new TextEncoder().encode(secret);
    const token = await new SignJWT({ room: 'room', sub: 'ana' })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('5 minutes')
      .sign(key);
    return token;
  };
  const [token, forged] = await Promise.all([sign(SETTINGS.TOKEN_SECRET), sign(`${SETTINGS.TOKEN_SECRET}!`)]);
  used['token'] = token.split('.')[2]!;
  used['forged token'] = forged.split('.')[2]!;
  const host = await SignalClient.connect(server.url);
  const joined = await host.join('room', 'Hana', undefined, { hostKey: used['host key']! });
  used['resume token'] = joined.token;
  await host.ask('changeRoom', { settings: { lobby: true } });
  const guest = await SignalClient.connect(server.url);
  for (const more of [{ password: WRONG }, { token: forged }, { hostKey: WRONG }])
    await guest.refusal('join', { version: 1, room: 'room', name: 'Eve', ...more });
  const waiting = await guest.knock('room', 'Ana', { token, password: PASSWORD });
  used['knock'] = waiting.knock;
  const own = await SignalClient.connect(server.url);
  used['own host key'] = (await own.join('own', 'Olga')).hostKey!;
  for (const socket of [host, guest, own]) socket.close();
}

async function useABridge(): Promise<void> {
  await BridgeClient.connect(server.url, { secret: WRONG }).catch(() => undefined);
  const bridge = await BridgeClient.connect(server.url, { secret: SETTINGS.BRIDGE_SECRET });
  const api = (await ApiClient.of(server, 'rooms:read')).call<{ room: { number: string } }>(
    'GET',
    'rooms/room',
  );
  const { number } = (await api).body.room;
  const call = bridge.call();
  for (const pin of [WRONG_PIN, PIN]) await call.enter(number, pin);
  bridge.close();
}

describe('Secrets that were used', () => {
  it('are not in the log, down to its lowest level', async () => {
    await until(
      'what was refused is in the log',
      () => server.log,
      (log) => log.includes('wrong-password') && log.includes('a bridge with a wrong secret'),
    );
    const found = Object.entries(used).filter(([, secret]) => server.log.includes(secret));
    expect(found.map(([name]) => name)).toEqual([]);
  });

  it('leave a trace there of who tried wrong ones, and of who signed in', () => {
    const refused = server.log
      .split('\n')
      .filter((line) => /refused/.test(line) && line.includes('127.0.0.1'));
    expect(refused.join('')).toContain('unauthenticated');
    expect(refused.join('')).toContain('wrong-password');
    expect(server.log).toContain('signed in by a key');
  });

  it('are kept by their hashes only, but for PINs, which hosts have to be shown', async () => {
    const kept = join(dataDir, 'kept');
    // The rest are folders of unix sockets.
    const files = (await readdir(kept, { withFileTypes: true })).filter((entry) => entry.isFile());
    const content = Buffer.concat(
      await Promise.all(files.map(({ name }) => readFile(join(kept, name)))),
    ).toString('latin1');
    const found = Object.entries(used).filter(([, secret]) => content.includes(secret));
    expect(found.map(([name]) => name)).toEqual(['PIN']);
  });

  it('are for nobody else on the machine to read', async () => {
    const kept = join(dataDir, 'kept');
    expect((await stat(kept)).mode & 0o077).toBe(0);
    for (const name of await readdir(kept)) expect((await stat(join(kept, name))).mode & 0o077).toBe(0);
  });
});
