/** What a server tells a bridge of its callers, however close together: in one piece, nothing of it may be lost. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { Server } from 'socket.io';
import type { Socket } from 'socket.io';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Place } from '../../../server/bridge/door.ts';
import { isRtcp } from '../../../server/bridge/leg/leg.ts';
import { bound } from '../../../server/bridge/leg/udp.ts';
import { RoomLink } from '../../../server/bridge/link/room-link.ts';
import { readRtp } from '../../../server/bridge/media/rtp.ts';
import type { BridgeLink } from '../../../server/signalling/contract/bridge-words.ts';
import { TestMedia } from '../../helpers/bridge-media.ts';
import { until } from '../../helpers/wait.ts';

const ROOM = 'lesson';
const LEVEL = 1;
const nothing = (): void => undefined;

let io: Server;
/** The server's end of the bridge's socket. */
let peer: Socket;
/** What the server answers whoever asks to be let in, and does right after that. */
let answer: object;
let andThen: () => void;
let media: TestMedia;
let link: RoomLink;
let callId: string;
/** What the caller is told, and what of it can not be done. */
let told: { type: string }[];
let failed: unknown[];
const ports: MediaPort[] = [];

/** Where the server takes a room's media. */
interface MediaPort {
  link: BridgeLink;
  /** SSRCs of the voices that have come. */
  voices: Set<number>;
  close: () => void;
}

async function mediaPort(): Promise<MediaPort> {
  const socket = await bound('127.0.0.1', 0);
  if (!socket) throw new Error('There is no free port.');
  const voices = new Set<number>();
  socket.on('message', (packet) => {
    const rtp = isRtcp(packet) ? null : readRtp(packet, LEVEL);
    if (rtp) voices.add(rtp.ssrc);
  });
  const { address: ip, port } = socket.address();
  const portOfRoom = {
    link: { ip, port, opusPayloadType: 100, levelExtensionId: LEVEL, srtp: null },
    voices,
    close: () => socket.close(),
  };
  ports.push(portOfRoom);
  return portOfRoom;
}

/** @param ssrc null for one who may only listen */
function inRoom(at: MediaPort, ssrc: number | null): object {
  return {
    ...{ state: 'joined', participantId: 'caller', room: ROOM, link: at.link, voices: [], ssrc },
    ...{ wantedVoices: 6, muted: false, mayUnmute: true, count: 2 },
  };
}

const tellCaller = (event: object): unknown => peer.emit('call', { callId, event });
const tellRoom = (event: object): unknown => peer.emit('room', { room: ROOM, event });

/** A caller who speaks asks to be let in. */
function comes(): void {
  const place = (to: Place | null): void => {
    media.thread
      .request('placeCall', { callId, place: to })
      .catch((error: unknown) => void failed.push(error));
  };
  const tell = (event: { type: string }): void => void told.push(event);
  const caller = { trunk: 'pbx', party: { number: null, name: null }, called: null, invitation: null };
  link.receive({ ...caller, callId }, { tell, place, read: nothing }).ask('1', null);
}

const voiceComesTo = ({ voices }: MediaPort, ssrc: number): Promise<unknown> =>
  until(
    `the voice comes with the SSRC ${ssrc}`,
    () => [...voices],
    (those) => those.includes(ssrc),
  );

const isTold = (type: string): Promise<unknown> =>
  until(
    `the caller is told ${type}`,
    () => told.map((event) => event.type),
    (types) => types.includes(type),
  );

beforeEach(async () => {
  [told, failed, andThen] = [[], [], nothing];
  const http = createServer();
  io = new Server(http, { path: '/bridge' });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  media = await TestMedia.start();
  ({ callId } = await media.call({ tone: 440 }));
  const options = { serverUrl: `http://127.0.0.1:${port}/`, secret: 'a secret', endsWithServer: false };
  link = new RoomLink({ ...options, listenIp: '127.0.0.1' }, media.thread, pino({ level: 'silent' }));
  const greeted = new Promise<void>((resolve) => {
    io.on('connection', (socket) => {
      peer = socket;
      peer.on('hello', (_hello, done: (result: unknown) => void) => {
        done({ ok: true, value: {} });
        resolve();
      });
      peer.on('enter', (_enter, done: (result: unknown) => void) => {
        done({ ok: true, value: answer });
        andThen();
      });
    });
  });
  link.open({
    state: { trunks: {}, calls: 0, refusing: false, callsOut: false },
    ...{ dial: () => nothing, serverStops: nothing, retire: nothing },
  });
  await greeted;
});
afterEach(async () => {
  link.close();
  await io.close();
  await media.close();
  for (const port of ports.splice(0)) port.close();
});

describe('A caller who is just being told to wait', () => {
  it('is told what is waited for next as well', async () => {
    answer = { state: 'waiting', waitingFor: 'host' };
    andThen = () => tellCaller({ type: 'waiting', waitingFor: 'lobby' });
    comes();
    await until(
      'the caller is told both',
      () => told.length,
      (count) => count === 2,
    );
    expect(told).toEqual([
      { type: 'waiting', waitingFor: 'host' },
      { type: 'waiting', waitingFor: 'lobby' },
    ]);
  });
});

describe('A caller who is just being let in', () => {
  it('is heard where the voice has moved meanwhile', async () => {
    const port = await mediaPort();
    answer = inRoom(port, 111);
    andThen = () => tellCaller({ type: 'voiceMoved', ssrc: 222 });
    comes();
    await voiceComesTo(port, 222);
    await isTold('joined');
    expect(failed).toEqual([]);
  });

  it('is heard by the new link of a room that has lost its media meanwhile', async () => {
    const [before, after] = [await mediaPort(), await mediaPort()];
    answer = inRoom(before, 111);
    andThen = () => {
      tellRoom({ type: 'reset', link: after.link });
      tellCaller({ type: 'voiceMoved', ssrc: 222 });
    };
    comes();
    await voiceComesTo(after, 222);
    await isTold('joined');
    expect(failed).toEqual([]);
  });

  it('is out of the room when put out meanwhile, and is not told to be in', async () => {
    const port = await mediaPort();
    answer = inRoom(port, 111);
    andThen = () => tellCaller({ type: 'refused', reason: 'removed' });
    comes();
    await isTold('refused');
    // Whatever was on its way has been done once the room is closed.
    await until(
      'the room is closed',
      () => media.thread.request('stats', {}),
      ({ rooms }) => rooms === 0,
    );
    expect(told).toEqual([{ type: 'refused', reason: 'removed' }]);
    expect(port.voices).toEqual(new Set());
    expect(failed).toEqual([]);
  });
});

describe('A caller in a room that has lost its media', () => {
  it('is heard by the new link, though told of both at once', async () => {
    const [before, after] = [await mediaPort(), await mediaPort()];
    answer = inRoom(before, 111);
    comes();
    await voiceComesTo(before, 111);
    tellRoom({ type: 'reset', link: after.link });
    tellCaller({ type: 'voiceMoved', ssrc: 222 });
    await voiceComesTo(after, 222);
    expect(failed).toEqual([]);
  });

  it('has a place there again, even one who may only listen, of whose voice nothing is told', async () => {
    const [before, after] = [await mediaPort(), await mediaPort()];
    answer = inRoom(before, null);
    comes();
    const someVoiceComesTo = ({ voices }: MediaPort): Promise<unknown> =>
      until(
        'the caller has a place',
        () => voices.size,
        (count) => count > 0,
      );
    await someVoiceComesTo(before);
    tellRoom({ type: 'reset', link: after.link });
    await someVoiceComesTo(after);
    expect(failed).toEqual([]);
  });
});
