/** What participants do, and what is known of them; plain data, as it crosses from process to process. */

/** What the generator can join. */
export interface Target {
  system: 'tertulia' | 'bare' | 'janus';
  /** `http:` of the first two, `ws:` of Janus. */
  url: string;
}

export type MicrophoneUse = 'none' | 'muted' | 'silent' | 'speaking';

export interface Plan {
  room: string;
  name: string;
  microphone: MicrophoneUse;
  camera: boolean;
  /** How many cameras of others are shown at most. */
  tiles: number;
  /** Which simulcast layer fits a tile, 0 the lowest. */
  layer: 0 | 1 | 2;
}

/** How one came in. Times are in ms, from the wish to join on. */
export interface Joined {
  /** Until the server has answered. */
  answeredMs: number;
  /** Until media can flow. */
  connectedMs: number;
}

/** Messages and bytes of signalling from the server, without what WebSocket and TCP add. */
export interface Traffic {
  messages: number;
  bytes: number;
}
