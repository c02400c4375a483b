/** UDP ports of a range, for phones' media. */
import { afterEach, describe, expect, it } from 'vitest';
import { UdpPair } from '../../../server/bridge/leg/udp.ts';
import { freePorts } from '../../helpers/server-process.ts';

const IP = '127.0.0.1';
const PAIRS = 30;

const open: UdpPair[] = [];
afterEach(() => {
  for (const pair of open.splice(0)) pair.close();
});

async function openPair(ports: { min: number; max: number }): Promise<UdpPair> {
  const pair = await UdpPair.open({ listenIp: IP, ports });
  open.push(pair);
  return pair;
}

describe('a range of ports', () => {
  it.each(['even', 'odd'] as const)(
    'that begins with an %s one is used up to its last pair',
    async (begins) => {
      const free = await freePorts(2 * PAIRS + 2);
      const first = free + (free % 2);
      const ports = { min: begins === 'even' ? first : first - 1, max: first + 2 * PAIRS - 1 };
      for (let i = 0; i < PAIRS; i += 1) await openPair(ports);
      const taken = open.map(({ port }) => port).sort((a, b) => a - b);
      expect(taken).toEqual(Array.from({ length: PAIRS }, (_, i) => first + 2 * i));

      await expect(openPair(ports)).rejects.toMatchObject({ code: 'no-port' });
      const [gone] = open.splice(PAIRS / 2, 1);
      gone!.close();
      expect((await openPair(ports)).port).toBe(gone!.port);
    },
  );
});
