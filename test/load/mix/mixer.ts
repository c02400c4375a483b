/** What mixes calls, whoever does it. */
import type { CodecName } from '../../../server/bridge/media/protocol.ts';
import type { Ear, Material, Phone } from './phones.ts';

export interface Mixer {
  /** Of the process that mixes. */
  readonly pid: number;
  /** Puts a phone into the room. */
  call: (phone: Phone, codec: CodecName) => Promise<void>;
  /** How late the mixer's own clock is, in ms; null for one that does not tell. */
  lateness: () => Promise<{ p50: number; p99: number } | null>;
  close: () => Promise<void>;
}

/** Somebody in the room who is no phone, where the mixer has such. */
export interface Browser {
  /** Hears the first phone. */
  readonly ear: Ear;
  /** Sends a frame: silence, or a pulse. */
  send: (frame: number, isPulse: boolean, material: Material) => void;
}
