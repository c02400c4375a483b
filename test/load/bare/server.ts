/**
 * The least that forwards media: one mediasoup worker with one router, asked over HTTP, and nothing else. What
 * the server costs beside it is what rooms, views, reconnection and all the rest cost. Run as a process of its own:
 * `server.ts FOLDER` serves the folder's files, too, and prints its port.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { basename, extname, join } from 'node:path';
import { json } from 'node:stream/consumers';
import { createWorker } from 'mediasoup';
import type { types } from 'mediasoup';
import {
  capabilitiesForClients,
  parametersForClients,
  parametersForProducer,
} from '../../../server/sfu/rtp.ts';
import { routerCodecs, socketBuffers, webRtcTransport } from '../../../worker-config/mediasoup.ts';
import type { Call, Calls } from './calls.ts';

const CONTENT_TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' };

const folder = process.argv[2];
// It ends with whoever started it, however that ended.
process.stdin.resume().on('end', () => process.exit());
const worker = await createWorker();
// Ports and addresses as the server has them: 0 lets the kernel choose.
const listen = { ip: '127.0.0.1', port: 0, ...socketBuffers };
const webRtcServer = await worker.createWebRtcServer({
  listenInfos: [
    { protocol: 'udp', ...listen },
    { protocol: 'tcp', ...listen },
  ],
});
const router = await worker.createRouter({ mediaCodecs: routerCodecs });
const transports = new Map<string, types.WebRtcTransport>();
const producers = new Map<string, types.Producer>();
const consumers = new Map<string, types.Consumer>();

const calls: { [N in Call]: (request: Calls[N]['request']) => Promise<Calls[N]['answer']> } = {
  async capabilities() {
    return capabilitiesForClients(router.rtpCapabilities);
  },

  async transport() {
    const transport = await router.createWebRtcTransport({
      webRtcServer,
      initialAvailableOutgoingBitrate: webRtcTransport.initialAvailableOutgoingBitrate,
    });
    transports.set(transport.id, transport);
    transport.observer.on('close', () => transports.delete(transport.id));
    const { id, iceParameters, iceCandidates, dtlsParameters } = transport;
    return { id, iceParameters, iceCandidates, dtlsParameters };
  },

  async connect({ transportId, dtlsParameters }) {
    await transports.get(transportId)!.connect({ dtlsParameters });
    return null;
  },

  async produce({ transportId, kind, rtpParameters }) {
    const producer = await transports.get(transportId)!.produce({
      kind,
      rtpParameters: parametersForProducer(rtpParameters),
    });
    producers.set(producer.id, producer);
    producer.observer.on('close', () => producers.delete(producer.id));
    return producer.id;
  },

  async producers() {
    return [...producers.keys()];
  },

  async consume({ transportId, producerId, rtpCapabilities, spatialLayer }) {
    const transport = transports.get(transportId)!;
    const consumer = await transport.consume({ producerId, rtpCapabilities, paused: true });
    if (spatialLayer !== undefined && consumer.type === 'simulcast') {
      await consumer.setPreferredLayers({ spatialLayer });
    }
    consumers.set(consumer.id, consumer);
    consumer.observer.on('close', () => consumers.delete(consumer.id));
    const { id, kind, rtpParameters } = consumer;
    return { id, producerId, kind, rtpParameters: parametersForClients(rtpParameters) };
  },

  async resume(consumerId) {
    await consumers.get(consumerId)!.resume();
    return null;
  },

  async close(transportIds) {
    for (const id of transportIds) transports.get(id)?.close();
    return null;
  },
};

async function answer(request: IncomingMessage): Promise<{ type: string; body: Buffer | string }> {
  const name = basename(new URL(request.url ?? '/', 'http://bare').pathname) || 'index.html';
  if (request.method === 'POST') {
    const call = calls[name as Call] as (request: unknown) => Promise<unknown>;
    return {
      type: 'application/json',
      body: JSON.stringify(await call(await json(request))),
    };
  }
  if (folder === undefined) throw new Error('There are no files.');
  return { type: CONTENT_TYPES[extname(name)] ?? '', body: await readFile(join(folder, name)) };
}

const server = createServer((request, response) => {
  answer(request).then(
    ({ type, body }) => response.setHeader('content-type', type).end(body),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address && typeof address === 'object') console.log(address.port);
});
