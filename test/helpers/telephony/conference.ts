/** The whole server with its bridge, at a Kamailio: telephones and browsers in the same rooms. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallRecord } from '../../../server/signalling/contract/bridge.ts';
import { createCallRecordRepository } from '../../../server/store/call-records.ts';
import { openDatabase } from '../../../server/store/database.ts';
import { personas } from '../fake-devices.ts';
import { BRIDGE_MAIN } from '../paths.ts';
import { ServerProcess } from '../server-process.ts';
import { SignalClient } from '../signal-client.ts';
import { until } from '../wait.ts';
import { Baresip } from './baresip.ts';
import type { BaresipOptions } from './baresip.ts';
import { BRIDGE_PASSWORD } from './bridge.ts';
import { Daemon } from './daemon.ts';
import { CONFERENCE_NUMBER, DOMAIN, startKamailio } from './kamailio.ts';
import type { Kamailio } from './kamailio.ts';
import { USERS, passwordOf } from './lines.ts';
import type { Name } from './lines.ts';
import { startRtpengine } from './rtpengine.ts';

const [, , carla, diego, elena] = personas;
/** What telephones hum here, in Hz: tones that pages know, and that Ana and Bruno do not have. */
export const TONES: Readonly<Record<Name, number>> = {
  alice: carla.tone,
  bob: diego.tone,
  carol: elena.tone,
};

const ALL_CALLS = {
  ...{ room: null, trunk: null, direction: null },
  ...{ from: 0, until: null, olderThan: null, limit: 100 },
};
export const BRIDGE_SECRET = 'a secret between server and bridge';

export interface ConferenceOptions {
  /** Whether rtpengine stands between telephones and the bridge, which then has WebRTC's media; else in the clear. */
  rtpengine?: boolean;
  /** Whether the bridge is a service of its own, which does not end with the server; else it runs beside it. */
  bridgeApart?: boolean;
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
  /** Waits until a call has been recorded that ended so. */
  recordOf: (user: string, reason: string) => Promise<CallRecord>;
  stop: () => Promise<void>;
}

/** Resolves when the server is there, and its bridge is registered. What was begun ends when that fails. */
export async function startTelephoneConference(
  options: ConferenceOptions = {},
): Promise<TelephoneConference> {
  const ends: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (let end = ends.pop(); end; end = ends.pop()) await end();
  };
  try {
    const conference = await begin(options, ends, stop);
    await conference.bridgeIsThere();
    return conference;
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @param ends takes what ends each part, in the order of their beginnings */
async function begin(
  options: ConferenceOptions,
  ends: (() => unknown)[],
  stop: () => Promise<void>,
): Promise<TelephoneConference> {
  const folder = await mkdtemp(join(tmpdir(), 'tertulia-conference-'));
  ends.push(() => rm(folder, { recursive: true, force: true }));
  const dataDir = join(folder, 'data');
  const rtpengine = options.rtpengine === true ? await startRtpengine() : null;
  ends.push(() => rtpengine?.stop());
  const kamailio = await startKamailio({ users: USERS, ...(rtpengine ? { rtpengine } : {}) });
  ends.push(() => kamailio.stop());
  const config = join(folder, 'bridge.yaml');
  await writeFile(config, JSON.stringify(bridgeSettings(options, kamailio)));
  const env = { DATA_DIR: dataDir, BRIDGE_SECRET, ...options.env };
  const server = await ServerProcess.start({
    env: options.bridgeApart === true ? env : { ...env, BRIDGE_CONFIG_FILE: config },
  });
  ends.push(() => server.close());
  const bridge = options.bridgeApart === true ? await startBridgeApart(config, server.url) : null;
  ends.push(() => bridge?.stop());
  const database = openDatabase(dataDir);
  ends.push(() => database.close());
  const calls = createCallRecordRepository(database);
  let registrations = 0;

  return {
    ...{ server, kamailio, stop },
    phone: async (name, more = {}) => {
      const own = { user: name, password: passwordOf(name), kamailio, tone: TONES[name] };
      const phone = await Baresip.start({ ...own, ...more });
      ends.push(() => phone.close());
      return phone;
    },
    bridgeIsThere: async () => {
      registrations += 1;
      await until(
        'the bridge registers',
        () => (bridge ?? server).log.split('registered at the PBX').length - 1,
        (count) => count >= registrations,
        { timeoutMs: 60_000 },
      );
    },
    recordOf: (user, reason) => findRecord(() => calls.find(ALL_CALLS), user, reason),
  };
}

/** Waits until a call has been recorded that ended so. @param find asks for all of them */
export async function findRecord(
  find: () => CallRecord[] | Promise<CallRecord[]>,
  user: string,
  reason: string,
): Promise<CallRecord> {
  const { answer } = await until(
    `a call of ${user} is recorded that ended as ${reason}`,
    async () => (await find()).filter(({ number }) => number === user),
    (found) => found.some((record) => record.reason === reason),
  );
  return answer.find((record) => record.reason === reason)!;
}

/** As its file has them: JSON is YAML. */
function bridgeSettings({ rtpengine, settings, trunk }: ConferenceOptions, { wsUrl }: Kamailio): object {
  const pbx = {
    ...{ name: 'pbx', uris: [wsUrl], user: 'bridge', domain: DOMAIN, password: BRIDGE_PASSWORD },
    ...{ offer: rtpengine === true ? 'dtls' : 'plain', languages: ['en'], callsOut: true },
    ...trunk,
  };
  return { trunks: [pbx], pingSeconds: 2, ...settings };
}

/** Starts a bridge as a service of its own. @param config path of its settings */
export function startBridgeApart(config: string, serverUrl: string): Promise<Daemon> {
  return Daemon.start({
    command: process.execPath,
    args: [BRIDGE_MAIN],
    env: { BRIDGE_CONFIG_FILE: config, SERVER_URL: serverUrl, BRIDGE_SECRET, DRAIN_SECONDS: '0' },
    isReady: (log) => log.includes('connected to the server'),
  });
}

/** What a caller keys in to get into a room that somebody is in. */
export async function numberOf(server: ServerProcess, room: string): Promise<string> {
  const observer = await SignalClient.connect(server.url);
  const { room: info } = await observer.join(room, 'Observer');
  observer.close();
  if (info.number === null) throw new Error('The room has no number.');
  return info.number;
}

/** Dials the conference, which answers. */
export async function dialConference(phone: Baresip): Promise<void> {
  const before = phone.events.length;
  phone.dial(CONFERENCE_NUMBER);
  await phone.event('CALL_ESTABLISHED', before);
}

/** Dials the conference, keys what is asked for, and waits until a telephone more has been let in. */
export async function callRoom(
  { server }: Pick<TelephoneConference, 'server'>,
  phone: Baresip,
  keys: string,
): Promise<void> {
  const entered = (): number => server.log.split('"kind":"phone","msg":"participant joined"').length;
  const before = entered();
  await dialConference(phone);
  await phone.key(keys);
  await until(`${phone.user} is let in`, entered, (count) => count > before);
}
