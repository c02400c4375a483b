/**
 * The WebRTC and RTP dictionaries that cross the wire, as schemas.
 *
 * Shapes follow mediasoup's `RtpParameters` documentation (ORTC dictionaries); what the schemas accept is
 * assignable to the types of both mediasoup and mediasoup-client, so that neither end needs a cast.
 * Lists and strings are bounded here; whether the values make sense together is mediasoup's to judge.
 */
import { z } from 'zod';

/** Header extensions that both mediasoup and mediasoup-client name in their types. */
export const headerExtensionUri = z.enum([
  'urn:ietf:params:rtp-hdrext:sdes:mid',
  'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension',
  'urn:3gpp:video-orientation',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time',
  'http://www.webrtc.org/experiments/rtp-hdrext/playout-delay',
  'urn:mediasoup:params:rtp-hdrext:packet-id',
]);

export const mediaKind = z.enum(['audio', 'video']);

const payloadType = z.int().min(0).max(127);
const ssrc = z.int().min(0).max(0xffff_ffff);
/** Codec settings (fmtp). Values are mediasoup's to judge; the size of a message is bounded by the socket. */
const codecParameters = z.record(z.string().max(64), z.unknown());

const rtcpFeedback = z.strictObject({
  type: z.string().max(32),
  parameter: z.string().max(32).exactOptional(),
});

export const rtpParameters = z.strictObject({
  mid: z.string().max(32).exactOptional(),
  codecs: z
    .array(
      z.strictObject({
        mimeType: z.string().max(64),
        payloadType,
        clockRate: z.int().positive(),
        channels: z.int().positive().exactOptional(),
        parameters: codecParameters.exactOptional(),
        rtcpFeedback: z.array(rtcpFeedback).max(16).exactOptional(),
      }),
    )
    .min(1)
    .max(16),
  headerExtensions: z
    .array(
      z.strictObject({
        uri: headerExtensionUri,
        id: z.int().min(1).max(255),
        encrypt: z.boolean().exactOptional(),
        parameters: codecParameters.exactOptional(),
      }),
    )
    .max(32)
    .exactOptional(),
  encodings: z
    .array(
      z.strictObject({
        ssrc: ssrc.exactOptional(),
        rid: z.string().max(16).exactOptional(),
        codecPayloadType: payloadType.exactOptional(),
        rtx: z.strictObject({ ssrc }).exactOptional(),
        dtx: z.boolean().exactOptional(),
        scalabilityMode: z.string().max(16).exactOptional(),
        /** Bits per second. */
        maxBitrate: z.number().positive().exactOptional(),
        /** Sender-side hints that browsers add to each encoding; the server ignores them. */
        active: z.boolean().exactOptional(),
        scaleResolutionDownBy: z.number().exactOptional(),
        maxFramerate: z.number().exactOptional(),
        adaptivePtime: z.boolean().exactOptional(),
        priority: z.enum(['very-low', 'low', 'medium', 'high']).exactOptional(),
        networkPriority: z.enum(['very-low', 'low', 'medium', 'high']).exactOptional(),
      }),
    )
    .max(4)
    .exactOptional(),
  rtcp: z
    .strictObject({
      cname: z.string().max(256).exactOptional(),
      reducedSize: z.boolean().exactOptional(),
      mux: z.boolean().exactOptional(),
    })
    .exactOptional(),
  msid: z.string().max(256).exactOptional(),
});
export type RtpParameters = z.infer<typeof rtpParameters>;

export const rtpCapabilities = z.strictObject({
  codecs: z
    .array(
      z.strictObject({
        kind: mediaKind,
        mimeType: z.string().max(64),
        preferredPayloadType: payloadType,
        clockRate: z.int().positive(),
        channels: z.int().positive().exactOptional(),
        parameters: codecParameters.exactOptional(),
        rtcpFeedback: z.array(rtcpFeedback).max(16).exactOptional(),
      }),
    )
    .max(64)
    .exactOptional(),
  headerExtensions: z
    .array(
      z.strictObject({
        kind: mediaKind,
        uri: headerExtensionUri,
        preferredId: z.int().min(1).max(255),
        preferredEncrypt: z.boolean().exactOptional(),
        direction: z.enum(['sendrecv', 'sendonly', 'recvonly', 'inactive']).exactOptional(),
      }),
    )
    .max(64)
    .exactOptional(),
});
export type RtpCapabilities = z.infer<typeof rtpCapabilities>;

export const dtlsParameters = z.strictObject({
  role: z.enum(['auto', 'client', 'server']).exactOptional(),
  fingerprints: z
    .array(
      z.strictObject({
        algorithm: z.enum(['sha-1', 'sha-224', 'sha-256', 'sha-384', 'sha-512']),
        value: z.string().max(256),
      }),
    )
    .min(1)
    .max(8),
});
export type DtlsParameters = z.infer<typeof dtlsParameters>;

export interface IceParameters {
  usernameFragment: string;
  password: string;
  iceLite?: boolean;
}

export interface IceCandidate {
  foundation: string;
  priority: number;
  address: string;
  /** Older name of `address`, which mediasoup-client still reads. */
  ip: string;
  protocol: 'udp' | 'tcp';
  port: number;
  type: 'host';
  tcpType?: 'passive';
}

/** What a browser needs to build its end of one transport. */
export interface TransportParameters {
  id: string;
  iceParameters: IceParameters;
  iceCandidates: IceCandidate[];
  dtlsParameters: DtlsParameters;
}
