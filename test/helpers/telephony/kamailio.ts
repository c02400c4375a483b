/** Debian's Kamailio, with the configuration of worker-config/kamailio, on ports and in a folder of its own. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../paths.ts';
import { areFree, freePorts } from '../server-process.ts';
import { until } from '../wait.ts';
import { Daemon } from './daemon.ts';

/** Everybody's address ends in this; nothing looks it up. */
export const DOMAIN = 'pbx.test';

/** Numbers that lead to the bridge, which registers as `bridge`. */
export const CONFERENCE_NUMBER = '800';

export interface KamailioOptions {
  /** Passwords by user name. */
  users: Readonly<Record<string, string>>;
  /** Of an rtpengine, as `startRtpengine` gives; without one each phone talks to its own kind only. */
  rtpengine?: { url: string };
  /** Files with certificate and key, for secure WebSocket. */
  tls?: { certificate: string; key: string };
  /** Where numbers with a leading 0 go, at 127.0.0.1. Requests from there are taken for the gateway's. */
  pstnGateway?: { host: string; port: number };
  /** More settings of worker-config/kamailio/kamailio.cfg, as written there. */
  settings?: Readonly<Record<string, string | number>>;
  /** Ports of an earlier one, to start in its place. */
  ports?: KamailioPorts;
}

export interface KamailioPorts {
  /** SIP over UDP and TCP. */
  sip: number;
  ws: number;
  wss: number;
}

export interface Kamailio {
  ports: KamailioPorts;
  /** SIP over WebSocket. */
  wsUrl: string;
  /** SIP over secure WebSocket; only if `tls` was given. */
  wssUrl: string;
  log: () => string;
  /** Ends it at once, as a loss of power would. */
  kill: () => Promise<void>;
  stop: () => Promise<void>;
}

/** Resolves when it takes calls. */
export async function startKamailio(options: KamailioOptions): Promise<Kamailio> {
  const ports = options.ports ? await released(options.ports) : await newPorts();
  const folder = await mkdtemp(join(tmpdir(), 'tertulia-kamailio-'));
  const users = join(folder, 'users');
  await mkdir(users);
  await writeFile(join(users, 'subscriber'), subscribers(options.users));
  const config = join(folder, 'kamailio.cfg');
  await writeFile(config, configuration(options, ports, folder));

  const daemon = await Daemon.start({
    command: 'kamailio',
    // In the foreground, with the log on the standard error, and the little memory that few calls need, in MB.
    args: ['-DD', '-E', '-m', '32', '-M', '4', '-Y', folder, '-f', config],
    isReady: (log) => {
      const problem = /^.*CRITICAL.*$/m.exec(log)?.[0];
      if (problem !== undefined) throw new Error(`Kamailio does not start: ${problem}`);
      return answers(ports.ws);
    },
  });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    await daemon.stop(signal);
    await rm(folder, { recursive: true, force: true });
  };
  return {
    ports,
    wsUrl: `ws://127.0.0.1:${ports.ws}`,
    wssUrl: `wss://127.0.0.1:${ports.wss}`,
    log: () => daemon.log,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}

/** SIP, and both kinds of WebSocket, in a row. */
const PORTS = 3;

async function newPorts(): Promise<KamailioPorts> {
  const sip = await freePorts(PORTS);
  return { sip, ws: sip + 1, wss: sip + 2 };
}

/** Waits for the last of the processes of the one before, which end one by one. */
async function released(ports: KamailioPorts): Promise<KamailioPorts> {
  await until(
    'the ports are free again',
    () => areFree(ports.sip, PORTS),
    (free) => free,
  );
  return ports;
}

/** The table of users as db_text reads it: a line of column names, then one for each user. */
function subscribers(users: KamailioOptions['users']): string {
  const lines = Object.entries(users).map(([name, password]) => {
    const hash = createHash('md5').update(`${name}:${DOMAIN}:${password}`).digest('hex');
    return `${name}:${hash}`;
  });
  return `${['username(string) ha1(string)', ...lines].join('\n')}\n`;
}

function configuration(
  { rtpengine, tls, pstnGateway, settings = {} }: KamailioOptions,
  { sip, ws, wss }: KamailioPorts,
  folder: string,
): string {
  const defines: Record<string, string | number> = {
    DOMAIN: `"${DOMAIN}"`,
    LISTEN_UDP: `udp:127.0.0.1:${sip}`,
    LISTEN_TCP: `tcp:127.0.0.1:${sip}`,
    LISTEN_WS: `tcp:127.0.0.1:${ws}`,
    USERS: `"text://${folder}/users"`,
    ORIGINS: String.raw`"^https?://(127\.0\.0\.1|localhost)(:[0-9]+)?$"`,
    CONFERENCE_NUMBERS: '"^8[0-9][0-9]$"',
    CONFERENCE_USER: '"bridge"',
    PSTN_NUMBERS: '"^0[1-9][0-9]+$"',
    PSTN_PREFIX_LENGTH: 1,
    // All tests come from one address.
    REQUESTS_PER_ADDRESS: 100_000,
    CALLS_PER_SECOND: 10_000,
    SECRET: '"of this test"',
    CONTROL_SOCKET: `"unix:${folder}/control"`,
    WORKERS: 2,
    LOG_LEVEL: 2,
  };
  if (rtpengine) defines['RTPENGINE'] = `"${rtpengine.url}"`;
  if (tls) {
    defines['LISTEN_WSS'] = `tls:127.0.0.1:${wss}`;
    defines['TLS_CERTIFICATE'] = `"${tls.certificate}"`;
    defines['TLS_KEY'] = `"${tls.key}"`;
  }
  if (pstnGateway) {
    defines['PSTN_GATEWAY'] = `"sip:${pstnGateway.host}:${pstnGateway.port}"`;
    defines['PSTN_ADDRESS'] = `"${pstnGateway.host}"`;
  }
  const lines = Object.entries({ ...defines, ...settings }).map(
    ([name, value]) => `#!define ${name} ${value}`,
  );
  const proxy = `${ROOT}worker-config/kamailio/proxy.cfg`;
  return ['#!KAMAILIO', ...lines, `include_file "${proxy}"`, ''].join('\n');
}

/** Whether its WebSocket port answers HTTP, as it does when all its processes run. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const done = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(500, done(false));
    socket.on('connect', () => socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'));
    socket.on('data', done(true));
    socket.on('error', done(false));
    socket.on('close', done(false));
  });
}
