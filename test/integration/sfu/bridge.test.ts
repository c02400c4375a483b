/** A bridge in a room: its callers are heard, and hear whom they should, whatever becomes of workers. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BridgeEnd } from '../../helpers/bridge-end.ts';
import { RtcParticipant } from '../../helpers/rtc-participant.ts';
import type { RtcRoom } from '../../helpers/rtc-participant.ts';
import { TestSfu } from '../../helpers/sfu.ts';
import { steady } from '../../helpers/wait.ts';

const soon = { timeout: 5_000, interval: 10 };

let sfu: TestSfu;
let room: RtcRoom;
let bridge: BridgeEnd;
beforeEach(async () => {
  sfu = await TestSfu.start({ workers: 2 });
  room = await sfu.openRoom();
  bridge = await BridgeEnd.open(room);
});
afterEach(async () => {
  bridge.close();
  await sfu.close();
});

describe('a bridge', () => {
  it('hears the room and not its own callers, whom the room hears', async () => {
    const ana = await RtcParticipant.join(room, 'ana');
    const [microphone] = await ana.microphone('ana-voice');
    microphone.speak();
    const [first, second] = [
      await bridge.call('first', 'first-voice'),
      await bridge.call('second', 'second-voice'),
    ];
    first.voice.speak();
    second.voice.speak();

    await vi.waitFor(() => {
      expect(bridge.heardIn(100)).toEqual([...bridge.voices]);
      expect(bridge.voices.size).toBe(1);
      expect(ana.packetsOf('first-voice')).toBeGreaterThan(10);
      expect(ana.packetsOf('second-voice')).toBeGreaterThan(10);
    }, soon);
  });

  it('has a caller who can be dominant speaker, be muted, and go', async () => {
    const ana = await RtcParticipant.join(room, 'ana');
    const caller = await bridge.call('caller', 'caller-voice');
    caller.voice.speak();
    await vi.waitFor(() => expect(room.dominantSpeakers.at(-1)).toBe('caller'), soon);

    await caller.publication.setMuted(true);
    await steady('a muted caller is not heard', () => ana.packetsOf('caller-voice'));

    caller.publication.close();
    await vi.waitFor(() => expect(ana.of('caller-voice')).toBeUndefined(), soon);
  });

  it('gets no more voices than the loudest few, and hears of each that goes', async () => {
    const many = await Promise.all(
      Array.from({ length: 9 }, (_, i) => RtcParticipant.join(room, `speaker-${i}`)),
    );
    for (const [i, speaker] of many.entries()) (await speaker.microphone(`voice-${i}`))[0].speak();
    await vi.waitFor(() => expect(bridge.heardIn(100).length).toBe(6), soon);
    for (const speaker of many) speaker.leave();
    await vi.waitFor(() => expect(bridge.voices.size).toBe(0), soon);
  });

  it('meets the callers of another bridge', async () => {
    const other = await BridgeEnd.open(room);
    try {
      const [mine, theirs] = [
        await bridge.call('mine', 'my-voice'),
        await other.call('theirs', 'their-voice'),
      ];
      mine.voice.speak();
      theirs.voice.speak();
      await vi.waitFor(() => {
        expect(bridge.heardIn(100).length).toBe(1);
        expect(other.heardIn(100).length).toBe(1);
      }, soon);
    } finally {
      other.close();
    }
  });

  it('goes on at another worker when its own is lost', async () => {
    const ana = await RtcParticipant.join(room, 'ana');
    process.kill(sfu.sfu.workers[0]!.pid, 'SIGKILL');
    process.kill(sfu.sfu.workers[1]!.pid, 'SIGKILL');
    await vi.waitFor(() => expect(bridge.resets).toBe(1), soon);
    await vi.waitFor(() => expect(ana.resets).toBe(1), soon);
    await room.recovery;
    const caller = await bridge.call('caller', 'voice-again');
    caller.voice.speak();
    const [microphone] = await ana.microphone('ana-again');
    microphone.speak();
    await vi.waitFor(() => {
      expect(ana.packetsOf('voice-again')).toBeGreaterThan(10);
      expect(bridge.heardIn(100)).toEqual([...bridge.voices]);
      expect(bridge.voices.size).toBe(1);
    }, soon);
  });

  it('has callers whose bitrates are known, with an equal part of what all of them hear', async () => {
    const ana = await RtcParticipant.join(room, 'ana');
    (await ana.microphone('ana-voice'))[0].speak();
    const [speaker] = [await bridge.call('speaker', 'voice'), await bridge.call('listener', 'silence')];
    speaker.voice.speak();
    await vi.waitFor(async () => {
      const { rooms } = await sfu.sfu.costs();
      const of = (id: string) => rooms[0]?.participants.find(({ participantId }) => participantId === id);
      const [speaking, listening] = [of('speaker'), of('listener')];
      expect(speaking?.bitrateIn).toBeGreaterThan(1_000);
      expect(listening?.bitrateIn).toBe(0);
      expect(speaking?.bitrateOut).toBeGreaterThan(1_000);
      expect(listening?.bitrateOut).toBe(speaking?.bitrateOut);
      expect((await sfu.sfu.stats()).bitrateOut).toBeGreaterThan(2 * speaking!.bitrateOut);
    }, soon);
  });

  it('leaves nothing behind', async () => {
    const ana = await RtcParticipant.join(room, 'ana');
    await ana.microphone('ana-voice');
    await vi.waitFor(() => expect(bridge.voices.size).toBe(1), soon);
    // Its level is listened for as well, which takes the worker several steps.
    const before = await steady('the workers hold all of it', () => sfu.held());
    const other = await BridgeEnd.open(room);
    await other.call('caller', 'voice');
    await vi.waitFor(() => expect(other.voices.size).toBe(1), soon);
    other.close();
    await vi.waitFor(async () => expect(await sfu.held()).toBe(before), soon);
  });
});

describe('a bridge on another machine', () => {
  it('gets keys with which nobody else can listen', async () => {
    const secured = await TestSfu.start({ bridgeListen: { ip: '0.0.0.0', announcedAddress: '127.0.0.1' } });
    try {
      const end = await BridgeEnd.open(await secured.openRoom());
      const { srtp, ip } = end.link;
      expect(ip).toBe('127.0.0.1');
      expect(srtp).not.toBeNull();
      const keys = [srtp!.bridge.keyBase64, srtp!.server.keyBase64].map((key) => Buffer.from(key, 'base64'));
      expect(keys.map(({ length }) => length)).toEqual([28, 28]);
      expect(keys[0]!.equals(keys[1]!)).toBe(false);
      end.close();
    } finally {
      await secured.close();
    }
  });
});
