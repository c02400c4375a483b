/** The whole server with its bridge beside it, at a Kamailio: telephones and browsers in the same rooms. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { personas } from '../fake-devices.ts';
import { ServerProcess } from '../server-process.ts';
import { SignalClient } from '../signal-client.ts';
import { until } from '../wait.ts';
import { Baresip } from './baresip.ts';
import type { BaresipOptions } from './baresip.ts';
import { BRIDGE_PASSWORD } from './bridge.ts';
import { CONFERENCE_NUMBER, DOMAIN, startKamailio } from './kamailio.ts';
import type { Kamailio } from './kamailio.ts';
import { USERS, passwordOf } from './lines.ts';
import type { Name } from './lines.ts';
import { startRtpengine } from './rtpengine.ts';
import type { Rtpengine } from './rtpengine.ts';

const [, , carla, diego, elena] = personas;
/** What telephones hum here, in Hz: tones that pages know, and that Ana and Bruno do not have. */
export const TONES = { alice: carla.tone, bob: diego.tone, carol: elena.tone } as const;

export interface ConferenceOptions {
  /** Whether rtpengine stands between telephones and the bridge, which then has WebRTC's media; else in the clear. */
  rtpengine?: boolean;
  /** Settings of the bridge, over those that tests need. */
  settings?: Readonly<Record<string, unknown>>;
  /** Settings of its trunk. */
  trunk?: Readonly<Record<string, unknown>>;
  /** Settings of the server. */
  env?: Readonly<Record<string, string>>;
}

export interface TelephoneConference {
  server: ServerProcess;
  kamailio: Kamailio;
  /** Gives somebody a telephone, who has the tone of that name. */
  phone: (name: Name, options?: Partial<BaresipOptions>) => Promise<Baresip>;
  /** Waits until the bridge has registered once more than when this was called last. */
  bridgeIsThere: () => Promise<void>;
  stop: () => Promise<void>;
}

/** Resolves when the server is there, and its bridge is registered. */
export async function startTelephoneConference(
  options: ConferenceOptions = {},
): Promise<TelephoneConference> {
  const { settings, env } = options;
  const rtpengine: Rtpengine | null = options.rtpengine === true ? await startRtpengine() : null;
  const kamailio = await startKamailio({
    users: USERS,
    ...(rtpengine ? { rtpengine } : {}),
  });
  const folder = await mkdtemp(join(tmpdir(), 'tertulia-conference-'));
  const config = join(folder, 'bridge.yaml');
  const trunk = {
    ...{ name: 'pbx', uris: [kamailio.wsUrl], user: 'bridge', domain: DOMAIN, password: BRIDGE_PASSWORD },
    ...{ offer: rtpengine ? 'dtls' : 'plain', languages: ['en'], callsOut: true },
    ...options.trunk,
  };
  // JSON is YAML.
  await writeFile(config, JSON.stringify({ trunks: [trunk], pingSeconds: 2, ...settings }));
  const server = await ServerProcess.start({ env: { BRIDGE_CONFIG_FILE: config, ...env } });
  let registrations = 0;
  const phones: Baresip[] = [];
  const conference: TelephoneConference = {
    ...{ server, kamailio },
    phone: async (name, more = {}) => {
      const own = { user: name, password: passwordOf(name), kamailio, tone: TONES[name] };
      const phone = await Baresip.start({ ...own, ...more });
      phones.push(phone);
      return phone;
    },
    bridgeIsThere: async () => {
      registrations += 1;
      await until(
        'the bridge registers',
        () => server.log.split('registered at the PBX').length - 1,
        (count) => count >= registrations,
      );
    },
    stop: async () => {
      await Promise.all(phones.map((phone) => phone.close()));
      await server.close();
      await kamailio.stop();
      await rtpengine?.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await conference.bridgeIsThere();
  return conference;
}

/** What a caller keys in to get into a room that somebody is in. */
export async function numberOf(server: ServerProcess, room: string): Promise<string> {
  const observer = await SignalClient.connect(server.url);
  const { room: info } = await observer.join(room, 'Observer');
  observer.close();
  if (info.number === null) throw new Error('The room has no number.');
  return info.number;
}

/** Dials the conference, and keys what is asked for. */
export async function callRoom(phone: Baresip, keys: string): Promise<void> {
  const before = phone.events.length;
  phone.dial(CONFERENCE_NUMBER);
  await phone.event('CALL_ESTABLISHED', before);
  await phone.key(keys);
}

/** In dB, as a telephone records it: somebody who speaks, and what is left of somebody who does not. */
const AUDIBLE = -35;
const SILENT = -45;

/** Waits until a telephone hears these tones, and none of those. Prompts may be played before, and take a while. */
export async function hears(
  phone: Baresip,
  these: readonly number[],
  notThose: readonly number[],
): Promise<void> {
  await until(
    `${phone.user} hears ${these.join(', ')} and not ${notThose.join(', ')}`,
    async () => (await phone.hear([...these, ...notThose])).levels,
    (levels) => levels.every((level, index) => (index < these.length ? level > AUDIBLE : level < SILENT)),
    { timeoutMs: 25_000 },
  );
}
