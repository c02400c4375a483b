/** The browser's WebRTC as mediasoup-client sees it: detected at once, its abilities read while the socket opens. */
import { Device, detectDevice } from 'mediasoup-client';
import type { types } from 'mediasoup-client';
import { Chrome111 } from 'mediasoup-client/handlers/Chrome111';
import { Chrome74 } from 'mediasoup-client/handlers/Chrome74';
import { Firefox120 } from 'mediasoup-client/handlers/Firefox120';
import { Safari12 } from 'mediasoup-client/handlers/Safari12';
import type { RtpCapabilities } from '../../../server/signalling/contract.ts';
import { RoomClientError, toRoomError } from '../errors.ts';

export class Engine {
  #factory: types.HandlerFactory | null = null;
  #loaded: { key: string; device: Device } | null = null;

  /** Begins to look at the browser, which takes a while. @throws RoomClientError `unsupported-browser` */
  warmUp(): types.HandlerFactory {
    return (this.#factory ??= readAbilitiesOnce(detectFactory()));
  }

  /**
   * What the browser has in common with the server; nearly free when asked for the same server again.
   * @throws RoomClientError `unsupported-browser`
   */
  async load(routerRtpCapabilities: RtpCapabilities): Promise<Device> {
    const key = JSON.stringify(routerRtpCapabilities);
    if (this.#loaded?.key === key) return this.#loaded.device;
    const device = new Device({ handlerFactory: this.warmUp() });
    try {
      await device.load({ routerRtpCapabilities });
    } catch (error) {
      throw toRoomError(error, 'unsupported-browser');
    }
    this.#loaded = { key, device };
    return device;
  }
}

function detectFactory(): types.HandlerFactory {
  const name = typeof RTCPeerConnection === 'undefined' ? undefined : detectDevice();
  switch (name) {
    case 'Chrome111':
      return Chrome111.createFactory({});
    case 'Chrome74':
      return Chrome74.createFactory({});
    case 'Firefox120':
      return Firefox120.createFactory({});
    case 'Safari12':
      return Safari12.createFactory({});
    case 'ReactNative106':
    case undefined:
      throw new RoomClientError('unsupported-browser', 'This browser has no WebRTC that can be used.');
  }
}

/** Begins to read what the browser can send and receive, and keeps it: it costs two peer connections. */
function readAbilitiesOnce(factory: types.HandlerFactory): types.HandlerFactory {
  const abilities = {
    sendonly: factory.getNativeRtpCapabilities({ direction: 'sendonly' }),
    recvonly: factory.getNativeRtpCapabilities({ direction: 'recvonly' }),
  };
  // Told by `load`, which awaits the same promises.
  for (const reading of Object.values(abilities)) reading.catch(() => undefined);
  return { ...factory, getNativeRtpCapabilities: ({ direction }) => abilities[direction] };
}
