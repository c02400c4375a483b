/**
 * A participant's place in a room: a router, and on it two WebRTC transports over the one port of their worker.
 * What sends and receives plain RTP would be another kind of place, with transports of its own.
 */
import type { types } from 'mediasoup';
import { webRtcTransport } from '../../worker-config/mediasoup.ts';
import { ConferenceError } from '../conference/errors.ts';
import type { MediaConnection } from '../conference/ports.ts';
import type { TransportParameters } from '../signalling/contract/rtp.ts';
import type { RoomRouter, Routers } from './routers.ts';
import { capabilitiesForClients } from './rtp.ts';

export interface Transports {
  send: types.WebRtcTransport;
  receive: types.WebRtcTransport;
}

export interface Place {
  readonly at: RoomRouter;
  readonly transports: Transports;
  /** What a client needs to build its end, as of now: an ICE restart changes it. */
  connection(): MediaConnection;
  /** Takes producers and consumers along. Once. */
  close(): void;
}

/** @throws ConferenceError `media-unavailable` when no worker is there, or it is lost on the way */
export async function openPlace(routers: Routers): Promise<Place> {
  const at = await routers.place();
  try {
    const transports = await openTransports(at);
    const { send, receive } = transports;
    return {
      at,
      transports,
      connection: () => ({
        rtpCapabilities: capabilitiesForClients(at.router.rtpCapabilities),
        transports: { send: parametersOf(send), receive: parametersOf(receive) },
      }),
      close: () => {
        send.close();
        receive.close();
        routers.release(at);
      },
    };
  } catch (error) {
    routers.release(at);
    throw new ConferenceError('media-unavailable', 'The transports could not be made.', { cause: error });
  }
}

/** Makes both at once; when one fails, none is left. */
async function openTransports(at: RoomRouter): Promise<Transports> {
  const [send, receive] = await Promise.allSettled([openForSending(at), openForReceiving(at)]);
  if (send.status === 'fulfilled' && receive.status === 'fulfilled') {
    return { send: send.value, receive: receive.value };
  }
  if (send.status === 'fulfilled') send.value.close();
  if (receive.status === 'fulfilled') receive.value.close();
  const failed = [send, receive].find((result) => result.status === 'rejected');
  throw failed?.reason;
}

function open(at: RoomRouter): Promise<types.WebRtcTransport> {
  return at.router.createWebRtcTransport({
    webRtcServer: at.worker.webRtcServer,
    enableUdp: true,
    enableTcp: true,
    preferUdp: true,
    iceConsentTimeout: webRtcTransport.iceConsentTimeout,
    initialAvailableOutgoingBitrate: webRtcTransport.initialAvailableOutgoingBitrate,
  });
}

async function openForSending(at: RoomRouter): Promise<types.WebRtcTransport> {
  const transport = await open(at);
  await transport.setMaxIncomingBitrate(webRtcTransport.maxIncomingBitrate);
  return transport;
}

async function openForReceiving(at: RoomRouter): Promise<types.WebRtcTransport> {
  const transport = await open(at);
  await transport.setMinOutgoingBitrate(webRtcTransport.minOutgoingBitrate);
  return transport;
}

function parametersOf(transport: types.WebRtcTransport): TransportParameters {
  const { id, iceParameters, iceCandidates, dtlsParameters } = transport;
  return { id, iceParameters, iceCandidates, dtlsParameters };
}
