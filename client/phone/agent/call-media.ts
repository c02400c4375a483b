/** A call's media in the browser: the tracks that it sends, and what comes over its peer connection. */
import type { Sending, VideoSource } from './call-state.ts';

export interface CallMediaListener {
  readonly onSound: (track: MediaStreamTrack, hasSound: boolean) => void;
  /** Null while no picture comes. */
  readonly onPicture: (track: MediaStreamTrack | null) => void;
}

/** Sent as RFC 4733 events, in ms. Shorter is missed by slow detectors; longer feels like sticking keys. */
const KEY_MS = 120;
const KEY_GAP_MS = 80;

/**
 * The tracks are copies: muting, holding and ending one call is nothing to another call, and nothing to the device.
 */
export class CallMedia {
  /** What JsSIP adds to the connection at first. */
  readonly stream = new MediaStream();
  readonly #listener: CallMediaListener;
  #connection: RTCPeerConnection | null = null;
  #audio: { of: MediaStreamTrack; copy: MediaStreamTrack } | null = null;
  #video: { of: MediaStreamTrack; copy: MediaStreamTrack } | null = null;

  constructor(listener: CallMediaListener) {
    this.#listener = listener;
  }

  /** To be called before the connection takes the stream. */
  begin({ audio, video }: Sending): void {
    this.#audio = { of: audio, copy: audio.clone() };
    this.stream.addTrack(this.#audio.copy);
    if (!video) return;
    this.#video = { of: video.track, copy: copyOf(video.track, video.source) };
    this.stream.addTrack(this.#video.copy);
  }

  watch(connection: RTCPeerConnection): void {
    this.#connection = connection;
    connection.addEventListener('track', ({ track }) => {
      if (track.kind === 'audio') {
        const tell = (): void => this.#listener.onSound(track, !track.muted);
        for (const event of ['mute', 'unmute'] as const) track.addEventListener(event, tell);
        tell();
      } else {
        const tell = (): void => this.#listener.onPicture(isComing(track) ? track : null);
        for (const event of ['mute', 'unmute', 'ended'] as const) track.addEventListener(event, tell);
        tell();
      }
    });
  }

  /** Sends another microphone in place of the one before. @param isSilent whether the call is muted or held at the moment */
  async setAudio(track: MediaStreamTrack, isSilent: () => boolean): Promise<void> {
    if (this.#audio?.of === track) return;
    const before = this.#audio;
    const copy = track.clone();
    copy.enabled = !isSilent();
    this.#audio = { of: track, copy };
    await this.#sender('audio')?.replaceTrack(copy);
    // Muted or unmuted meanwhile was the one before.
    copy.enabled = !isSilent();
    before?.copy.stop();
  }

  /**
   * Sends a picture, another one, or none any more.
   * @returns whether the other end has to be told by a new offer
   */
  async setVideo(video: Sending['video']): Promise<boolean> {
    const connection = this.#connection;
    if (!connection || video?.track === this.#video?.of) return false;
    const before = this.#video;
    this.#video = video && { of: video.track, copy: copyOf(video.track, video.source) };
    const copy = this.#video?.copy ?? null;
    const transceiver = connection.getTransceivers().find(isLiveVideo);
    let isNew = false;
    if (transceiver) {
      await transceiver.sender.replaceTrack(copy);
      transceiver.direction = copy ? 'sendrecv' : 'recvonly';
      const isSent = /send/.test(transceiver.currentDirection ?? '');
      isNew = isSent !== (copy !== null);
    } else if (copy) {
      connection.addTransceiver(copy, { direction: 'sendrecv', streams: [this.stream] });
      isNew = true;
    }
    before?.copy.stop();
    return isNew;
  }

  /**
   * Presses keys in the sound's own stream (RFC 4733). A comma waits two seconds.
   * @returns whether the other end takes keys that way
   */
  pressKeys(keys: string): boolean {
    const sender = this.#sender('audio')?.dtmf;
    if (sender?.canInsertDTMF !== true) return false;
    sender.insertDTMF(sender.toneBuffer + keys, KEY_MS, KEY_GAP_MS);
    return true;
  }

  /** Idempotent. */
  close(): void {
    this.#audio?.copy.stop();
    this.#video?.copy.stop();
  }

  #sender(kind: 'audio' | 'video'): RTCRtpSender | undefined {
    return this.#connection?.getTransceivers().find(({ receiver }) => receiver.track.kind === kind)?.sender;
  }
}

function copyOf(track: MediaStreamTrack, source: VideoSource): MediaStreamTrack {
  const copy = track.clone();
  // Text must stay readable, even at few pictures a second.
  copy.contentHint = source === 'screen' ? 'detail' : 'motion';
  return copy;
}

function isComing(track: MediaStreamTrack): boolean {
  return !track.muted && track.readyState === 'live';
}

/** One that the other end has refused is stopped, and can not be used again. */
function isLiveVideo({ receiver, currentDirection }: RTCRtpTransceiver): boolean {
  return receiver.track.kind === 'video' && currentDirection !== 'stopped';
}
