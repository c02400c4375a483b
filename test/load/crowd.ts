/** Participants of one side that are measured together. */
import { sleep } from '../helpers/wait.ts';
import type { Generator } from './generator/generator.ts';
import type { Plan } from './generator/plan.ts';
import type { Entry, Report } from './generator/protocol.ts';
import { cpuMs } from '../helpers/process-tree.ts';
import { treeCpuMs } from './sides.ts';
import type { Side } from './sides.ts';

/** As many who only watch and listen, unless `change` lets them do more. */
export function people(count: number, change: (i: number) => Partial<Plan> = () => ({})): Plan[] {
  return Array.from({ length: count }, (_, i) => ({
    ...{ room: 'load', name: `Participant ${i}`, microphone: 'none', camera: false, tiles: 0, layer: 0 },
    ...change(i),
  }));
}

/** Long enough for key frames to have been asked for and sent, in ms. */
const SETTLE_MS = 2_000;

/** What some time of forwarding took. */
export interface Cost {
  /** In ms. */
  time: number;
  /** Processor time of the side's processes, in ms. */
  cpu: number;
  /** Of the generator, in ms. */
  generatorCpu: number;
  /** That were forwarded, lost ones included. */
  packets: number;
  bytes: number;
  lost: number;
  sent: number;
  delays: Report['delays'];
  latenessP99Ms: number;
}

export class Crowd {
  readonly side: Side;
  readonly entries: readonly Entry[];
  readonly #generator: Generator;

  private constructor(generator: Generator, side: Side, entries: readonly Entry[]) {
    this.#generator = generator;
    this.side = side;
    this.entries = entries;
  }

  /** @param spacingMs between two who come in @throws Error when one of them could not */
  static async enter(generator: Generator, side: Side, plans: Plan[], spacingMs = 30): Promise<Crowd> {
    return new Crowd(generator, side, await generator.join(side.target, plans, spacingMs));
  }

  get members(): number[] {
    return this.entries.map(({ member }) => member);
  }

  /** While another side is measured. */
  async rest(): Promise<void> {
    await this.#generator.ask('rest', { members: this.members });
  }

  /**
   * Sends, and rests afterwards. Nobody else of this generator may send meanwhile.
   * @throws Error when nothing was received
   */
  async measure(timeMs: number): Promise<Cost> {
    await this.#generator.ask('send', { members: this.members });
    await sleep(SETTLE_MS);
    const before = await this.#state();
    await sleep(timeMs);
    const after = await this.#state();
    await this.rest();
    const { received, sent, delays, latenessP99Ms } = after.report;
    const lost = received.lost - before.report.received.lost;
    const came = received.packets - before.report.received.packets;
    if (came <= 0) throw new Error(`Nothing came from ${this.side.name}.`);
    return {
      time: after.at - before.at,
      cpu: after.cpu - before.cpu,
      generatorCpu: after.generatorCpu - before.generatorCpu,
      packets: came + lost,
      bytes: received.bytes - before.report.received.bytes,
      ...{ lost, sent: sent - before.report.sent, delays, latenessP99Ms },
    };
  }

  /** When each saw the first picture after it wished to join, in ms; null for who has seen none yet. */
  firstFrames(): Promise<(number | null)[]> {
    return this.#generator.ask('firstFrames', { members: this.members });
  }

  /** How many streams each has received something of. */
  streams(): Promise<number[]> {
    return this.#generator.ask('streams', { members: this.members });
  }

  async leave(): Promise<void> {
    await this.#generator.ask('leave', { members: this.members });
  }

  async #state() {
    return {
      report: await this.#generator.ask('report', null),
      cpu: treeCpuMs(this.side.pid),
      generatorCpu: cpuMs(this.#generator.pid),
      at: performance.now(),
    };
  }
}
