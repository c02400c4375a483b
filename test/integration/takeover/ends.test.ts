/** How a take-over ends: with the last room, at its time, by force, before it has begun, and with the next one. */
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { connectToAll } from '../../../server/takeover/sockets.ts';
import { BridgeClient } from '../../helpers/bridge-client.ts';
import { SignalClient } from '../../helpers/signal-client.ts';
import { BRIDGE_SECRET } from '../../helpers/signalled-server.ts';
import type { ServerProcess } from '../../helpers/server-process.ts';
import { Upgrades } from '../../helpers/upgrades.ts';
import { sleep, until } from '../../helpers/wait.ts';

/** Several servers are started one after the other, in ms. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const upgrades = new Upgrades();

afterEach(() => upgrades.close());

async function joined(server: ServerProcess, room: string, name: string) {
  const client = await SignalClient.connect(server.url, room);
  return { client, answer: await client.join(room, name) };
}

describe('A server that was taken over', () => {
  it('ends its rooms at the given time, and who was there comes back at the new one', async () => {
    const old = await upgrades.first();
    const { client: ana, answer } = await joined(old, 'room', 'Ana');
    await ana.ask('chat', { text: 'We were here.' });
    const next = await upgrades.next(old, { TAKE_OVER_SECONDS: '2' });
    const { deadline } = await ana.told('serverDraining');
    expect(deadline - Date.now()).toBeLessThan(2_000);
    expect(await ana.told('ended')).toEqual({ type: 'ended', reason: 'server-stopping', by: null });
    expect(await old.ended()).toBe(0);

    const back = await SignalClient.connect(next.url, 'room');
    const again = await back.join('room', 'Ana', { token: answer.token, lastEvent: ana.lastEvent });
    expect(again).toMatchObject({ resumed: false, role: 'host' });
    expect(again.chat.map(({ text }) => text)).toEqual(['We were here.']);
    back.close();
  });

  it('is not told of to people until the end is near, those who come in by the new one among them', async () => {
    const old = await upgrades.first();
    const { client: ana } = await joined(old, 'room', 'Ana');
    const { client: ben } = await joined(await upgrades.next(old), 'room', 'Ben');
    await ana.ask('chat', { text: 'Has anything happened?' });
    for (const client of [ana, ben]) {
      await client.told('chatMessage');
      expect(client.events.map(({ type }) => type)).not.toContain('serverDraining');
    }
    ana.mutter('leave', {});
    ben.mutter('leave', {});
    expect(await old.ended()).toBe(0);
  });

  it('and is then asked to stop tells people and bridges once, of the end that comes first', async () => {
    const old = await upgrades.first({ DRAIN_SECONDS: '600', BRIDGE_SECRET });
    const { client: ana } = await joined(old, 'room', 'Ana');
    const bridge = await BridgeClient.connect(old.url);
    // People would be told a minute before the end: in two seconds.
    const before = Date.now();
    const next = await upgrades.next(old, { TAKE_OVER_SECONDS: '62' });
    process.kill(old.pid, 'SIGTERM');
    const { deadline } = await ana.told('serverDraining');
    expect(deadline).toBeLessThan(Date.now() + 62_000);
    expect(deadline).toBeGreaterThan(before + 62_000);
    const { client: ben } = await joined(next, 'room', 'Ben');
    await ben.told('serverDraining');
    await sleep(deadline - 60_000 + 500 - Date.now());
    for (const client of [ana, ben]) {
      const told = client.events.filter(({ type }) => type === 'serverDraining');
      expect(told).toEqual([{ type: 'serverDraining', deadline }]);
    }
    expect(bridge.notices).toEqual([{ deadline, takenOver: true }, { deadline }]);
    bridge.close();
    ana.mutter('leave', {});
    ben.mutter('leave', {});
    expect(await old.ended()).toBe(0);
  });

  it('and is killed leaves its rooms to the new one', async () => {
    const old = await upgrades.first();
    const { client: ana, answer } = await joined(old, 'room', 'Ana');
    const next = await upgrades.next(old);
    const { client: ben } = await joined(next, 'elsewhere', 'Ben');
    await old.kill();
    await ana.disconnected();
    await until(
      'the new one knows',
      () => next.log,
      (log) => log.includes('the server before has died'),
    );
    const back = await SignalClient.connect(next.url, 'room');
    const again = await back.join('room', 'Ana', { token: answer.token, lastEvent: ana.lastEvent });
    expect(again).toMatchObject({ resumed: false, role: 'host' });
    // Whoever was at the new one already was not cut off.
    await ben.ask('chat', { text: 'Still here.' });
    const { csv } = await ben.ask('exportAttendance', {});
    expect(csv.trim().split('\n')).toHaveLength(2);
    for (const client of [ben, back]) client.close();
  });

  it('goes on with its rooms when the new one is killed, and the next one finds them there', async () => {
    const old = await upgrades.first();
    const { client: ana } = await joined(old, 'room', 'Ana');
    await (await upgrades.next(old)).kill();
    await ana.ask('chat', { text: 'Nothing has happened.' });
    const third = await upgrades.next(old);
    const { client: ben, answer } = await joined(third, 'room', 'Ben');
    expect(answer.participants.map(({ name }) => name).sort()).toEqual(['Ana', 'Ben']);
    await ana.ask('leave', {});
    ben.mutter('leave', {});
    expect(await old.ended()).toBe(0);
  });
});

describe('A server that does not come to serve', () => {
  async function goesOn(old: ServerProcess): Promise<void> {
    await until(
      'the old one serves',
      () =>
        fetch(new URL('health/ready', old.url)).then(
          ({ status }) => status,
          () => 0,
        ),
      (status) => status === 200,
    );
    const { client, answer } = await joined(old, 'room', 'Ben');
    expect(answer.participants.map(({ name }) => name).sort()).toEqual(['Ana', 'Ben']);
    const { client: carla } = await joined(old, 'another', 'Carla');
    for (const open of [client, carla]) await open.ask('leave', {});
  }

  it('for a setting, a port that is taken or a folder that is not its own leaves the old one as it was', async () => {
    const old = await upgrades.first();
    const { client: ana } = await joined(old, 'room', 'Ana');
    await expect(upgrades.next(old, { TAKE_OVER_SECONDS: '0' })).rejects.toThrow(/set TAKE_OVER_SECONDS/);
    await expect(upgrades.next(old, { WORKERS: 'two' })).rejects.toThrow(/WORKERS/);
    const inTheWay = createServer().listen(Math.max(...old.rtcPorts) + 1, '127.0.0.1');
    await once(inTheWay, 'listening');
    await expect(upgrades.next(old)).rejects.toThrow(/media worker could not be started/);
    inTheWay.close();
    await goesOn(old);
    // Whoever has the web port that it is to serve on is no predecessor.
    await expect(upgrades.next(old, { HOST: '203.0.113.99' })).rejects.toThrow(/EADDRNOTAVAIL/);
    await goesOn(old);
    expect(ana.connected).toBe(true);
    expect(ana.events.map(({ type }) => type)).not.toContain('serverDraining');
    ana.close();
  });

  it('and dies between the two steps gives the old one its port back', async () => {
    const old = await upgrades.first();
    const { client: ana } = await joined(old, 'room', 'Ana');
    const [successor] = await connectToAll(old.dataDir);
    successor!.write(`${JSON.stringify({ ask: 'hold' })}\n`);
    await once(successor!, 'data');
    await expect(fetch(old.url)).rejects.toThrow('fetch failed');
    successor!.destroy();
    await goesOn(old);
    ana.close();
  });

  it('and says what is not understood is not listened to', async () => {
    const old = await upgrades.first();
    const { client: ana } = await joined(old, 'room', 'Ana');
    for (const words of ['what?', '{"ask":"yield","seconds":1}', '{"ask":"yield","seconds":-1}', '{}']) {
      const [stranger] = await connectToAll(old.dataDir);
      const closed = new Promise((resolve) => stranger!.on('error', () => {}).once('close', resolve));
      stranger!.write(`${words}\n`);
      await closed;
    }
    await goesOn(old);
    ana.close();
  });
});

describe('The next take-over', () => {
  it('waits for the end of the one before, then takes the media ports in turn', async () => {
    const first = await upgrades.first();
    const { client: ana, answer } = await joined(first, 'room', 'Ana');
    const second = await upgrades.next(first);
    await expect(upgrades.next(second)).rejects.toThrow(/the last take-over goes on/);
    const { client: ben, answer: bens } = await joined(second, 'new', 'Ben');
    ana.mutter('leave', {});
    expect(await first.ended()).toBe(0);
    const third = await upgrades.next(second);
    const { client: carla, answer: carlas } = await joined(third, 'third', 'Carla');
    const port = ({ transports }: typeof answer): number => transports.send.iceCandidates[0]!.port;
    expect(first.rtcPorts).toContain(port(answer));
    expect(first.rtcPorts).not.toContain(port(bens));
    expect(first.rtcPorts).toContain(port(carlas));
    ben.mutter('leave', {});
    expect(await second.ended()).toBe(0);
    carla.close();
    await third.stop();
    expect(await readdir(join(first.dataDir, 'running'))).toEqual([]);
  });

  it('finds nothing of a server that was killed', async () => {
    const first = await upgrades.first();
    await first.kill();
    const second = await upgrades.next(first);
    expect(await readdir(join(first.dataDir, 'running'))).toHaveLength(2);
    expect(await second.stop()).toBe(0);
  });
});
