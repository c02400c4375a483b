/** Debian's baresip: a telephone that hums a tone of its own and records what it hears. */
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../server-process.ts';
import { sleep, until } from '../wait.ts';
import { Daemon } from './daemon.ts';
import { DOMAIN } from './kamailio.ts';
import type { Kamailio } from './kamailio.ts';
import { levelOf, loudness } from './tones.ts';

export interface BaresipOptions {
  user: string;
  /** Without spaces, which baresip takes for the end. */
  password: string;
  kamailio: Pick<Kamailio, 'ports'>;
  /** What it hums, in Hz. */
  tone: number;
  /** Most wanted first. Opus is `opus/48000/2`. */
  codecs?: readonly string[];
  transport?: 'udp' | 'tcp';
  /** Keys agreed in the SDP (RFC 4568); in the clear if absent. */
  encryption?: 'srtp-mand';
  /** What it does with calls: rings until told (the default), or answers. */
  answers?: 'manual' | 'auto';
  /** More parameters of the account, such as `;regint=60`. */
  account?: string;
}

/** What baresip tells by itself. */
export interface BaresipEvent {
  type: string;
  /** Such as the reason why a call ended. */
  param?: string;
  peeruri?: string;
}

/** The length of the header of a WAV file that libsndfile writes, in bytes. */
const WAV_HEADER = 44;

export class Baresip {
  readonly user: string;
  readonly tone: number;
  /** All that it has told, oldest first. */
  readonly events: BaresipEvent[] = [];
  readonly #daemon: Daemon;
  readonly #control: Socket;
  readonly #folder: string;
  #received = Buffer.alloc(0);
  /** To commands, so far. */
  #answers = 0;

  private constructor({ user, tone }: BaresipOptions, daemon: Daemon, control: Socket, folder: string) {
    this.user = user;
    this.tone = tone;
    this.#daemon = daemon;
    this.#control = control;
    this.#folder = folder;
    control.on('data', (chunk) => this.#read(chunk));
    control.on('error', () => undefined);
  }

  /** Resolves when it is registered, and tells what happens to it. */
  static async start(options: BaresipOptions): Promise<Baresip> {
    const folder = await mkdtemp(join(tmpdir(), 'tertulia-baresip-'));
    // The one after it is for TLS, which it opens unasked.
    const [sipPort, controlPort] = [await freePorts(2), await freePorts()];
    await mkdir(join(folder, 'sound'));
    await writeFile(join(folder, 'config'), configuration(options, sipPort, controlPort, folder));
    await writeFile(join(folder, 'accounts'), account(options));
    await writeFile(join(folder, 'contacts'), '');
    const daemon = await Daemon.start({
      command: 'baresip',
      args: ['-f', folder, '-v'],
      isReady: async (log) => /baresip is ready/.test(log) && (await accepts(controlPort)),
    });
    const control = connect(controlPort, '127.0.0.1');
    await once(control, 'connect');
    const phone = new Baresip(options, daemon, control, folder);
    try {
      // It is connected before baresip knows of it, which tells nobody of calls that come until then.
      phone.#command('listcalls');
      await until(
        `${options.user} answers`,
        () => phone.#answers,
        (answers) => answers > 0,
      );
      await until(
        `${options.user} registers`,
        () => daemon.log,
        (log) => /: 200 OK|\(200 OK\)|200 OK.*binding/.test(log),
      );
    } catch (error) {
      // Left alone it would go on trying, until the PBX lets nobody in who is behind this address.
      await phone.close();
      throw new Error(`baresip did not start:\n${daemon.log}`, { cause: error });
    }
    return phone;
  }

  get log(): string {
    return this.#daemon.log;
  }

  /** @param target a user's name or a number */
  dial(target: string): void {
    this.#command('dial', `sip:${target}@${DOMAIN}`);
  }

  accept(): void {
    this.#command('accept');
  }

  /** Ends the call, or refuses it while it rings. */
  hangUp(): void {
    this.#command('hangup');
  }

  hold(): void {
    this.#command('hold');
  }

  resume(): void {
    this.#command('resume');
  }

  transferTo(target: string): void {
    this.#command('transfer', `sip:${target}@${DOMAIN}`);
  }

  /** Keys digits, as telephone events (RFC 4733). */
  async key(digits: string): Promise<void> {
    for (const digit of digits) {
      this.#command('sndcode', digit);
      await sleep(160);
      // A key is let go.
      this.#command('sndcode', '\u0004');
      await sleep(80);
    }
  }

  /** What it hums from now on: `ausine,440`, or `aufile,PATH` once. */
  hum(source: string): void {
    this.#command('ausrc', source);
  }

  /** Waits for an event, one that came already too. @param since index in `events` from which on it counts */
  async event(type: string, since = 0, timeoutMs = 15_000): Promise<BaresipEvent> {
    const { answer } = await until(
      `${this.user}: ${type} (after ${this.events.map((event) => event.type).join(', ')})`,
      () => this.events.slice(since).find((event) => event.type === type),
      (found) => found !== undefined,
      { timeoutMs },
    );
    if (!answer) throw new Error('An event that was there is gone.');
    return answer;
  }

  /**
   * Listens for a while.
   * @returns the level of each tone, and of everything together, in dB, and how much sound came, in ms
   */
  async hear(
    tones: readonly number[],
    ms = 1_000,
  ): Promise<{ levels: number[]; all: number; heardMs: number }> {
    const { samples, rate } = await this.record(ms);
    return {
      levels: tones.map((tone) => levelOf(tone, samples, rate)),
      all: loudness(samples),
      heardMs: (samples.length / rate) * 1_000,
    };
  }

  /** Listens for a while. @returns what was heard, between -1 and 1 */
  async record(ms: number): Promise<{ samples: Float32Array; rate: number }> {
    const from = await this.#recordedBytes();
    await sleep(ms);
    return this.#recording(from);
  }

  async close(): Promise<void> {
    this.#control.destroy();
    await this.#daemon.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  #command(command: string, params?: string): void {
    const text = JSON.stringify({ command, ...(params === undefined ? {} : { params }) });
    this.#control.write(`${Buffer.byteLength(text)}:${text},`);
  }

  /** Netstrings: a length, a colon, JSON, a comma. */
  #read(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (;;) {
      const colon = this.#received.indexOf(':');
      if (colon < 0) return;
      const end = colon + 1 + Number(this.#received.subarray(0, colon).toString());
      if (this.#received.length <= end) return;
      const message = JSON.parse(this.#received.subarray(colon + 1, end).toString()) as {
        event?: boolean;
      } & BaresipEvent;
      this.#received = this.#received.subarray(end + 1);
      if (message.event === true) this.events.push(message);
      else this.#answers += 1;
    }
  }

  async #recordedBytes(): Promise<number> {
    const file = await this.#newestRecording();
    return file === null ? WAV_HEADER : (await readFile(file)).length;
  }

  /** What was recorded after the first bytes; of two channels the left one. */
  async #recording(from: number): Promise<{ samples: Float32Array; rate: number }> {
    const file = await this.#newestRecording();
    if (file === null) throw new Error(`${this.user} has not heard anything yet.`);
    const wav = await readFile(file);
    const frame = 2 * wav.readUInt16LE(22);
    const start = WAV_HEADER + Math.ceil((Math.max(from, WAV_HEADER) - WAV_HEADER) / frame) * frame;
    const length = Math.max(Math.floor((wav.length - start) / frame), 0);
    const samples = Float32Array.from({ length }, (_, i) => wav.readInt16LE(start + frame * i) / 32_768);
    return { samples, rate: wav.readUInt32LE(24) };
  }

  async #newestRecording(): Promise<string | null> {
    const names = await readdir(join(this.#folder, 'sound'));
    const heard = names.filter((name) => name.endsWith('-dec.wav')).sort();
    const last = heard.at(-1);
    return last === undefined ? null : join(this.#folder, 'sound', last);
  }
}

function account(options: BaresipOptions): string {
  const { user, password, kamailio, transport = 'udp', encryption, answers = 'manual' } = options;
  const parameters = [
    `auth_user=${user}`,
    `auth_pass=${password}`,
    `outbound="sip:127.0.0.1:${kamailio.ports.sip};transport=${transport}"`,
    'regint=120',
    `answermode=${answers}`,
    ...(encryption ? [`mediaenc=${encryption}`] : []),
  ];
  return `<sip:${user}@${DOMAIN}>;${parameters.join(';')}${options.account ?? ''}\n`;
}

function configuration(
  { tone, codecs = ['PCMU/8000/1'], encryption }: BaresipOptions,
  sipPort: number,
  controlPort: number,
  folder: string,
): string {
  // The order of modules is the order of codecs.
  const wanted = codecs.map((codec) =>
    codec.startsWith('opus') ? 'opus.so' : codec.startsWith('G722') ? 'g722.so' : 'g711.so',
  );
  const modules = [
    ...new Set(wanted),
    'ausine.so',
    'aufile.so',
    'aubridge.so',
    'sndfile.so',
    ...(encryption ? ['srtp.so'] : []),
  ];
  return [
    'poll_method epoll',
    `sip_listen 127.0.0.1:${sipPort}`,
    'net_interface 127.0.0.1',
    // Below those that tests give to others, which may take them late.
    'rtp_ports 10000-19999',
    'call_local_timeout 120',
    'call_max_calls 4',
    `audio_source ausine,${tone}`,
    'audio_player aubridge,sink',
    'audio_alert aubridge,alert',
    'ausrc_srate 48000',
    'ausrc_channels 2',
    'auplay_srate 48000',
    'auplay_channels 1',
    'audio_level no',
    'rtp_stats no',
    'jitter_buffer_delay 2-5',
    `snd_path ${folder}/sound`,
    `ctrl_tcp_listen 127.0.0.1:${controlPort}`,
    'module_path /usr/lib/baresip/modules',
    ...modules.map((module) => `module ${module}`),
    'module_tmp account.so',
    'module_app contact.so',
    'module_app menu.so',
    'module_app ctrl_tcp.so',
    '',
  ].join('\n');
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
