/**
 * What forwarding a packet costs: processor time of the whole process tree, by the packets that receivers get. The
 * same participants send the same packets to the server and to the bare one; they run in this process, whose time
 * does not count.
 */
import { closeLibrary } from '../helpers/rtc-end.ts';
import { childrenOf, cpuMs } from '../helpers/process-tree.ts';
import { ServerProcess } from '../helpers/server-process.ts';
import { SignalledParticipant } from '../helpers/signalled-participant.ts';
import { sleep } from '../helpers/wait.ts';
import { BareParticipant } from './bare/participant.ts';
import { BareServer } from './bare/process.ts';
import { median, spread } from './figures.ts';
import type { Comparison, Row } from './figures.ts';

const ROOMS = [6, 12] as const;
const ROUNDS = 5;
const ROUND_MS = 8_000;
const SETTLE_MS = 3_000;

/** A room full of participants, each of whom speaks, shows a camera, and receives all others. */
interface Load {
  pid: number;
  /** Packets of media that were received in all. */
  packets: () => number;
  /** Stops and starts what all send: while one side is measured, the other rests. */
  setSending: (sending: boolean) => void;
  close: () => Promise<void>;
}

export async function compareForwarding(): Promise<Comparison> {
  const rows: Row[] = [];
  for (const participants of ROOMS) rows.push(...(await compare(participants)));
  closeLibrary();
  return { title: 'Processor time for forwarding', rows };
}

async function compare(participants: number): Promise<Row[]> {
  const [ours, bare] = [await loadOurs(participants), await loadBare(participants)];
  const [oursCosts, bareCosts]: Cost[][] = [[], []];
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      oursCosts!.push(await measure(ours));
      bareCosts!.push(await measure(bare));
    }
  } finally {
    await Promise.all([ours.close(), bare.close()]);
  }
  const row = (what: string, unit: Row['unit'], of: (cost: Cost) => number): Row => ({
    what: `${what}, ${participants} participants`,
    unit,
    ours: median(oursCosts!.map(of)),
    bare: median(bareCosts!.map(of)),
    note: `server ${spread(oursCosts!.map(of))}; bare ${spread(bareCosts!.map(of))}`,
  });
  return [
    row('a forwarded packet', 'µs', ({ cpu, packets }) => (cpu / packets) * 1_000),
    row('all, of one processor', '%', ({ cpu, time }) => (cpu / time) * 100),
  ];
}

interface Cost {
  /** Processor time, in ms. */
  cpu: number;
  packets: number;
  /** In ms. */
  time: number;
}

async function measure({ pid, packets, setSending }: Load): Promise<Cost> {
  setSending(true);
  await sleep(SETTLE_MS);
  const before = { cpu: treeCpuMs(pid), packets: packets(), time: performance.now() };
  await sleep(ROUND_MS);
  const after = { cpu: treeCpuMs(pid), packets: packets(), time: performance.now() };
  setSending(false);
  return {
    cpu: after.cpu - before.cpu,
    packets: after.packets - before.packets,
    time: after.time - before.time,
  };
}

function treeCpuMs(pid: number): number {
  return [pid, ...childrenOf(pid).map((child) => child.pid)].reduce((sum, each) => sum + cpuMs(each), 0);
}

async function loadOurs(count: number): Promise<Load> {
  // Everybody hears everybody, as beside it; of the room's one router, like there.
  const server = await ServerProcess.start({ env: { WORKERS: '1', LOUDEST: String(count) } });
  const members = await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const participant = await SignalledParticipant.join(server.url, 'forwarding', `Sender ${i}`);
      const { microphone } = await participant.microphone();
      return { participant, microphone, ...(await participant.camera()) };
    }),
  );
  const cameras = members.map(({ publicationId }) => publicationId);
  for (const { participant, publicationId } of members) {
    await participant.show(
      cameras.filter((id) => id !== publicationId),
      1_280,
      720,
    );
  }
  return {
    pid: server.pid,
    packets: () =>
      sum(members.flatMap(({ participant }) => [...participant.received.values()].map((s) => s.packets))),
    setSending: (sending) => {
      for (const { microphone, camera } of members) switchSending(sending, microphone, camera);
    },
    close: async () => {
      for (const { participant } of members) participant.vanish();
      await server.close();
    },
  };
}

async function loadBare(count: number): Promise<Load> {
  const server = await BareServer.start();
  const members = await Promise.all(Array.from({ length: count }, () => BareParticipant.join(server.url)));
  for (const member of members) await member.receiveAll();
  return {
    pid: server.pid,
    packets: () => sum(members.map(({ packets }) => packets)),
    setSending: (sending) => {
      for (const { microphone, camera } of members) switchSending(sending, microphone, camera);
    },
    close: async () => {
      for (const member of members) member.vanish();
      await server.close();
    },
  };
}

function switchSending(
  sending: boolean,
  microphone: BareParticipant['microphone'],
  camera: BareParticipant['camera'],
): void {
  if (sending) {
    microphone.speak();
    camera.start();
  } else {
    microphone.hush();
    camera.pause();
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
