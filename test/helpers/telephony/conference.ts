/** The whole server with its bridge beside it, at a Kamailio: telephones and browsers in the same rooms. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServerProcess } from '../server-process.ts';
import { BRIDGE_PASSWORD } from './bridge.ts';
import { DOMAIN, startKamailio } from './kamailio.ts';
import type { Kamailio } from './kamailio.ts';
import { startRtpengine } from './rtpengine.ts';
import type { Rtpengine } from './rtpengine.ts';

export interface ConferenceOptions {
  /** Passwords by user name, of telephones. */
  users: Readonly<Record<string, string>>;
  /** Whether rtpengine stands between telephones and the bridge, which then has WebRTC's media; else in the clear. */
  rtpengine?: boolean;
  /** Settings of the bridge, over those that tests need. */
  settings?: Readonly<Record<string, unknown>>;
  /** Settings of the server, over those that tests need. */
  env?: Readonly<Record<string, string>>;
}

export interface TelephoneConference {
  server: ServerProcess;
  kamailio: Kamailio;
  stop: () => Promise<void>;
}

/** Resolves when the server is there; its bridge registers by itself soon after. */
export async function startTelephoneConference(options: ConferenceOptions): Promise<TelephoneConference> {
  const { users, settings, env } = options;
  const rtpengine: Rtpengine | null = options.rtpengine === true ? await startRtpengine() : null;
  const kamailio = await startKamailio({
    users: { ...users, bridge: BRIDGE_PASSWORD },
    ...(rtpengine ? { rtpengine } : {}),
  });
  const folder = await mkdtemp(join(tmpdir(), 'tertulia-conference-'));
  const config = join(folder, 'bridge.yaml');
  const trunk = {
    ...{ name: 'pbx', uris: [kamailio.wsUrl], user: 'bridge', domain: DOMAIN, password: BRIDGE_PASSWORD },
    ...{ offer: rtpengine ? 'dtls' : 'plain', languages: ['en'], callsOut: true },
  };
  // JSON is YAML.
  await writeFile(config, JSON.stringify({ trunks: [trunk], pingSeconds: 2, ...settings }));
  const server = await ServerProcess.start({ env: { BRIDGE_CONFIG_FILE: config, ...env } });
  return {
    ...{ server, kamailio },
    stop: async () => {
      await server.close();
      await kamailio.stop();
      await rtpengine?.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
