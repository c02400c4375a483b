/** Figures of telephones, for `/metrics`. */
import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import { faults, trunkStates } from '../signalling/contract/bridge.ts';
import type { CallRecord } from '../signalling/contract/bridge.ts';
import type { BridgeStatus } from '../signalling/bridge-status.ts';

export interface TelephoneMetrics {
  /** A call has ended. */
  callEnded(record: CallRecord): void;
  /** Takes over how bridges are now. */
  measure(bridges: readonly BridgeStatus[]): void;
}

const directions = ['inbound', 'outbound'] as const;

export function createTelephoneMetrics(registers: Registry[]): TelephoneMetrics {
  const bridgeCount = new Gauge({ name: 'tertulia_bridges', help: 'Bridges to telephones', registers });
  const trunkCount = new Gauge({
    name: 'tertulia_trunks',
    help: 'Trunks of all bridges, by state',
    labelNames: ['state'] as const,
    registers,
  });
  const trunkCalls = new Gauge({
    name: 'tertulia_trunk_calls',
    help: 'Calls over each trunk, those included that have not come to a room yet',
    labelNames: ['trunk'] as const,
    registers,
  });
  const roomCalls = new Gauge({
    name: 'tertulia_calls_in_rooms',
    help: 'Calls in rooms, by direction',
    labelNames: ['direction'] as const,
    registers,
  });
  const cpu = new Gauge({
    name: 'tertulia_bridge_cpu_ratio',
    help: 'Processor time of the busiest bridge for media, part of one core',
    registers,
  });
  const lateness = new Gauge({
    name: 'tertulia_bridge_lateness_seconds',
    help: 'How late ticks of the mixer began over ten seconds, at the bridge that was latest',
    labelNames: ['quantile'] as const,
    registers,
  });
  const refusing = new Gauge({
    name: 'tertulia_bridges_refusing',
    help: 'Bridges that take no more calls',
    registers,
  });
  const ended = new Counter({
    name: 'tertulia_calls_ended_total',
    help: 'Calls that have ended, by direction and by whose doing; nobody: as calls should',
    labelNames: ['direction', 'fault'] as const,
    registers,
  });
  // A series that begins at 0 shows its first increase.
  for (const direction of directions) for (const fault of faults) ended.inc({ direction, fault }, 0);

  return {
    callEnded: ({ direction, fault }) => ended.inc({ direction, fault }),
    measure(bridges) {
      const trunks = bridges.flatMap((bridge) => bridge.trunks);
      const calls = bridges.flatMap((bridge) => bridge.calls);
      const loads = bridges.flatMap(({ load }) => load ?? []);
      bridgeCount.set(bridges.length);
      for (const state of trunkStates) {
        trunkCount.set({ state }, trunks.filter((trunk) => trunk.state === state).length);
      }
      // Several bridges may have a trunk of one name.
      trunkCalls.reset();
      for (const { name: trunk, calls: count } of trunks) trunkCalls.inc({ trunk }, count);
      for (const direction of directions) {
        const there = calls.filter((call) => call.direction === direction && call.state === 'in-room');
        roomCalls.set({ direction }, there.length);
      }
      cpu.set(Math.max(0, ...loads.map((load) => load.cpu)));
      lateness.set({ quantile: '0.5' }, Math.max(0, ...loads.map((load) => load.latenessP50Ms)) / 1_000);
      lateness.set({ quantile: '0.99' }, Math.max(0, ...loads.map((load) => load.latenessP99Ms)) / 1_000);
      refusing.set(loads.filter((load) => load.refusing).length);
    },
  };
}
