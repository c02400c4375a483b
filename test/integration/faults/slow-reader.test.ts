/** One who joins and then reads nothing any more, but goes on saying that it lives: costs nobody anything. */
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ServerProcess } from '../../helpers/server-process.ts';
import { SignalClient } from '../../helpers/signal-client.ts';

const LONG_TEXT = 'x'.repeat(4_000);
/** As many as one may write in a row. */
const MESSAGES = 25;
/** Together they write more than the network's buffers and the server's patience hold. */
const WRITERS = 80;

let server: ServerProcess;

beforeAll(async () => {
  server = await ServerProcess.start({ env: { RESUME_SECONDS: '1' } });
});

afterAll(async () => {
  await server.close();
});

/** Speaks engine.io by hand, as no client library lets a socket stop reading. */
async function joinWithoutReading(room: string): Promise<WebSocket> {
  const url = new URL('socket.io/?EIO=4&transport=websocket', server.url);
  url.protocol = 'ws:';
  const socket = new WebSocket(url);
  await once(socket, 'message');
  socket.send('40');
  await once(socket, 'message');
  socket.send(`420${JSON.stringify(['join', { version: 1, room, name: 'Zoe' }])}`);
  const [answer] = (await once(socket, 'message')) as [Buffer];
  expect(answer.toString()).toContain('"ok":true');
  socket.pause();
  return socket;
}

it('One who reads nothing is let go, and the room goes on', async () => {
  const ana = await SignalClient.connect(server.url);
  await ana.join('slow', 'Ana');
  const slow = await joinWithoutReading('slow');
  const zoe = await ana.told('participantJoined', ({ participant }) => participant.name === 'Zoe');
  const pongs = setInterval(() => slow.send('3'), 1_000);
  try {
    for (let i = 0; i < WRITERS && !server.log.includes('nothing is read'); i += 1) {
      const writer = await SignalClient.connect(server.url);
      await writer.join('slow', `Writer ${i}`);
      for (let n = 0; n < MESSAGES; n += 1) await writer.ask('chat', { text: LONG_TEXT, to: 'everyone' });
      writer.close();
    }
    expect(server.log).toContain('nothing is read');
    await ana.told('participantLeft', ({ participantId }) => participantId === zoe.participant.id);
    await ana.ask('chat', { text: 'Where is Zoe?', to: 'everyone' });
  } finally {
    clearInterval(pongs);
    slow.terminate();
    ana.close();
  }
});
