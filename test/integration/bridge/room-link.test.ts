/** What a server tells a bridge of its callers, however close together: in one piece, nothing of it may be lost. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { Server } from 'socket.io';
import type { Socket } from 'socket.io';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Place, Visit } from '../../../server/bridge/door.ts';
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
/** What the server does before it answers whoever asks to be let in, what it answers, and what it does right after that. */
let before: () => void;
let answer: object;
let andThen: () => void;
/** What it does instead of greeting the bridge. */
let insteadOfGreeting: (() => void) | null;
/** What callers ask for, and what it does before it answers. */
let asked: { muted: boolean }[];
let beforeMuting: (muted: boolean) => void;
let media: TestMedia;
let link: RoomLink;
let callId: string;
/** What callers are told, what of it can not be done, and what the bridge has to say. */
let told: { type: string }[];
let failed: unknown[];
let logged: string[];
const ports: MediaPort[] = [];

/** Where the server takes a room's media: from where the first packet has come, and from nowhere else. */
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
  let from: number | null = null;
  socket.on('message', (packet, { port: source }) => {
    from ??= source;
    if (source !== from) return;
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

const tellCaller = (event: object, of = callId): unknown => peer.emit('call', { callId: of, event });
const tellRoom = (event: object): unknown => peer.emit('room', { room: ROOM, event });
const moderated = (moderation: object): object => ({ type: 'moderated', moderation, by: { name: 'Hana' } });

/** A caller who speaks asks to be let in. */
function comes(id = callId): Visit {
  const place = (to: Place | null): void => {
    media.thread
      .request('placeCall', { callId: id, place: to })
      .catch((error: unknown) => void failed.push(error));
  };
  const tell = (event: { type: string }): void => void told.push(event);
  const party = { number: null, name: null };
  const caller = { trunk: 'pbx', direction: 'inbound', party, called: null, invitation: null } as const;
  const visit = link.receive({ ...caller, id }, { tell, place, read: nothing });
  visit.ask('1', null);
  return visit;
}

/** The server is gone, as the bridge knows by now; it is there again a moment later. */
async function serverIsLost(): Promise<void> {
  peer.conn.close();
  await until(
    'the bridge has lost the server',
    () => logged,
    (lines) => lines.some((line) => line.includes('no connection to the server')),
  );
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
  [told, failed, logged, asked] = [[], [], [], []];
  [before, andThen, beforeMuting, insteadOfGreeting] = [nothing, nothing, nothing, null];
  const http = createServer();
  io = new Server(http, { path: '/bridge' });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  media = await TestMedia.start();
  ({ callId } = await media.call({ tone: 440 }));
  const options = { serverUrl: `http://127.0.0.1:${port}/`, secret: 'a secret', endsWithServer: false };
  const logger = pino({}, { write: (line) => void logged.push(line) });
  link = new RoomLink({ ...options, listenIp: '127.0.0.1' }, media.thread, logger);
  const greeted = new Promise<void>((resolve) => {
    io.on('connection', (socket) => {
      peer = socket;
      peer.on('hello', (_hello, done: (result: unknown) => void) => {
        const instead = insteadOfGreeting;
        insteadOfGreeting = null;
        if (instead) {
          instead();
          return;
        }
        done({ ok: true, value: {} });
        resolve();
      });
      peer.on('enter', (_enter, done: (result: unknown) => void) => {
        before();
        done({ ok: true, value: answer });
        andThen();
      });
      peer.on('setMuted', ({ muted }: { muted: boolean }, done: (result: unknown) => void) => {
        asked.push({ muted });
        beforeMuting(muted);
        done({ ok: true, value: {} });
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
    const [former, after] = [await mediaPort(), await mediaPort()];
    answer = inRoom(former, 111);
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
    andThen = () => {
      tellCaller({ type: 'refused', reason: 'removed' });
      tellRoom({ type: 'closed' });
    };
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
  it('is heard by the new link, and asked for nothing at the old one, when just being held no more', async () => {
    const [former, after] = [await mediaPort(), await mediaPort()];
    answer = inRoom(former, 111);
    comes();
    await voiceComesTo(former, 111);
    tellCaller(moderated({ action: 'held', held: true }));
    tellRoom({ type: 'reset', link: after.link });
    tellCaller(moderated({ action: 'held', held: false }));
    tellCaller({ type: 'voiceMoved', ssrc: 222 });
    await voiceComesTo(after, 222);
    expect(failed).toEqual([]);
  });

  it('is heard by the new link, though told of both at once', async () => {
    const [former, after] = [await mediaPort(), await mediaPort()];
    answer = inRoom(former, 111);
    comes();
    await voiceComesTo(former, 111);
    tellRoom({ type: 'reset', link: after.link });
    tellCaller({ type: 'voiceMoved', ssrc: 222 });
    await voiceComesTo(after, 222);
    expect(failed).toEqual([]);
  });

  it('has a place there again, even one who may only listen, of whose voice nothing is told', async () => {
    const [former, after] = [await mediaPort(), await mediaPort()];
    answer = inRoom(former, null);
    comes();
    const someVoiceComesTo = ({ voices }: MediaPort): Promise<unknown> =>
      until(
        'the caller has a place',
        () => voices.size,
        (count) => count > 0,
      );
    await someVoiceComesTo(former);
    tellRoom({ type: 'reset', link: after.link });
    await someVoiceComesTo(after);
    expect(failed).toEqual([]);
  });
});

describe('A caller who comes in as the others of the bridge go', () => {
  let other: string;
  beforeEach(async () => {
    other = (await media.call({ tone: 440 })).callId;
  });

  it('is heard when the last of them hangs up before the answer has come', async () => {
    const port = await mediaPort();
    answer = inRoom(port, 111);
    const first = comes();
    await voiceComesTo(port, 111);
    answer = inRoom(port, 222);
    before = () => first.end();
    comes(other);
    await voiceComesTo(port, 222);
    expect(failed).toEqual([]);
  });

  it('is heard by the link that there is then when the last of them has been put out just before', async () => {
    const [former, after] = [await mediaPort(), await mediaPort()];
    answer = inRoom(former, 111);
    comes();
    await voiceComesTo(former, 111);
    answer = inRoom(after, 222);
    before = () => {
      tellCaller({ type: 'refused', reason: 'removed' });
      tellRoom({ type: 'closed' });
    };
    comes(other);
    await voiceComesTo(after, 222);
    expect(failed).toEqual([]);
  });
});

describe('Callers in one room who have come by a server that was taken over, and by the one that is there now', () => {
  it('are each heard by the link of theirs', async () => {
    const other = (await media.call({ tone: 440 })).callId;
    const [former, first, second] = [await mediaPort(), await mediaPort(), await mediaPort()];
    answer = inRoom(former, 111);
    comes();
    await voiceComesTo(former, 111);
    const takenOver = peer;
    takenOver.emit('draining', { deadline: Date.now() + 60_000, takenOver: true });
    await until(
      'the bridge has come to the new one',
      () => peer,
      (socket) => socket !== takenOver,
    );
    answer = inRoom(first, 222);
    takenOver.conn.close();
    await voiceComesTo(first, 222);
    answer = inRoom(second, 333);
    comes(other);
    await voiceComesTo(second, 333);
    expect(failed).toEqual([]);
  });
});

describe('A caller whose server is gone for a moment', () => {
  it('comes in again, though it is gone once more before it has greeted the bridge', async () => {
    const [former, after] = [await mediaPort(), await mediaPort()];
    answer = inRoom(former, 111);
    comes();
    await voiceComesTo(former, 111);
    insteadOfGreeting = () => peer.conn.close();
    answer = inRoom(after, 222);
    await serverIsLost();
    await voiceComesTo(after, 222);
    expect(told.map(({ type }) => type)).not.toContain('refused');
  });

  it('is heard afterwards, if it was held before, and told so', async () => {
    const [former, after] = [await mediaPort(), await mediaPort()];
    answer = inRoom(former, 111);
    comes();
    await voiceComesTo(former, 111);
    tellCaller(moderated({ action: 'held', held: true }));
    await until(
      'the caller is held',
      () => told,
      (events) => events.some((event) => 'held' in event && event.held === true),
    );
    answer = inRoom(after, 222);
    await serverIsLost();
    await voiceComesTo(after, 222);
    expect(told.at(-1)).toEqual({ type: 'held', held: false });
  });

  it('may key in the PIN meanwhile', async () => {
    const port = await mediaPort();
    answer = { state: 'pin-needed' };
    const visit = comes();
    await isTold('pinNeeded');
    answer = inRoom(port, 111);
    await serverIsLost();
    visit.ask('1', '2468');
    await voiceComesTo(port, 111);
    expect(told.map(({ type }) => type)).not.toContain('refused');
  });
});

describe('A caller whom a host mutes', () => {
  it('is muted, though just unmuting', async () => {
    const port = await mediaPort();
    answer = inRoom(port, 111);
    const visit = comes();
    await isTold('joined');
    beforeMuting = (muted) => !muted && tellCaller(moderated({ action: 'muted', mayUnmute: true }));
    visit.setMuted(false);
    await until(
      'the server is asked to mute the caller',
      () => asked.at(-1),
      (last) => last?.muted === true,
    );
    expect(told.at(-1)).toEqual({ type: 'muted', mayUnmute: true });
  });
});
