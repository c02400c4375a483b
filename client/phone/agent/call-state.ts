/** What there is to know of a call, as plain data. */
import type { EndReason } from './reasons.ts';

/** Whoever is at the other end. */
export interface Peer {
  /** `sip:user@host` */
  readonly address: string;
  /** As they call themselves; null when they don't. */
  readonly name: string | null;
}

export type CallPhase =
  /** Our INVITE is on its way, or their phone has not told yet that it rings. */
  | 'calling'
  /** Outbound: their phone rings. Inbound: ours does. */
  | 'ringing'
  /** Ours was taken, and the ways for sound are being found. */
  | 'answering'
  | 'talking'
  | 'ended';

export type VideoSource = 'camera' | 'screen';

/** How far it is to put the other end through to somebody else. */
export interface Transfer {
  readonly to: string;
  readonly status: 'asked' | 'ringing' | 'failed';
}

export interface CallState {
  readonly id: string;
  readonly direction: 'inbound' | 'outbound';
  readonly peer: Peer;
  readonly phase: CallPhase;
  /** Times in ms since the epoch; null until then. */
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  readonly endReason: EndReason | null;
  /** Whether the caller offers a picture. */
  readonly offersVideo: boolean;
  readonly isMuted: boolean;
  readonly isHeld: boolean;
  /** Held by the other end. */
  readonly isHeldByPeer: boolean;
  readonly sends: VideoSource | null;
  readonly sound: MediaStreamTrack | null;
  /** Whether sound comes; before the call is answered it is an announcement, or somebody else's ringing. */
  readonly hasSound: boolean;
  /** Null while no picture comes. */
  readonly picture: MediaStreamTrack | null;
  /** Keys that the other end pressed, as far as its phone told in INFO messages. */
  readonly keys: string;
  readonly transfer: Transfer | null;
  /** Where the other end asks us to call instead. */
  readonly referral: string | null;
}

/** What a call sends: the microphone, and perhaps a picture. The tracks stay their owner's. */
export interface Sending {
  readonly audio: MediaStreamTrack;
  readonly video: { readonly track: MediaStreamTrack; readonly source: VideoSource } | null;
}
