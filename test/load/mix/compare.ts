/**
 * What calls in one room cost those who mix them, our bridge and Janus's AudioBridge. Each second the first phone, and
 * once a browser where there is one, sends 20 ms of a tone of its own; when it is heard tells the delay, of which the
 * network has nothing.
 */
import { openDecoder } from '../../../server/bridge/media/codec.ts';
import type { CodecName } from '../../../server/bridge/media/protocol.ts';
import { FRAME_MS } from '../../../server/bridge/media/sound.ts';
import { cpuMs, rssBytes } from '../../helpers/process-tree.ts';
import { sleep } from '../../helpers/wait.ts';
import { janusVersion } from '../circumstances.ts';
import { median, percentile } from '../figures.ts';
import type { Comparison, Row, SideName } from '../figures.ts';
import { openAudioBridge } from './audio-bridge.ts';
import { openBridge } from './bridge.ts';
import type { Browser, Mixer } from './mixer.ts';
import { Ear, LOOP_FRAMES, Phone, materialFor } from './phones.ts';
import type { Material } from './phones.ts';

const CALLS = [1, 10, 50, 100] as const;
/** How many talk, and whether somebody with a browser is there: telephones alone hear each other within the bridge. */
const SCENES = [
  { talking: 0.3, withBrowser: true, title: '30 % talk' },
  { talking: 0.3, withBrowser: false, title: '30 % talk, no browser' },
  { talking: 1, withBrowser: true, title: '100 % talk' },
] as const;
const CODECS: readonly CodecName[] = ['PCMU', 'opus'];
const PITCHES = [310, 430, 550, 670, 790, 910] as const;
/** Jitter buffers and gains have come to rest by then, in ms. */
const SETTLE_MS = 3_000;
const MEASURED_MS = 10_000;
const TICK_MS = 5;
/** Frame of each second in which the first phone, and the browser, send their pulse. */
const PULSE_AT = { phone: 10, browser: 35 } as const;

interface Figures {
  /** Part of a core, in per cent. */
  cpu: number;
  memory: number;
  lateness: { p50: number; p99: number } | null;
  phoneToPhone: number[];
  phoneToBrowser: number[];
  browserToPhone: number[];
}

export async function compareMixes(): Promise<Comparison> {
  const rows: Row[] = [];
  for (const codec of CODECS) rows.push(...(await compareCodec(codec)));
  return { title: 'Calls in one room, ours beside AudioBridge', rows };
}

async function compareCodec(codec: CodecName): Promise<Row[]> {
  const sounds = { codec, materials: await Promise.all(PITCHES.map((pitch) => materialFor(codec, pitch))) };
  const browser = await materialFor('opus', 500);
  const rows: Row[] = [];
  for (const calls of CALLS) {
    for (const { talking, withBrowser, title } of SCENES) {
      const ours = await openBridge(withBrowser);
      const visitor = withBrowser ? { ...ours.browser, material: browser } : null;
      const server = await run(ours, calls, talking, sounds, visitor);
      const janus =
        janusVersion() === null ? null : await run(await openAudioBridge(), calls, talking, sounds, null);
      rows.push(...rowsOf(`${calls} × ${codec}, ${title}`, { server, ...(janus ? { janus } : {}) }));
    }
  }
  return rows;
}

async function run(
  mixer: Mixer,
  calls: number,
  talking: number,
  { codec, materials }: { codec: CodecName; materials: readonly Material[] },
  browser: (Browser & { material: Material }) | null,
): Promise<Figures> {
  // All pulses sound alike. Those of the two senders are half a second apart, and each has its own ear waiting for it.
  const ears = { phone: new Ear(await openDecoder(codec)), browser: new Ear(await openDecoder(codec)) };
  const phones: Phone[] = [];
  for (let i = 0; i < calls; i += 1) {
    const listens =
      i === calls - 1 ? [...(calls > 1 ? [ears.phone] : []), ...(browser ? [ears.browser] : [])] : [];
    const phone = await Phone.open(materials[i % materials.length]!, i + 1, listens);
    await mixer.call(phone, codec);
    phones.push(phone);
  }
  const talkers = Math.ceil(calls * talking);
  const start = performance.now();
  let frame = 0;
  const send = (): void => {
    for (; frame * FRAME_MS <= performance.now() - start; frame += 1) {
      const at = frame % LOOP_FRAMES;
      phones.forEach((phone, i) => {
        const { talk, silence, pulse } = materials[i % materials.length]!;
        const isPulse = i === 0 && at === PULSE_AT.phone;
        if (isPulse) for (const ear of [ears.phone, ...(browser ? [browser.ear] : [])]) ear.sent();
        phone.send(isPulse ? pulse : (i < talkers ? talk : silence)[at]!);
      });
      const isPulse = at === PULSE_AT.browser;
      if (isPulse && browser) ears.browser.sent();
      browser?.send(frame, isPulse, browser.material);
    }
  };
  const timer = setInterval(send, TICK_MS);
  try {
    await sleep(SETTLE_MS);
    const before = { cpu: cpuMs(mixer.pid), at: performance.now() };
    await sleep(MEASURED_MS);
    const cpu = ((cpuMs(mixer.pid) - before.cpu) / (performance.now() - before.at)) * 100;
    return {
      ...{ cpu, memory: rssBytes(mixer.pid) / 2 ** 20, lateness: await mixer.lateness() },
      phoneToPhone: ears.phone.delays,
      phoneToBrowser: browser?.ear.delays ?? [],
      browserToPhone: ears.browser.delays,
    };
  } finally {
    clearInterval(timer);
    for (const phone of phones) phone.close();
    await mixer.close();
  }
}

function rowsOf(what: string, figures: Partial<Record<SideName, Figures>>): Row[] {
  const row = (
    name: string,
    unit: Row['unit'],
    of: (figures: Figures) => number | null | undefined,
  ): Row => ({
    ...{ what: `${name}, ${what}`, unit },
    values: Object.fromEntries(
      Object.entries(figures).flatMap(([side, each]) => {
        const value = of(each);
        return typeof value === 'number' ? [[side, [value]]] : [];
      }),
    ),
  });
  const at = (share: number, all: readonly number[]) => (all.length > 0 ? percentile(all, share) : null);
  const middle = (all: readonly number[]) => (all.length > 0 ? median(all) : null);
  const rows = [
    row('processor time, of one core', '%', ({ cpu }) => cpu),
    row('tick lateness p50', 'ms', ({ lateness }) => lateness?.p50),
    row('tick lateness p99', 'ms', ({ lateness }) => lateness?.p99),
    row('phone to phone p50', 'ms', ({ phoneToPhone }) => middle(phoneToPhone)),
    row('phone to phone p99', 'ms', ({ phoneToPhone }) => at(99, phoneToPhone)),
    row('phone to browser p50', 'ms', ({ phoneToBrowser }) => middle(phoneToBrowser)),
    row('phone to browser p99', 'ms', ({ phoneToBrowser }) => at(99, phoneToBrowser)),
    row('browser to phone p50', 'ms', ({ browserToPhone }) => middle(browserToPhone)),
    row('browser to phone p99', 'ms', ({ browserToPhone }) => at(99, browserToPhone)),
    row('memory (RSS)', 'MiB', ({ memory }) => memory),
  ];
  return rows.filter(({ values }) => Object.keys(values).length > 0);
}
