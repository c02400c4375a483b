/** How each source is sent. The sum of all stays below what the server lets one participant send (6 Mbit/s). */
import type { types } from 'mediasoup-client';
import type { Source } from '../types.ts';

type SendOptions = Pick<types.ProducerOptions, 'encodings' | 'codecOptions' | 'zeroRtpOnPause'>;

/**
 * Three layers of a 720p camera: 180p for thumbnails, 360p for tiles, 720p for the stage; in bit/s, as the most
 * that each may take. Higher: sharper in motion. Lower: fits thinner uplinks, where the browser sheds the
 * highest layer first.
 */
const CAMERA_ENCODINGS = [
  { scaleResolutionDownBy: 4, maxBitrate: 150_000, scalabilityMode: 'L1T3' },
  { scaleResolutionDownBy: 2, maxBitrate: 500_000, scalabilityMode: 'L1T3' },
  { scaleResolutionDownBy: 1, maxBitrate: 1_700_000, scalabilityMode: 'L1T3' },
];

/**
 * Pixels that a picture must have for libwebrtc to send two layers of it, or three: of a smaller one it sends the
 * first encodings only, which must hence be the larger pictures.
 */
const PIXELS_FOR_LAYERS = [480 * 270, 960 * 540] as const;

/**
 * One picture at full size: scaled-down text cannot be read. Few frames leave bits for sharpness; a
 * higher rate scrolls more smoothly and takes longer to become sharp. In three temporal layers, so that a thin
 * downlink gets every second or fourth frame, each as sharp; without layers it would be flooded.
 */
const SCREEN_ENCODINGS = [{ maxBitrate: 2_500_000, maxFramerate: 15, scalabilityMode: 'L1T3' }];

/**
 * Mono voice, in bit/s. FEC (RFC 6716, 2.1.7) needs spare bits: at 40 kbit/s it is there without loss of
 * quality. DTX (2.1.9) sends next to nothing in silence. NACK mends what FEC does not, on short paths.
 */
const VOICE = {
  opusStereo: false,
  opusFec: true,
  opusDtx: true,
  opusNack: true,
  opusMaxAverageBitrate: 40_000,
};

/** Music and films: stereo, and no DTX, which cuts quiet passages. In bit/s. */
const MUSIC = {
  opusStereo: true,
  opusFec: true,
  opusDtx: false,
  opusNack: true,
  opusMaxAverageBitrate: 128_000,
};

/** A muted picture stops being sent; a muted voice goes on as silence, which costs nothing and comes back at once. */
const SEND_OPTIONS: Record<Source, SendOptions> = {
  microphone: { codecOptions: VOICE, zeroRtpOnPause: false },
  camera: { encodings: CAMERA_ENCODINGS, zeroRtpOnPause: true },
  screen: { encodings: SCREEN_ENCODINGS, zeroRtpOnPause: true },
  screenAudio: { codecOptions: MUSIC, zeroRtpOnPause: false },
};

/** Tells the encoder what to keep when bits are short; what the app has set stays. */
const CONTENT_HINTS: Record<Source, string> = {
  microphone: 'speech',
  camera: 'motion',
  screen: 'text',
  screenAudio: 'music',
};

/** A fresh copy: the browser's handler writes into what it is given. */
export function sendOptions(source: Source, track: MediaStreamTrack): SendOptions {
  const options = structuredClone(SEND_OPTIONS[source]);
  const scales = cameraScales(track.getSettings());
  if (source === 'camera') {
    options.encodings?.forEach((encoding, layer) => (encoding.scaleResolutionDownBy = scales[layer] ?? 1));
  }
  return options;
}

/** Fits the layers to a track that is another size than the one before it. */
export async function fitEncodings(
  source: Source,
  track: MediaStreamTrack,
  sender: RTCRtpSender,
): Promise<void> {
  if (source !== 'camera') return;
  const scales = cameraScales(track.getSettings());
  const parameters = sender.getParameters();
  parameters.encodings.forEach((encoding, layer) => (encoding.scaleResolutionDownBy = scales[layer] ?? 1));
  await sender.setParameters(parameters);
}

/** By how much each layer is smaller than the camera's picture; an unknown size is taken for a large one. */
export function cameraScales({ width, height }: Pick<MediaTrackSettings, 'width' | 'height'>): number[] {
  const pixels = width && height ? width * height : Infinity;
  if (pixels < PIXELS_FOR_LAYERS[0]) return [1, 1, 1];
  return pixels < PIXELS_FOR_LAYERS[1] ? [2, 1, 1] : [4, 2, 1];
}

export function hintContent(source: Source, track: MediaStreamTrack): void {
  if ('contentHint' in track && track.contentHint === '') track.contentHint = CONTENT_HINTS[source];
}
