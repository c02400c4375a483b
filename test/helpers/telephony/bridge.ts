/** The bridge in the test's own process, with its media process, at a Kamailio. */
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { Bridge } from '../../../server/bridge/bridge.ts';
import { loadBridgeConfig } from '../../../server/bridge/config.ts';
import { MediaThread } from '../../../server/bridge/media/media-thread.ts';
import { provideGlobals } from '../../../server/bridge/sip/globals.ts';
import { until } from '../wait.ts';
import { DOMAIN } from './kamailio.ts';
import type { Kamailio } from './kamailio.ts';
import { OpenDoor } from './open-door.ts';

const PROMPTS = fileURLToPath(new URL('../../../server/bridge/prompts', import.meta.url));

export const BRIDGE_PASSWORD = 'secret-of-bridge';

export interface TestBridge {
  bridge: Bridge;
  door: OpenDoor;
  thread: MediaThread;
  /** What it has logged, as JSON lines. */
  log: () => string;
  stop: () => Promise<void>;
}

export interface TestBridgeOptions {
  kamailio: Pick<Kamailio, 'wsUrl'>;
  /** PINs by room number; null for a room without one. */
  rooms?: Readonly<Record<string, string | null>>;
  /** Of its trunk, over those that tests need. */
  trunk?: Readonly<Record<string, unknown>>;
  /** Another PBX, which has a trunk named `other`. */
  other?: Pick<Kamailio, 'wsUrl'>;
  /** Certificates (PEM) by the path that `ca` of the trunk names. */
  authorities?: Readonly<Record<string, string>>;
  /** How long it may take to register. */
  timeoutMs?: number;
  /** Other settings of the bridge. */
  settings?: Readonly<Record<string, unknown>>;
}

/** Resolves when it is registered. */
export async function startBridge(options: TestBridgeOptions): Promise<TestBridge> {
  const { kamailio, other, rooms = {}, trunk, settings, authorities = {}, timeoutMs = 15_000 } = options;
  const lines: string[] = [];
  const logger = pino({ level: 'debug', base: null }, { write: (line) => void lines.push(line) });
  const trunkAt = (name: string, { wsUrl }: Pick<Kamailio, 'wsUrl'>): object => ({
    ...{ name, uris: [wsUrl], user: 'bridge', domain: DOMAIN, password: BRIDGE_PASSWORD },
    ...{ offer: 'plain', languages: ['en'], callsOut: true },
    ...trunk,
  });
  const file = {
    trunks: [trunkAt('pbx', kamailio), ...(other ? [trunkAt('other', other)] : [])],
    pingSeconds: 2,
    dialOut: ['*'],
    ...settings,
  };
  const loaded = loadBridgeConfig({
    argv: ['--config', 'of the test'],
    env: {},
    // JSON is YAML.
    readFile: () => JSON.stringify(file),
  });
  if (loaded.kind !== 'config') throw new Error('These are no settings.');
  provideGlobals();
  const thread = await MediaThread.start({ promptFolder: PROMPTS, logger });
  const door = await OpenDoor.open(thread, rooms);
  const bridge = new Bridge(loaded.config, new Map(Object.entries(authorities)), { thread, door, logger });
  bridge.start();
  const stop = async (): Promise<void> => {
    await bridge.stop();
    await thread.close();
    door.close();
  };
  try {
    await until(
      'the bridge registers',
      () => Object.values(bridge.state.trunks),
      (trunks) => trunks.every(({ registration }) => registration !== 'waiting'),
      { timeoutMs },
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...{ bridge, door, thread }, log: () => lines.join(''), stop };
}
