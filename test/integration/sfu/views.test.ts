import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { RtcParticipant } from '../../helpers/rtc-participant.ts';
import type { RtcRoom } from '../../helpers/rtc-participant.ts';
import { TestSfu } from '../../helpers/sfu.ts';
import { LAYER_FRAME_BYTES } from '../../helpers/synthetic-media.ts';
import { sleep, steady } from '../../helpers/wait.ts';

let sfu: TestSfu;
beforeAll(async () => (sfu = await TestSfu.start({ workers: 1 })));
afterEach(() => sfu.closeRooms());
afterAll(() => sfu.close());

const soon = { timeout: 3_000, interval: 10 };
/** A picture that is no longer shown is closed some seconds later. */
const later = { timeout: 6_000, interval: 50 };

/** A room with a viewer, and others with a camera each. */
async function roomWithCameras(count: number): Promise<[RtcRoom, RtcParticipant, string[]]> {
  const room = await sfu.openRoom();
  const viewer = await RtcParticipant.join(room, 'viewer');
  const ids = Array.from({ length: count }, (_, i) => `camera-${i}`);
  await Promise.all(
    ids.map(async (id) => {
      const sender = await RtcParticipant.join(room, `sender-${id}`);
      await sender.camera(id);
    }),
  );
  return [room, viewer, ids];
}

const layerOf = (viewer: RtcParticipant, id: string) =>
  LAYER_FRAME_BYTES.findLastIndex((bytes) => (viewer.of(id)?.lastSize ?? 0) > bytes);

describe('a view', () => {
  it('is all the video that one gets', async () => {
    const [, viewer, ids] = await roomWithCameras(4);
    await sleep(200);
    expect(viewer.received.size).toBe(0);
    viewer.show(ids.slice(0, 2));
    await vi.waitFor(() => {
      expect(viewer.packetsOf(ids[0]!)).toBeGreaterThan(5);
      expect(viewer.packetsOf(ids[1]!)).toBeGreaterThan(5);
    }, soon);
    expect(viewer.received.size).toBe(2);
  });

  it('that is empty stops all video at once, and costs nothing after a while', async () => {
    const [, viewer, ids] = await roomWithCameras(2);
    viewer.show(ids);
    await vi.waitFor(() => expect(viewer.packetsOf(ids[1]!)).toBeGreaterThan(5), soon);
    viewer.show([]);
    await vi.waitFor(
      () => expect([...viewer.received.values()].map(({ paused }) => paused)).toEqual([true, true]),
      soon,
    );
    await steady('no picture comes', () => ids.reduce((sum, id) => sum + viewer.packetsOf(id), 0));
    await vi.waitFor(() => expect(viewer.received.size).toBe(0), later);
    expect((await sfu.sfu.stats()).subscriptions).toBe(0);
  });

  it('that pages through a grid keeps the consumers of the page', async () => {
    const [, viewer, ids] = await roomWithCameras(12);
    viewer.show(ids.slice(0, 4));
    await vi.waitFor(() => expect(viewer.received.size).toBe(4), soon);
    viewer.show(ids.slice(4, 8));
    await vi.waitFor(() => expect(ids.slice(4, 8).every((id) => viewer.packetsOf(id) > 5)).toBe(true), soon);
    await vi.waitFor(() => expect(viewer.received.size).toBe(4), later);
    const shown = [...viewer.received.values()].map(({ info }) => info.publicationId);
    expect(shown.sort()).toEqual(ids.slice(4, 8));
  });

  it('that comes back soon finds its subscriptions as they were', async () => {
    const [, viewer, ids] = await roomWithCameras(2);
    viewer.show([ids[0]!]);
    await vi.waitFor(() => expect(viewer.packetsOf(ids[0]!)).toBeGreaterThan(5), soon);
    const [subscription] = viewer.received.keys();
    viewer.show([ids[1]!]);
    await vi.waitFor(() => expect(viewer.packetsOf(ids[1]!)).toBeGreaterThan(5), soon);
    const before = viewer.packetsOf(ids[0]!);
    viewer.show([ids[0]!]);
    await vi.waitFor(() => expect(viewer.packetsOf(ids[0]!)).toBeGreaterThan(before), soon);
    expect([...viewer.received.keys()]).toContain(subscription);
  });

  it('says by its sizes which layers come', async () => {
    const [, viewer, ids] = await roomWithCameras(1);
    const [id] = ids as [string];
    for (const [width, height, layer] of [
      [320, 180, 0],
      [1280, 720, 2],
      [640, 360, 1],
      [160, 90, 0],
    ] as const) {
      viewer.show([id], width, height);
      // Packets of a layer and the word that it is this one go different ways, and come in any order.
      await vi.waitFor(() => {
        expect(layerOf(viewer, id)).toBe(layer);
        expect(viewer.of(id)?.layers?.spatialLayer).toBe(layer);
      }, later);
    }
  });

  it('gets a picture that is published after it was asked for', async () => {
    const [room, viewer] = await roomWithCameras(0);
    viewer.show(['to-come']);
    const sender = await RtcParticipant.join(room, 'sender');
    await sender.camera('to-come');
    await vi.waitFor(() => expect(viewer.packetsOf('to-come')).toBeGreaterThan(5), soon);
  });

  it('gets nothing of a muted camera, and its picture again after that', async () => {
    const [room, viewer] = await roomWithCameras(0);
    const sender = await RtcParticipant.join(room, 'sender');
    const [, publication] = await sender.camera('camera');
    viewer.show(['camera']);
    await vi.waitFor(() => expect(viewer.packetsOf('camera')).toBeGreaterThan(5), soon);
    await publication.setMuted(true);
    await vi.waitFor(() => expect(viewer.received.size).toBe(0), later);
    await publication.setMuted(false);
    await vi.waitFor(() => expect(viewer.packetsOf('camera')).toBeGreaterThan(5), soon);
  });
});
