import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RtpParameters } from '../../../server/signalling/contract.ts';
import { RtcParticipant } from '../../helpers/rtc-participant.ts';
import { TestSfu } from '../../helpers/sfu.ts';
import { steady } from '../../helpers/wait.ts';

let sfu: TestSfu;
beforeAll(async () => (sfu = await TestSfu.start()));
afterEach(() => sfu.closeRooms());
afterAll(() => sfu.close());

const soon = { timeout: 3_000, interval: 10 };

describe('a room', () => {
  it('carries everybody to all others, and nobody to themselves', async () => {
    const room = await sfu.openRoom();
    const participants = await Promise.all(['a', 'b', 'c'].map((id) => RtcParticipant.join(room, id)));
    for (const participant of participants) {
      const [microphone] = await participant.microphone(`${participant.id}-voice`);
      microphone.speak();
    }
    await vi.waitFor(() => {
      for (const participant of participants) {
        const heard = [...participant.received.values()].filter(({ packets }) => packets > 5);
        const others = participants.filter((other) => other !== participant);
        expect(heard.map(({ info }) => info.participantId).sort()).toEqual(others.map(({ id }) => id));
      }
    }, soon);
  });

  it('forwards nothing of a muted microphone, and all again at once', async () => {
    const room = await sfu.openRoom();
    const [a, b] = await Promise.all(['a', 'b'].map((id) => RtcParticipant.join(room, id)));
    const [microphone, publication] = await a!.microphone('voice');
    microphone.speak();
    await vi.waitFor(() => expect(b!.packetsOf('voice')).toBeGreaterThan(5), soon);
    await publication.setMuted(true);
    const before = await steady('nothing of it comes', () => b!.packetsOf('voice'));
    await publication.setMuted(false);
    await vi.waitFor(() => expect(b!.packetsOf('voice')).toBeGreaterThan(before), soon);
  });

  it('ends with the last of several mutings in a row', async () => {
    const room = await sfu.openRoom();
    const [a, b] = await Promise.all(['a', 'b'].map((id) => RtcParticipant.join(room, id)));
    const [microphone, publication] = await a!.microphone('voice', true);
    microphone.speak();
    const turns = [false, true, false, true, false].map((muted) => publication.setMuted(muted));
    await Promise.all(turns);
    await vi.waitFor(() => expect(b!.packetsOf('voice')).toBeGreaterThan(5), soon);
  });

  it('tells who is the dominant speaker, and when there is none', async () => {
    const room = await sfu.openRoom();
    const [a, b] = await Promise.all(['a', 'b'].map((id) => RtcParticipant.join(room, id)));
    const [microphone] = await a!.microphone('a-voice');
    const [other] = await b!.microphone('b-voice');
    other.speak(80);
    microphone.speak(30);
    await vi.waitFor(() => expect(room.dominantSpeakers).toEqual(['a']), soon);
    microphone.hush();
    await vi.waitFor(() => expect(room.dominantSpeakers).toEqual(['a', null]), { timeout: 5_000 });
  });

  it('tells how well a connection carries media, and nothing while it does', async () => {
    const room = await sfu.openRoom();
    const [a, b] = await Promise.all(['a', 'b'].map((id) => RtcParticipant.join(room, id)));
    const [bad] = await a!.microphone('bad');
    const [fine] = await b!.microphone('fine');
    const [, silent] = await b!.microphone('silent');
    await silent.setMuted(true);
    bad.lossy = true;
    bad.speak();
    fine.speak();
    await vi.waitFor(() => expect(room.qualities).toEqual([['a', 'poor']]), {
      timeout: 15_000,
      interval: 100,
    });
  }, 20_000);

  it('gives new ICE parameters for a restart', async () => {
    const room = await sfu.openRoom();
    const a = await RtcParticipant.join(room, 'a');
    const before = a.media.connection.transports.send.iceParameters;
    const after = await a.media.restartIce('send');
    expect(after.usernameFragment).not.toBe(before.usernameFragment);
    expect(a.media.connection.transports.send.iceParameters).toEqual(after);
  });

  it('closes the subscriptions to what is closed', async () => {
    const room = await sfu.openRoom();
    const [a, b] = await Promise.all(['a', 'b'].map((id) => RtcParticipant.join(room, id)));
    const [, publication] = await a!.microphone('voice');
    await a!.microphone('voice-2');
    await vi.waitFor(() => expect(b!.received.size).toBe(2), soon);
    publication.close();
    publication.close();
    await vi.waitFor(() => expect(b!.of('voice')).toBeUndefined(), soon);
    a!.leave();
    await vi.waitFor(() => expect(b!.received.size).toBe(0), soon);
  });

  it('leaves nothing in the workers when it is closed, nor when it is closed in the middle of everything', async () => {
    const before = await sfu.held();
    const room = await sfu.openRoom();
    const participants = await Promise.all(['a', 'b', 'c'].map((id) => RtcParticipant.join(room, id)));
    const settled = Promise.allSettled([
      ...participants.map((participant) => participant.microphone(`${participant.id}-voice`)),
      ...participants.map((participant) => participant.camera(`${participant.id}-camera`)),
      room.media.connect('late'),
    ]);
    participants[0]!.show(['b-camera', 'c-camera']);
    expect(await sfu.held()).toBeGreaterThan(before);
    room.close();
    room.media.close();
    await settled;
    expect(await sfu.held()).toBe(before);
    const stats = await sfu.sfu.stats();
    expect(stats).toMatchObject({ rooms: 0, participants: 0, transports: 0, subscriptions: 0, pipes: 0 });
    for (const { load } of stats.workers) expect(load).toBe(0);
  });
});

describe('what a participant may not do', () => {
  const refused = (code: string) => expect.objectContaining({ name: 'ConferenceError', code }) as Error;

  it('is to publish what the router can not carry', async () => {
    const room = await sfu.openRoom();
    const a = await RtcParticipant.join(room, 'a');
    const codecs = [{ mimeType: 'audio/opus', payloadType: 111, clockRate: 48_000, channels: 2 }];
    const publish = (rtpParameters: RtpParameters) =>
      a.media.publish({ id: 'x', source: 'microphone', rtpParameters, muted: false });
    const unusual: RtpParameters[] = [
      { codecs: [{ ...codecs[0]!, mimeType: 'audio/nothing' }], encodings: [{ ssrc: 1 }] },
      { codecs, encodings: [{}] },
      { codecs: [{ ...codecs[0]!, parameters: { useinbandfec: { a: 1 } } }], encodings: [{ ssrc: 1 }] },
      { codecs: [{ ...codecs[0]!, parameters: { useinbandfec: null } }], encodings: [{ ssrc: 1 }] },
    ];
    for (const rtpParameters of unusual) {
      await expect(publish(rtpParameters)).rejects.toEqual(refused('unsupported-media'));
    }
    // And it costs nothing else.
    await expect(a.microphone('voice')).resolves.toBeDefined();
  });

  it('is to break what it publishes through: numbers that no browser sends do no harm', async () => {
    const room = await sfu.openRoom();
    const [a, b] = await Promise.all(['a', 'b'].map((id) => RtcParticipant.join(room, id)));
    const codecs = [{ mimeType: 'video/VP8', payloadType: 96, clockRate: 90_000 }];
    const encodings = [{ ssrc: 7, maxBitrate: 0.5, maxFramerate: 29.97, scaleResolutionDownBy: 1.5 }];
    await a!.media.publish({ id: 'x', source: 'camera', rtpParameters: { codecs, encodings }, muted: false });
    await expect(b!.camera('camera')).resolves.toBeDefined();
  });

  it('is to publish the same stream twice', async () => {
    const room = await sfu.openRoom();
    const a = await RtcParticipant.join(room, 'a');
    const [microphone] = await a.microphone('voice');
    const { rtpParameters } = microphone;
    await expect(
      a.media.publish({ id: 'again', source: 'microphone', rtpParameters, muted: false }),
    ).rejects.toEqual(refused('unsupported-media'));
  });

  it('is to connect a transport twice', async () => {
    const room = await sfu.openRoom();
    const a = await RtcParticipant.join(room, 'a');
    await expect(a.media.connectTransport('send', a.send.dtlsParameters)).rejects.toEqual(
      refused('unsupported-media'),
    );
  });

  it('is to answer for subscriptions of others; its own closed ones do no harm', async () => {
    const room = await sfu.openRoom();
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((id) => RtcParticipant.join(room, id)));
    const [, publication] = await a!.microphone('voice');
    await vi.waitFor(() => expect(b!.received.size + c!.received.size).toBe(2), soon);
    const [own] = b!.received.keys();
    const [foreign] = c!.received.keys();
    publication.close();
    await b!.media.subscriptionsReady([own!]);
    await expect(b!.media.subscriptionsReady([own!, foreign!])).rejects.toEqual(
      refused('unknown-subscription'),
    );
    await expect(b!.media.subscriptionsReady([`${own!}9`])).rejects.toEqual(refused('unknown-subscription'));
  });
});
