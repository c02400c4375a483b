import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import pino from 'pino';
import { Sfu } from '../../../server/sfu/sfu.ts';
import { RtcParticipant } from '../../helpers/rtc-participant.ts';
import type { RtcRoom } from '../../helpers/rtc-participant.ts';
import { freePorts } from '../../helpers/server-process.ts';
import { TestSfu } from '../../helpers/sfu.ts';
import { sleep, steady } from '../../helpers/wait.ts';

let sfu: TestSfu;
beforeEach(async () => (sfu = await TestSfu.start({ workers: 2, maxParticipantsPerRouter: 2 })));
afterEach(() => sfu.close());

const soon = { timeout: 5_000, interval: 10 };

/** Ids by which participants are told apart: those with the same port are on the same worker. */
function portOf({ media }: RtcParticipant): number | undefined {
  return media.connection.transports.send.iceCandidates[0]?.port;
}

async function speak(participant: RtcParticipant, id: string): Promise<void> {
  const [microphone] = await participant.microphone(id);
  microphone.speak();
}

describe('a room that outgrows a router', () => {
  it('goes on with another on another worker, to which is piped what is wanted there', async () => {
    const room = await sfu.openRoom();
    const [a, b, c, d] = await joinAll(room, ['a', 'b', 'c', 'd']);
    expect(new Set([a, b, c, d].map((participant) => portOf(participant!))).size).toBe(2);
    const other = [b, c, d].find((participant) => portOf(participant!) !== portOf(a!))!;
    const [, publication] = await a!.camera('camera');
    await sleep(100);
    expect((await sfu.sfu.stats()).pipes).toBe(0);

    other.show(['camera'], 1280, 720);
    await vi.waitFor(() => expect(other.packetsOf('camera')).toBeGreaterThan(10), soon);
    expect(await sfu.sfu.stats()).toMatchObject({ routers: 2, pipes: 1 });
    // All layers cross.
    await vi.waitFor(() => expect(other.of('camera')?.layers?.spatialLayer).toBe(2), soon);

    // Muting crosses as well.
    await publication.setMuted(true);
    const before = await steady('nothing of it comes', () => other.packetsOf('camera'));
    await publication.setMuted(false);
    await vi.waitFor(() => expect(other.packetsOf('camera')).toBeGreaterThan(before), soon);

    other.show([]);
    await vi.waitFor(async () => expect((await sfu.sfu.stats()).pipes).toBe(0), {
      timeout: 6_000,
      interval: 50,
    });
    other.show(['camera']);
    await vi.waitFor(() => expect(other.packetsOf('camera')).toBeGreaterThan(10), soon);
  }, 20_000);

  it('pipes a publication once, however many want it at once', async () => {
    const room = await sfu.openRoom();
    const participants = await joinAll(room, ['a', 'b', 'c', 'd', 'e', 'f']);
    const [a] = participants;
    const others = participants.filter((participant) => portOf(participant) !== portOf(a!));
    expect(others.length).toBeGreaterThan(1);
    await speak(a!, 'voice');
    await vi.waitFor(() => {
      for (const other of others) expect(other.packetsOf('voice')).toBeGreaterThan(5);
    }, soon);
    expect((await sfu.sfu.stats()).pipes).toBe(1);
  });

  it('shrinks again when the others have left', async () => {
    const room = await sfu.openRoom();
    const participants = await joinAll(room, ['a', 'b', 'c', 'd']);
    expect((await sfu.sfu.stats()).routers).toBe(2);
    const [a] = participants;
    for (const participant of participants) if (portOf(participant) !== portOf(a!)) participant.leave();
    await speak(a!, 'voice');
    expect((await sfu.sfu.stats()).routers).toBe(1);
  });
});

describe('a worker that is killed', () => {
  it('is replaced, and its participants go on over new transports; others keep theirs', async () => {
    const room = await sfu.openRoom();
    const participants = await joinAll(room, ['a', 'b', 'c', 'd']);
    const undisturbed = await sfu.openRoom('undisturbed');
    const [victim] = sfu.sfu.workers;
    await Promise.all(participants.map((participant) => speak(participant, `${participant.id}-voice`)));
    await vi.waitFor(() => {
      for (const participant of participants) expect(participant.received.size).toBe(3);
    }, soon);

    const start = performance.now();
    process.kill(victim!.pid, 'SIGKILL');
    await vi.waitFor(() => expect(participants.filter(({ resets }) => resets > 0).length).toBe(2), soon);
    const told = performance.now() - start;
    const affected = participants.filter(({ resets }) => resets > 0);
    const others = participants.filter(({ resets }) => resets === 0);
    await room.recovery;
    await Promise.all(affected.map((participant) => speak(participant, `${participant.id}-voice-again`)));
    await vi.waitFor(() => {
      for (const { id } of affected) {
        for (const other of participants.filter((participant) => participant.id !== id)) {
          expect(other.packetsOf(`${id}-voice-again`)).toBeGreaterThan(0);
        }
      }
      for (const { id } of others) {
        for (const participant of affected) expect(participant.packetsOf(`${id}-voice`)).toBeGreaterThan(0);
      }
    }, soon);
    const back = performance.now() - start;
    console.log(`Told after ${told.toFixed(0)} ms, media back after ${back.toFixed(0)} ms.`);
    expect(back).toBeLessThan(3_000);
    expect(
      others.every(({ id, resets }) => resets === 0 && participants.some((p) => p.of(`${id}-voice`))),
    ).toBe(true);
    // What the lost ones had published is gone for all.
    for (const other of others) {
      for (const { id } of affected) expect(other.of(`${id}-voice`)).toBeUndefined();
    }
    expect(sfu.sfu.workers.map(({ index }) => index)).toEqual([0, 1]);
    expect(sfu.sfu.workers[0]?.pid).not.toBe(victim!.pid);
    await expect(undisturbed.media.connect('late')).resolves.toBeDefined();
  });

  it('is the only one: requests meanwhile are refused, and the room goes on after', async () => {
    const single = await TestSfu.start({ workers: 1 });
    try {
      const room = await single.openRoom();
      const [a, b] = await joinAll(room, ['a', 'b']);
      process.kill(single.sfu.workers[0]!.pid, 'SIGKILL');
      await vi.waitFor(() => expect(single.sfu.workers.length).toBe(0), { ...soon, interval: 1 });
      await expect(a!.media.restartIce('send')).rejects.toMatchObject({ code: 'media-unavailable' });
      await vi.waitFor(() => expect([a!.resets, b!.resets]).toEqual([1, 1]), soon);
      await room.recovery;
      await speak(a!, 'voice');
      await vi.waitFor(() => expect(b!.packetsOf('voice')).toBeGreaterThan(5), soon);
    } finally {
      await single.close();
    }
  });

  it('several times in a row is replaced each time', async () => {
    const room = await sfu.openRoom();
    const [a, b, c] = await joinAll(room, ['a', 'b', 'c']);
    for (let round = 1; round <= 3; round += 1) {
      for (const { pid } of sfu.sfu.workers) process.kill(pid, 'SIGKILL');
      await vi.waitFor(
        () => expect([a!, b!, c!].map(({ resets }) => resets)).toEqual([round, round, round]),
        soon,
      );
      await room.recovery;
    }
    await speak(a!, 'voice');
    await vi.waitFor(() => expect(c!.packetsOf('voice')).toBeGreaterThan(5), soon);
  });
});

describe('workers', () => {
  it('carry rooms evenly', async () => {
    for (const name of ['one', 'two', 'three', 'four']) await sfu.openRoom(name);
    const { workers } = await sfu.sfu.stats();
    expect(workers.map(({ load }) => load)).toEqual([2, 2]);
  });

  it('use the ports that they were given, one each', async () => {
    const rtcPort = await freePorts(2);
    const ported = await TestSfu.start({ rtcPort, maxParticipantsPerRouter: 1 });
    try {
      const participants = await joinAll(await ported.openRoom(), ['a', 'b']);
      expect(participants.map(portOf).sort()).toEqual([rtcPort, rtcPort + 1]);
    } finally {
      await ported.close();
    }
  });

  it('end with the SFU, which refuses rooms from then on', async () => {
    const pids = sfu.sfu.workers.map(({ pid }) => pid);
    await Promise.all([sfu.sfu.close(), sfu.sfu.close()]);
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    await expect(sfu.openRoom()).rejects.toMatchObject({ code: 'media-unavailable' });
  });

  it('are not closed by a signal before the server has drained', () => {
    expect(process.listeners('SIGTERM').length).toBe(0);
  });

  it('that can not listen let none start', async () => {
    const options = {
      ...{ workers: 2, maxParticipantsPerRouter: 2, loudest: 6 },
      bridgeListen: { ip: '127.0.0.1' },
    };
    const start = (rtcPort: number, ip: string) =>
      Sfu.start({ ...options, rtcPort, listen: [{ ip }] }, pino({ level: 'silent' }));
    await expect(start(0, '0.0.0.0')).rejects.toThrow('announced address');
    await expect(start(await freePorts(2), '192.0.2.1')).rejects.toThrow('could not be started');
  });
});

function joinAll(room: RtcRoom, ids: readonly string[]): Promise<RtcParticipant[]> {
  return Promise.all(ids.map((id) => RtcParticipant.join(room, id)));
}
