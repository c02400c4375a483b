/**
 * What mediasoup runs with: codecs, bitrates, and the defaults of transports and pipes. Each constant says what
 * higher and lower values do. Ports, addresses and counts are settings of the server, not constants.
 */
import type { types } from 'mediasoup';

/**
 * Codecs of every router, most wanted first: a client sends the first of a kind that it knows.
 *
 * Opus: in-band FEC (RFC 6716) repairs single losses at the cost of some quality at a given bitrate; DTX sends
 * a packet each 400 ms instead of 20 ms while nobody speaks, which is what makes large rooms cheap.
 */
export const routerCodecs: types.RouterRtpCodecCapability[] = [
  {
    kind: 'audio',
    mimeType: 'audio/opus',
    clockRate: 48_000,
    channels: 2,
    parameters: { minptime: 10, useinbandfec: 1, usedtx: 1 },
  },
  {
    kind: 'video',
    mimeType: 'video/VP8',
    clockRate: 90_000,
    // kbit/s that a browser starts to send at. Higher: sharp sooner. Lower: kinder to a thin uplink.
    parameters: { 'x-google-start-bitrate': 1_000 },
  },
  {
    kind: 'video',
    mimeType: 'video/VP9',
    clockRate: 90_000,
    parameters: { 'profile-id': 0, 'x-google-start-bitrate': 1_000 },
  },
  {
    kind: 'video',
    mimeType: 'video/H264',
    clockRate: 90_000,
    // Constrained baseline, level 3.1: what every browser and phone decodes.
    parameters: {
      'packetization-mode': 1,
      'profile-level-id': '42e01f',
      'level-asymmetry-allowed': 1,
      'x-google-start-bitrate': 1_000,
    },
  },
];

/** Defaults of the transports of participants. */
export const webRtcTransport = {
  /**
   * What the bandwidth estimation towards a participant starts from, in bit/s. Higher: the high layers come in
   * the first second, and a thin downlink is flooded first. Lower: everyone starts with the small picture.
   */
  initialAvailableOutgoingBitrate: 1_000_000,
  /**
   * What the estimation never goes below, in bit/s: the smallest picture at its lowest frame rate, 60 kbit/s, and
   * some more. Where no picture flows, voices alone can't tell it that there is room again, and none would ever come
   * back. Higher: pictures recover sooner. Lower: more is left for voices on a downlink that carries hardly anything.
   */
  minOutgoingBitrate: 100_000,
  /**
   * Seconds without a STUN check after which a path counts as lost (RFC 7675 has 30). Higher: media goes on being
   * sent to where nobody is. Lower: a short gap in the radio costs an ICE restart. An ICE restart is possible
   * before and after, so a participant comes back over a new network either way.
   */
  iceConsentTimeout: 30,
  /**
   * What one participant may send in all, in bit/s. Higher: a sharper screen beside a camera. Lower: one
   * participant costs all others less downlink. It holds three camera layers, a screen and two sounds.
   */
  maxIncomingBitrate: 6_000_000,
} as const;

/**
 * Socket buffers in bytes; the kernel caps them at net.core.rmem_max and wmem_max. Higher: a burst of key frames
 * waits rather than being dropped. Lower: less memory, and loss under load. One port serves a whole worker.
 */
export const socketBuffers = { recvBufferSize: 4_194_304, sendBufferSize: 4_194_304 } as const;

/**
 * After a key frame was asked of a sender, ms until it may be asked for another. Higher: in large rooms fewer key
 * frames, and a newcomer waits longer for the first picture. Lower: the other way round.
 */
export const keyFrameRequestDelayMs = 300;

/** Pipes between two routers on this host. Retransmission mends what an overrun socket buffer drops. */
export const pipe = { listenIp: '127.0.0.1', enableRtx: true } as const;
