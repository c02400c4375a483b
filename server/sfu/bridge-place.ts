/** A bridge's place in a room: a router, and on it one plain transport for the voices of all its callers. */
import { randomBytes } from 'node:crypto';
import { isIPv4 } from 'node:net';
import type { types } from 'mediasoup';
import { ConferenceError } from '../conference/errors.ts';
import type { BridgeLink, SrtpKeys } from '../signalling/contract/bridge-words.ts';
import type { RtpCapabilities } from '../signalling/contract/rtp.ts';
import type { RoomRouter, Routers } from './routers.ts';
import { capabilitiesForClients } from './rtp.ts';
import { LEVEL_URI } from './tap.ts';
import type { ListenAddress } from './workers.ts';

/** Authenticated, and cheap on processors of today. */
const SUITE = 'AEAD_AES_128_GCM';
/** 128 bits of key and 96 of salt (RFC 7714). */
const KEY_BYTES = 28;

export interface BridgePlace {
  readonly at: RoomRouter;
  readonly transport: types.PlainTransport;
  readonly link: BridgeLink;
  /** What it receives: Opus, with levels. */
  readonly capabilities: RtpCapabilities;
  /** Takes producers and consumers along. Once. */
  close(): void;
}

/**
 * @param listen where the bridge sends to; off loopback the media is encrypted
 * @throws ConferenceError `media-unavailable` when no worker is there, or it is lost on the way
 */
export async function openBridgePlace(routers: Routers, listen: ListenAddress): Promise<BridgePlace> {
  const at = await routers.place();
  try {
    const { capabilities, opusPayloadType, levelExtensionId } = soundOf(at);
    const isSecure = !isLoopback(listen.ip);
    const transport = await at.router.createPlainTransport({
      listenInfo: { protocol: 'udp', ...listen },
      rtcpMux: true,
      comedia: true,
      enableSrtp: isSecure,
      ...(isSecure ? { srtpCryptoSuite: SUITE } : {}),
    });
    const srtp = isSecure ? await secure(transport) : null;
    return {
      at,
      transport,
      link: {
        ip: listen.announcedAddress ?? listen.ip,
        port: transport.tuple.localPort,
        opusPayloadType,
        levelExtensionId,
        srtp,
      },
      capabilities,
      close: () => {
        transport.close();
        routers.release(at);
      },
    };
  } catch (error) {
    routers.release(at);
    throw new ConferenceError('media-unavailable', 'The way to the bridge could not be opened.', {
      cause: error,
    });
  }
}

/** Makes the bridge's key here too, so that one message tells it all. */
async function secure(transport: types.PlainTransport): Promise<NonNullable<BridgeLink['srtp']>> {
  const own = transport.srtpParameters;
  if (!own) throw new Error('A transport with SRTP has no key.');
  const bridge: SrtpKeys = { suite: SUITE, keyBase64: randomBytes(KEY_BYTES).toString('base64') };
  await transport.connect({ srtpParameters: { cryptoSuite: SUITE, keyBase64: bridge.keyBase64 } });
  return { bridge, server: { suite: SUITE, keyBase64: own.keyBase64 } };
}

function soundOf({ router }: RoomRouter): {
  capabilities: RtpCapabilities;
  opusPayloadType: number;
  levelExtensionId: number;
} {
  const { codecs = [], headerExtensions = [] } = capabilitiesForClients(router.rtpCapabilities);
  const opus = codecs.find(({ mimeType }) => mimeType.toLowerCase() === 'audio/opus');
  const level = headerExtensions.find(({ uri, kind }) => uri === LEVEL_URI && kind === 'audio');
  if (opus?.preferredPayloadType === undefined || !level) {
    throw new Error('The router has no Opus, or no audio levels.');
  }
  return {
    capabilities: { codecs: [opus], headerExtensions: [level] },
    opusPayloadType: opus.preferredPayloadType,
    levelExtensionId: level.preferredId,
  };
}

function isLoopback(ip: string): boolean {
  return ip === '::1' || (isIPv4(ip) && ip.startsWith('127.'));
}
