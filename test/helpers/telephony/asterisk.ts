/** Asterisk, set up as worker-config/asterisk/README.md says, on ports and in a folder of its own. */
import { execFile } from 'node:child_process';
import { X509Certificate, createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { generate } from 'selfsigned';
import { ROOT } from '../paths.ts';
import { freePorts } from '../server-process.ts';
import type { Unpacked } from '../setup/asterisk.ts';
import { Daemon } from './daemon.ts';
import { DOMAIN } from './kamailio.ts';
import type { KamailioPorts } from './kamailio.ts';

export const ASTERISK_README = `${ROOT}worker-config/asterisk/README.md`;
const CONFIGURATION = `${ROOT}worker-config/asterisk`;

/** How long a user's devices ring: shorter than the configuration's, for tests that wait for the end of it. */
const RING_SECONDS = 8;

/** Enough for the calls of one test. */
const MEDIA_PORTS = 80;

/** Users that the test has beside those of the configuration, made as these are. */
const MORE_USERS = ['102', '103'] as const;

export type AsteriskUser = 'bridge' | '101' | '201' | (typeof MORE_USERS)[number];

export interface Asterisk {
  ports: KamailioPorts;
  /** SIP over WebSocket. */
  wsUrl: string;
  /** SIP over secure WebSocket. */
  wssUrl: string;
  /** Of the certificate of `wssUrl`: base64 of SHA-256, as Chromium takes it. */
  publicKeyHash: string;
  passwordOf: (user: AsteriskUser) => string;
  /** Gives it a way to the telephone network, by a gateway there, while it runs. */
  addProvider: (host: string, port: number) => Promise<void>;
  /** Says something at its console. @returns what it answers */
  console: (command: string) => Promise<string>;
  log: () => string;
  stop: () => Promise<void>;
}

/** Resolves when it takes calls. */
export async function startAsterisk(unpacked: Unpacked): Promise<Asterisk> {
  const folder = await mkdtemp(join(tmpdir(), 'tertulia-asterisk-'));
  const etc = join(folder, 'etc');
  await cp(join(unpacked.folder, 'etc/asterisk'), etc, { recursive: true });
  await followReadme(etc);
  const [sip, media] = [await freePorts(3), await freePorts(MEDIA_PORTS)];
  const [ws, wss] = [sip + 1, sip + 2];
  const { certificate, publicKeyHash } = await makeCertificate(join(folder, 'keys'));
  const passwords = await givePasswords(etc);
  await change(join(etc, 'pjsip_transports.conf'), {
    '0.0.0.0:5060': `127.0.0.1:${sip}`,
    'bind = 0.0.0.0': 'bind = 127.0.0.1',
  });
  await change(join(etc, 'http.conf'), {
    'bindport = 8088': `bindport = ${ws}`,
    '0.0.0.0:8089': `127.0.0.1:${wss}`,
    '/etc/asterisk/keys/asterisk': certificate,
  });
  await change(join(etc, 'extensions.conf'), { 'Dial(${DEVICES},40)': `Dial(\${DEVICES},${RING_SECONDS})` });
  await change(join(etc, 'pjsip.conf'), { 'pbx.example.org': DOMAIN });
  await change(join(etc, 'rtp.conf'), {
    'rtpstart = 10000': `rtpstart = ${media}`,
    'rtpend = 10999': `rtpend = ${media + MEDIA_PORTS - 1}`,
  });
  const main = join(etc, 'asterisk.conf');
  await writeFile(main, await foldersOf(unpacked, folder));

  const args = [...unpacked.args, '-C', main];
  const daemon = await Daemon.start({
    command: unpacked.command,
    args: [...args, '-f', '-n', '-v'],
    isReady: (log) => log.includes('Asterisk Ready.'),
  });
  const say = async (command: string): Promise<string> =>
    (await promisify(execFile)(unpacked.command, [...args, '-rx', command])).stdout;
  return {
    ports: { sip, ws, wss },
    wsUrl: `ws://127.0.0.1:${ws}/ws`,
    wssUrl: `wss://127.0.0.1:${wss}/ws`,
    publicKeyHash,
    passwordOf: (user) => passwords.get(user) ?? '',
    addProvider: async (host, port) => {
      const file = join(etc, 'pjsip_provider.conf');
      await cp(join(CONFIGURATION, 'pjsip_provider.conf.example'), file);
      await change(file, {
        'sip.provider.example:5060': `${host}:${port}`,
        'server_uri = sip:sip.provider.example': `server_uri = sip:${host}:${port}`,
        'sip.provider.example': host,
        // The first time, Asterisk waits for up to 10 s, by chance.
        'retry_interval = 60': 'retry_interval = 60\nmax_random_initial_delay = 0',
      });
      await say('core reload');
    },
    console: say,
    log: () => daemon.log,
    stop: async () => {
      await daemon.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Copies the very files that the page names to be copied. */
async function followReadme(etc: string): Promise<void> {
  const [, files] = /^cp (.+) \/etc\/asterisk\/$/m.exec(await readFile(ASTERISK_README, 'utf8')) ?? [];
  if (files === undefined) throw new Error('The page does not say what to copy.');
  await promisify(execFile)('sh', ['-c', `cp ${files} "$0"`, etc], { cwd: CONFIGURATION });
}

/** Gives each user a password. @returns them, by user */
async function givePasswords(etc: string): Promise<ReadonlyMap<string, string>> {
  const file = join(etc, 'pjsip_users.conf');
  const users = await readFile(file, 'utf8');
  const first = (users.match(/^\[101\][^[]*/gm) ?? []).join('');
  const all = [users, ...MORE_USERS.map((user) => first.replaceAll('101', user))].join('\n');
  const passwords = new Map<string, string>();
  const given = all.replace(/^username = (\w+)\npassword = change-me.*$/gm, (_, user: string) => {
    const password = `secret-of-${user}`;
    passwords.set(user, password);
    return `username = ${user}\npassword = ${password}`;
  });
  await writeFile(file, given);
  return passwords;
}

/** Puts other words in place of some. @throws Error when these are not there any more */
export function replaceAll(text: string, words: Readonly<Record<string, string>>): string {
  return Object.entries(words).reduce((replaced, [from, to]) => {
    if (!replaced.includes(from)) throw new Error(`There is no ${from} any more.`);
    return replaced.replaceAll(from, to);
  }, text);
}

async function change(file: string, words: Readonly<Record<string, string>>): Promise<void> {
  await writeFile(file, replaceAll(await readFile(file, 'utf8'), words));
}

/** Where it finds its files, and makes others. */
async function foldersOf(unpacked: Unpacked, folder: string): Promise<string> {
  const own = ['etc', 'varlib', 'db', 'key', 'spool', 'run', 'log', 'cache'];
  const lines = own.map((name) => [`ast${name}dir`, join(folder, name)] as const);
  for (const [, path] of lines) await mkdir(path, { recursive: true });
  // What it looks for in there, and complains about if it is not.
  await mkdir(join(folder, 'key/keys'));
  const data = join(unpacked.folder, 'usr/share/asterisk');
  return [
    '[directories]',
    ...[...lines, ['astmoddir', unpacked.modules], ['astdatadir', data]].map(
      ([name, path]) => `${name} => ${path}`,
    ),
    '',
  ].join('\n');
}

/** @returns the path of certificate and key, without their endings */
async function makeCertificate(folder: string): Promise<{ certificate: string; publicKeyHash: string }> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  await mkdir(folder);
  const certificate = join(folder, 'asterisk');
  await writeFile(`${certificate}.pem`, cert);
  await writeFile(`${certificate}.key`, key);
  const publicKey = new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' });
  return { certificate, publicKeyHash: createHash('sha256').update(publicKey).digest('base64') };
}
