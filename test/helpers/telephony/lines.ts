/** A PBX with a bridge and telephones at it: what most tests of telephony begin with. */
import type { CallEnd } from '../../../server/bridge/sip/call.ts';
import { until } from '../wait.ts';
import { Baresip } from './baresip.ts';
import type { BaresipOptions } from './baresip.ts';
import { BRIDGE_PASSWORD, startBridge } from './bridge.ts';
import type { TestBridge, TestBridgeOptions } from './bridge.ts';
import { hears as hearsTones } from './hearing.ts';
import { CONFERENCE_NUMBER, startKamailio } from './kamailio.ts';
import type { Kamailio, KamailioOptions } from './kamailio.ts';
import type { Guest } from './open-door.ts';
import { startRtpengine } from './rtpengine.ts';

/** The tone of each phone, in Hz: none near a harmonic of another. */
export const TONES = { alice: 440, bob: 620, carol: 810 } as const;
export type Name = keyof typeof TONES;

/** Phones' passwords are their names with something to them. */
export function passwordOf(name: Name): string {
  return `${name}-password`;
}

/** All that Kamailio knows, with their passwords. */
export const USERS = {
  ...{ alice: passwordOf('alice'), bob: passwordOf('bob'), carol: passwordOf('carol') },
  bridge: BRIDGE_PASSWORD,
};

export interface LinesOptions {
  /** Names of phones. */
  phones: readonly Name[];
  /** Media between Kamailio's browsers and telephones by rtpengine, which makes the bridge a browser. */
  rtpengine?: boolean;
  kamailio?: Partial<KamailioOptions>;
  /** Lets the bridge reach Kamailio's WebSocket by another way. @returns its URL */
  way?: (kamailio: Kamailio) => Promise<string>;
  bridge?: Omit<TestBridgeOptions, 'kamailio'>;
  phone?: Partial<BaresipOptions>;
}

export interface Lines {
  kamailio: Kamailio;
  bridge: TestBridge;
  /** Gives the phone of that name. */
  phone: (name: Name) => Baresip;
  /** All phones hang up, and the bridge notices. For the end of each test. */
  hangUp: () => Promise<void>;
  close: () => Promise<void>;
}

export async function openLines(options: LinesOptions): Promise<Lines> {
  const rtpengine = options.rtpengine ? await startRtpengine() : null;
  const kamailio = await startKamailio({
    users: USERS,
    ...(rtpengine ? { rtpengine } : {}),
    ...options.kamailio,
  });
  const wsUrl = (await options.way?.(kamailio)) ?? kamailio.wsUrl;
  const bridge = await startBridge({ kamailio: { wsUrl }, ...options.bridge });
  const phones = new Map<Name, Baresip>();
  for (const name of options.phones) {
    phones.set(
      name,
      await Baresip.start({
        ...{ user: name, password: passwordOf(name), kamailio, tone: TONES[name] },
        ...options.phone,
      }),
    );
  }
  return {
    kamailio,
    bridge,
    phone: (name) => {
      const phone = phones.get(name);
      if (!phone) throw new Error(`${name} has no phone here.`);
      return phone;
    },
    hangUp: async () => {
      for (const phone of phones.values()) phone.hangUp();
      await callsAreOver(bridge);
    },
    close: async () => {
      await Promise.all([...phones.values()].map((phone) => phone.close()));
      await bridge.stop();
      await kamailio.stop();
      await rtpengine?.stop();
    },
  };
}

export async function callsAreOver({ bridge }: TestBridge): Promise<void> {
  await until(
    'all calls are over',
    () => bridge.state.calls,
    (calls) => calls === 0,
  );
}

/** Dials the bridge. @returns the caller, before anything is keyed in */
export async function arrive(
  { bridge }: Lines,
  phone: Baresip,
  number: string = CONFERENCE_NUMBER,
): Promise<Guest> {
  const guests = bridge.door.guests.length;
  phone.dial(number);
  const { answer } = await until(
    `${phone.user} arrives`,
    () => bridge.door.guests.slice(guests).find(({ caller }) => caller.party.number === phone.user),
    (guest) => guest !== undefined,
  );
  if (!answer) throw new Error('A guest who was there is gone.');
  return answer;
}

/** Dials the conference, and keys what is asked for. @returns the caller, in the room */
export async function enter(lines: Lines, phone: Baresip, keys: string): Promise<Guest> {
  const guest = await arrive(lines, phone);
  await phone.key(keys);
  await until(
    `${phone.user} is in the room`,
    () => guest.room,
    (room) => room !== null,
  );
  return guest;
}

/** Waits for the end of a caller's call. */
export async function endOf(guest: Guest): Promise<CallEnd | null> {
  const { answer } = await until(
    'the call is over',
    () => guest.end,
    (end) => end !== null,
    { timeoutMs: 30_000 },
  );
  return answer;
}

/** Waits until a phone hears these, and none of those. */
export async function hears(
  phone: Baresip,
  these: readonly Name[],
  notThose: readonly Name[],
): Promise<void> {
  const tonesOf = (names: readonly Name[]): number[] => names.map((name) => TONES[name]);
  await hearsTones(phone, tonesOf(these), tonesOf(notThose));
}
