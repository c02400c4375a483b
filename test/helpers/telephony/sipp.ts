/**
 * Debian's sipp: a telephone that does exactly what it is told, message by message. The scenarios are our own, as
 * those that it brings ignore Record-Route.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../server-process.ts';
import { Daemon } from './daemon.ts';
import { DOMAIN } from './kamailio.ts';
import type { Kamailio } from './kamailio.ts';

/** What a phone does within a call. */
export type CallStep =
  | { do: 'info'; type: string; body: string }
  | { do: 'wait'; ms: number }
  /** Waits for the other side to hang up. */
  | { do: 'await BYE' }
  | { do: 'BYE' };

export interface SippOptions {
  kamailio: Kamailio;
  user: string;
  password: string;
  /** Whom its From names; the user if absent. */
  from?: string;
  /** Whom it writes to; Kamailio's if absent. */
  domain?: string;
}

/** Calls a number, takes the steps. @throws Error with what sipp tells when it goes another way */
export async function callBySipp(
  options: SippOptions,
  number: string,
  steps: readonly CallStep[],
): Promise<void> {
  const offer = [
    ...['v=0', 'o=- 1 1 IN IP4 [local_ip]', 's=-', 'c=IN IP4 [media_ip]', 't=0 0'],
    ...['m=audio [media_port] RTP/AVP 0', 'a=rtpmap:0 PCMU/8000', ''],
  ];
  const invite = (sequence: number, headers: readonly string[]): string =>
    request('INVITE', `sip:${number}@[domain]`, sequence, { to: `<sip:${number}@[domain]>`, headers }, offer);
  await run(options, [
    ...[invite(1, []), '<recv response="407" auth="true"/>'],
    request('ACK', `sip:${number}@[domain]`, 1, { via: '[last_Via:]', to: null, headers: [] }, []),
    invite(2, ['[authentication]']),
    '<recv response="100" optional="true"/><recv response="180" optional="true"/>',
    '<recv response="200" rrs="true"/>',
    request('ACK', '[next_url]', 2, { to: null, headers: ['[routes]'] }, []),
    ...steps.map((step, index) => stepXml(step, index + 3)),
  ]);
}

/** Sends a MESSAGE. @param status what it is to be answered with */
export async function writeBySipp(
  options: SippOptions,
  number: string,
  text: string,
  status: number,
): Promise<void> {
  const message = (sequence: number, headers: readonly string[]): string =>
    request(
      'MESSAGE',
      `sip:${number}@[to_domain]`,
      sequence,
      { to: `<sip:${number}@[to_domain]>`, headers: [...headers, 'Content-Type: text/plain'] },
      [text],
    );
  await run(options, [
    ...[message(1, []), '<recv response="407" auth="true"/>'],
    ...[message(2, ['[authentication]']), `<recv response="${status}"/>`],
  ]);
}

/** Registers as one more phone of a user, and waits for a MESSAGE. @throws Error when another text comes, or none */
export async function readBySipp(options: SippOptions, text: RegExp, whenReady: () => void): Promise<void> {
  const check = `<ereg regexp="${text.source}" search_in="body" check_it="true" assign_to="text"/>`;
  await registered(
    options,
    [
      `<recv request="MESSAGE"><action>${check}</action></recv>`,
      answer('200 OK'),
      '<Reference variables="text"/>',
    ],
    whenReady,
  );
}

/** Registers as a phone, and refuses the next call. @param status such as `603 Decline` */
export async function refuseBySipp(
  options: SippOptions,
  status: string,
  whenReady: () => void,
): Promise<void> {
  await registered(options, ['<recv request="INVITE"/>', answer(status), '<recv request="ACK"/>'], whenReady);
}

/** Registers as one more phone of a user, goes on as a phone that is called, and is no phone of the user any more. */
async function registered(
  options: SippOptions,
  steps: readonly string[],
  whenReady: () => void,
): Promise<void> {
  const port = await freePorts();
  // A scenario has one Call-ID, so there are three of them, at the same port.
  await register(options, 60, port);
  await run(options, steps, port, whenReady);
  await register(options, 0, port);
}

/** @param seconds for how long; 0 takes it back */
async function register(options: SippOptions, seconds: number, port: number): Promise<void> {
  const ask = (sequence: number, headers: readonly string[]): string =>
    request(
      'REGISTER',
      'sip:[domain]',
      sequence,
      { to: '<sip:[user]@[domain]>', headers: [...headers, `Expires: ${seconds}`] },
      [],
    );
  await run(
    options,
    [ask(1, []), '<recv response="401" auth="true"/>', ask(2, ['[authentication]']), OK],
    port,
  );
}

const OK = '<recv response="200"/>';

/** Answers the last request. @param status with its words */
function answer(status: string): string {
  const copied = ['Via', 'From', 'To', 'Call-ID', 'CSeq'].map((name) => `[last_${name}:]`);
  return send([`SIP/2.0 ${status}`, ...copied, 'Content-Length: 0', '', '']);
}

function stepXml(step: CallStep, sequence: number): string {
  const within = { to: null, headers: ['[routes]'] };
  switch (step.do) {
    case 'wait':
      return `<pause milliseconds="${step.ms}"/>`;
    case 'info': {
      const headers = [...within.headers, `Content-Type: ${step.type}`];
      const info = request('INFO', '[next_url]', sequence, { to: null, headers }, [step.body]);
      return `${info}\n${OK}`;
    }
    case 'BYE':
      return `${request('BYE', '[next_url]', sequence, within, [])}\n${OK}`;
    case 'await BYE':
      return `<recv request="BYE"/>\n${answer('200 OK')}`;
  }
}

interface Parts {
  /** The last To header if null. */
  to: string | null;
  via?: string;
  headers: readonly string[];
}

function request(
  method: string,
  uri: string,
  sequence: number,
  { to, via, headers }: Parts,
  body: readonly string[],
): string {
  return send([
    `${method} ${uri} SIP/2.0`,
    via ?? 'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]',
    'From: <sip:[user]@[domain]>;tag=[call_number]',
    to === null ? '[last_To:]' : `To: ${to}`,
    'Call-ID: [call_id]',
    `CSeq: ${sequence} ${method}`,
    'Contact: <sip:[user]@[local_ip]:[local_port]>',
    'Max-Forwards: 70',
    ...headers,
    ...(method === 'INVITE' ? ['Content-Type: application/sdp'] : []),
    ...['Content-Length: [len]', '', ...body],
  ]);
}

function send(lines: readonly string[]): string {
  return `<send><![CDATA[\n${lines.join('\n')}]]></send>`;
}

async function run(
  { kamailio, user, password, from = user, domain = DOMAIN }: SippOptions,
  steps: readonly string[],
  localPort?: number,
  whenListening?: () => void,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tertulia-sipp-'));
  const scenario = join(folder, 'scenario.xml');
  await writeFile(
    scenario,
    `<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="test">\n${steps.join('\n')}\n</scenario>\n`,
  );
  const [port, mediaPort] = [localPort ?? (await freePorts()), await freePorts(4)];
  const daemon = await Daemon.start({
    command: 'sipp',
    args: [
      ...['-sf', scenario, '-m', '1', '-t', 'u1', '-timeout', '30s', '-timeout_error', '-nostdin'],
      ...['-i', '127.0.0.1', '-p', String(port), '-mp', String(mediaPort), '-trace_err'],
      ...['-au', user, '-ap', password, '-key', 'user', from],
      ...['-key', 'domain', DOMAIN, '-key', 'to_domain', domain],
      `127.0.0.1:${kamailio.ports.sip}`,
    ],
    cwd: folder,
    isReady: () => whenListening === undefined || isListening(port),
  });
  whenListening?.();
  const code = await daemon.ended();
  await rm(folder, { recursive: true, force: true });
  if (code !== 0) throw new Error(`sipp ended with ${String(code)}:\n${daemon.log.slice(-3_000)}`);
}

/** Whether a process of this machine has the UDP port: proc(5), net/udp. */
async function isListening(port: number): Promise<boolean> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return (await readFile('/proc/net/udp', 'utf8')).includes(`:${hex} `);
}
