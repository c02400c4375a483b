/** An office with an Asterisk: rooms, the bridge at it, somebody in a room by a browser, telephones and a web phone. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import type { BridgeStatus } from '../../../server/signalling/bridge-status.ts';
import type { CallRecord } from '../../../server/signalling/contract/bridge.ts';
import { ApiClient } from '../api-client.ts';
import { launchChromium } from '../chromium.ts';
import { personas } from '../fake-devices.ts';
import { RoomPage } from '../room-page.ts';
import { ServerProcess } from '../server-process.ts';
import type { Unpacked } from '../setup/asterisk.ts';
import { SignalClient } from '../signal-client.ts';
import { until } from '../wait.ts';
import { ASTERISK_README, replaceAll, startAsterisk } from './asterisk.ts';
import type { Asterisk, AsteriskUser } from './asterisk.ts';
import { Baresip } from './baresip.ts';
import { BRIDGE_SECRET, findRecord, startBridgeApart } from './conference.ts';
import { DOMAIN } from './kamailio.ts';
import { WebPhone } from './web-phone.ts';

const [ana, bruno, carla, diego] = personas;

export const PIN = '4711';
/** What is heard of whom, in Hz. */
export const TONES = { page: ana.tone, web: bruno.tone, reception: carla.tone, kitchen: diego.tone } as const;

export interface Office {
  asterisk: Asterisk;
  server: ServerProcess;
  /** The host of the room, who neither speaks nor hears. */
  host: SignalClient;
  /** In the room, too. */
  page: RoomPage;
  /** What is keyed in to get into the room. */
  keys: string;
  reception: Baresip;
  kitchen: Baresip;
  phone: (user: AsteriskUser, tone: number) => Promise<Baresip>;
  /** Signs in as 201, by secure WebSocket. */
  webPhone: () => Promise<WebPhone>;
  /** How the trunk is, as anybody may ask. */
  trunk: () => Promise<unknown>;
  /** Calls that the bridge has now. */
  calls: () => Promise<BridgeStatus['calls']>;
  /** Waits until a call has been recorded that ended so. */
  recordOf: (user: AsteriskUser, reason: string) => Promise<CallRecord>;
  stop: () => Promise<void>;
}

/** What was begun ends when something fails. */
export async function openOffice(unpacked: Unpacked): Promise<Office> {
  const ends: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (let end = ends.pop(); end; end = ends.pop()) await end();
  };
  try {
    return await open(unpacked, ends, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @param ends takes what ends each part, in the order of their beginnings */
async function open(unpacked: Unpacked, ends: (() => unknown)[], stop: () => Promise<void>): Promise<Office> {
  const folder = await mkdtemp(join(tmpdir(), 'tertulia-office-'));
  ends.push(() => rm(folder, { recursive: true, force: true }));
  const asterisk = await startAsterisk(unpacked);
  ends.push(() => asterisk.stop());
  const server = await ServerProcess.start({ env: { WORKERS: '1', BRIDGE_SECRET } });
  ends.push(() => server.close());

  const api = await ApiClient.of(server, 'rooms:write', 'calls:read');
  const direct = await api.call<{ room: { number: string } }>('POST', 'rooms', { name: 'direct' });
  const host = await SignalClient.connect(server.url);
  ends.push(() => host.close());
  const { room } = await host.join('office', 'Hana');
  await host.ask('changeRoom', { pin: PIN });

  const config = join(folder, 'bridge.yaml');
  await writeFile(config, await bridgeSettings(asterisk, direct.body.room.number));
  const bridge = await startBridgeApart(config, server.url);
  ends.push(() => bridge.stop());
  const browser = async (index: 0 | 1, ...args: string[]): Promise<Browser> => {
    const launched = await launchChromium({ persona: personas[index], args });
    ends.push(() => launched.close());
    return launched;
  };
  const phone = async (user: AsteriskUser, tone: number): Promise<Baresip> => {
    const made = await Baresip.start({ user, password: asterisk.passwordOf(user), kamailio: asterisk, tone });
    ends.push(() => made.close());
    return made;
  };
  const [page, reception, kitchen] = await Promise.all([
    browser(0).then((its) => RoomPage.join(its, { serverUrl: server.url, room: 'office', name: ana.name })),
    phone('101', TONES.reception),
    phone('102', TONES.kitchen),
  ]);
  return {
    ...{ asterisk, server, host, page, reception, kitchen, phone, stop },
    keys: `${room.number}#${PIN}#`,
    webPhone: async () =>
      WebPhone.register(
        await browser(1, `--ignore-certificate-errors-spki-list=${asterisk.publicKeyHash}`),
        { serverUrl: server.url },
        { kamailio: { wsUrl: asterisk.wssUrl }, user: '201', password: asterisk.passwordOf('201') },
      ),
    trunk: async () => {
      const health = await fetch(new URL('health', server.url));
      return ((await health.json()) as { trunks: unknown[] }).trunks[0];
    },
    calls: async () =>
      (await api.call<{ bridges: BridgeStatus[] }>('GET', 'bridges')).body.bridges.flatMap(
        ({ calls }) => calls,
      ),
    recordOf: (user, reason) =>
      findRecord(
        async () => (await api.call<{ calls: CallRecord[] }>('GET', 'calls')).body.calls,
        user,
        reason,
      ),
  };
}

/** The page's own, for this Asterisk. @param directRoom number of the room that 801 leads into */
async function bridgeSettings(asterisk: Asterisk, directRoom: string): Promise<string> {
  const [, yaml = ''] = /^```yaml\n([^]*?)^```/m.exec(await readFile(ASTERISK_README, 'utf8')) ?? [];
  return replaceAll(yaml, {
    'ws://127.0.0.1:8088/ws': asterisk.wsUrl,
    'from pjsip_users.conf': asterisk.passwordOf('bridge'),
    'domain: pbx.example.org': `domain: ${DOMAIN}`,
    "'123456789'": `'${directRoom}'`,
  });
}

/** Waits until the trunk is registered. */
export async function trunkIsUp({ trunk }: Office): Promise<void> {
  await until('the trunk is registered', trunk, (state) => JSON.stringify(state).includes('"registered"'), {
    timeoutMs: 60_000,
  });
}
