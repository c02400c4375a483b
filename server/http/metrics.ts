/** `/metrics` in the text format of Prometheus. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { BridgeStatus } from '../signalling/bridge-status.ts';
import { refuse } from './errors.ts';
import { createTelephoneMetrics } from './telephone-metrics.ts';
import type { TelephoneMetrics } from './telephone-metrics.ts';

/** What media costs and carries at the moment. */
export interface MediaStats {
  workers: readonly {
    index: number;
    /** Processor time since the worker's start, in seconds. */
    cpuSeconds: number;
    /** Highest resident memory so far, in bytes. */
    maxMemoryBytes: number;
    load: number;
  }[];
  rooms: number;
  routers: number;
  participants: number;
  transports: number;
  publications: number;
  subscriptions: number;
  pipes: number;
  /** In bit/s. */
  bitrateIn: number;
  bitrateOut: number;
  /** 0 to 1. */
  packetLossIn: number;
  packetLossOut: number;
}

export interface MetricsParts {
  metrics: Metrics;
  /** Without a token only this machine may ask. */
  metricsToken: string | null;
}

export interface Metrics extends Pick<TelephoneMetrics, 'callEnded'> {
  /** @param ms from the request to its answer, in ms */
  joinTook(ms: number): void;
  render(): Promise<{ type: string; body: string }>;
}

type Figure = Exclude<keyof MediaStats, 'workers'>;

/** Name and help of the figures that are taken over as they are. */
const FIGURES: Record<Figure, readonly [string, string]> = {
  rooms: ['tertulia_rooms', 'Open rooms'],
  routers: ['tertulia_routers', 'Routers of all rooms'],
  participants: ['tertulia_participants', 'Participants in all rooms'],
  transports: ['tertulia_transports', 'WebRTC transports'],
  publications: ['tertulia_publications', 'Publications in all rooms'],
  subscriptions: ['tertulia_subscriptions', 'Subscriptions, paused ones included'],
  pipes: ['tertulia_pipes', 'Publications piped between routers'],
  bitrateIn: ['tertulia_receive_bits_per_second', 'Media received from participants'],
  bitrateOut: ['tertulia_send_bits_per_second', 'Media sent to participants'],
  packetLossIn: ['tertulia_receive_loss_ratio', 'Packets from participants that were lost, 0 to 1'],
  packetLossOut: ['tertulia_send_loss_ratio', 'Packets to participants that were lost, 0 to 1'],
};

/** Seconds. Most joins take some hundredths. */
const JOIN_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export function createMetrics(
  stats: () => Promise<MediaStats>,
  bridges: () => readonly BridgeStatus[],
): Metrics {
  const register = new Registry();
  // Event-loop delay, processor time and memory of this process.
  collectDefaultMetrics({ register });
  const registers = [register];
  const gauges = Object.entries(FIGURES).map(([figure, [name, help]]) => ({
    figure,
    gauge: new Gauge({ name, help, registers }),
  }));
  const labelNames = ['worker'] as const;
  const cpu = new Counter({
    name: 'tertulia_worker_cpu_seconds_total',
    help: 'Processor time of each media worker',
    labelNames,
    registers,
  });
  const memory = new Gauge({
    name: 'tertulia_worker_max_memory_bytes',
    help: 'Highest resident memory of each media worker',
    labelNames,
    registers,
  });
  const load = new Gauge({
    name: 'tertulia_worker_load',
    help: 'What each media worker carries: participants, routers and consumers, weighed',
    labelNames,
    registers,
  });
  const joins = new Histogram({
    name: 'tertulia_join_seconds',
    help: 'Time from a join to its answer',
    buckets: JOIN_BUCKETS,
    registers,
  });
  const telephones = createTelephoneMetrics(registers);
  return {
    callEnded: (record) => telephones.callEnded(record),
    joinTook: (ms) => joins.observe(ms / 1_000),
    async render() {
      const { workers, ...figures } = await stats();
      const values = new Map<string, number>(Object.entries(figures));
      for (const { figure, gauge } of gauges) gauge.set(values.get(figure) ?? 0);
      // A worker that was replaced counts from the beginning again, as counters may.
      for (const metric of [cpu, memory, load]) metric.reset();
      for (const { index, cpuSeconds, maxMemoryBytes, load: loaded } of workers) {
        const worker = String(index);
        cpu.inc({ worker }, cpuSeconds);
        memory.set({ worker }, maxMemoryBytes);
        load.set({ worker }, loaded);
      }
      telephones.measure(bridges());
      return { type: register.contentType, body: await register.metrics() };
    },
  };
}

export function registerMetrics(app: FastifyInstance, basePath: string, parts: MetricsParts): void {
  for (const path of new Set(['', basePath])) {
    app.get(`${path}/metrics`, async (request, reply) => {
      if (!mayRead(request, parts.metricsToken)) {
        return refuse(reply, 403, 'Metrics are not for everybody.');
      }
      const { type, body } = await parts.metrics.render();
      return reply.type(type).send(body);
    });
  }
}

function mayRead(request: FastifyRequest, token: string | null): boolean {
  if (token !== null) return isSame(request.headers.authorization ?? '', `Bearer ${token}`);
  // What a proxy on this machine passes on does not come from this machine.
  const isForwarded =
    request.headers['x-forwarded-for'] !== undefined || request.headers.forwarded !== undefined;
  return !isForwarded && /^(127\.|::1$|::ffff:127\.)/.test(request.socket.remoteAddress ?? '');
}

/** In a time that tells nothing. */
function isSame(given: string, wanted: string): boolean {
  const [a, b] = [given, wanted].map((text) => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
