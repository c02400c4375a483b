/** What the process tree holds in memory, idle and with a small room, with one worker a processor. */
import { availableParallelism } from 'node:os';
import { closeLibrary } from '../helpers/rtc-end.ts';
import { childrenOf, rssBytes } from '../helpers/process-tree.ts';
import { ServerProcess } from '../helpers/server-process.ts';
import { SignalledParticipant } from '../helpers/signalled-participant.ts';
import { sleep } from '../helpers/wait.ts';
import { BareParticipant } from './bare/participant.ts';
import { BareServer } from './bare/process.ts';
import type { Comparison } from './figures.ts';

const PARTICIPANTS = 6;
/** Long enough for buffers to have grown, and for what was only needed to start to be gone, in ms. */
const SETTLE_MS = 10_000;
const MIB = 1_024 * 1_024;

export async function compareMemory(): Promise<Comparison> {
  const workers = availableParallelism();
  const server = await ServerProcess.start({ env: { WORKERS: String(workers), NODE_ENV: 'production' } });
  const bare = await BareServer.start();
  const measured = async () => {
    await sleep(SETTLE_MS);
    return { ours: treeMiB(server.pid), bare: treeMiB(bare.pid) };
  };
  const idle = await measured();
  const leave = [...(await fillOurs(server.url)), ...(await fillBare(bare.url))];
  const busy = await measured();
  for (const vanish of leave) vanish();
  closeLibrary();
  await Promise.all([server.close(), bare.close()]);
  return {
    title: `Memory (RSS) of the process tree: server and ${workers} workers beside one process and one worker`,
    rows: [
      { what: 'idle', unit: 'MiB', ...idle },
      { what: `${PARTICIPANTS} participants in one room`, unit: 'MiB', ...busy },
    ],
  };
}

async function fillOurs(url: string): Promise<(() => void)[]> {
  const members = await Promise.all(
    Array.from({ length: PARTICIPANTS }, async (_, i) => {
      const participant = await SignalledParticipant.join(url, 'memory', `Sender ${i}`);
      const { microphone } = await participant.microphone();
      microphone.speak();
      const { publicationId } = await participant.camera();
      return { participant, publicationId };
    }),
  );
  for (const { participant, publicationId } of members) {
    const others = members.map((member) => member.publicationId).filter((id) => id !== publicationId);
    await participant.show(others, 1_280, 720);
  }
  return members.map(
    ({ participant }) =>
      () =>
        participant.vanish(),
  );
}

async function fillBare(url: string): Promise<(() => void)[]> {
  const members = await Promise.all(Array.from({ length: PARTICIPANTS }, () => BareParticipant.join(url)));
  for (const member of members) {
    await member.receiveAll();
    member.microphone.speak();
    member.camera.start();
  }
  return members.map((member) => () => member.vanish());
}

function treeMiB(pid: number): number {
  return (
    [pid, ...childrenOf(pid).map((child) => child.pid)].reduce((sum, each) => sum + rssBytes(each), 0) / MIB
  );
}
