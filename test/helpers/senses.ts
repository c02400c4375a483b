/**
 * Ears and eyes for a page: what a person there would hear and see, as numbers. `installSenses` runs inside the
 * page, before its own scripts, and looks at nothing but the page's media elements.
 */

/** What is heard at one moment: the level of each tone, in dB below full scale. */
export interface Sound {
  /** ms since the epoch, the same clock for all pages of a machine. */
  at: number;
  levels: number[];
}

/** One picture in a tile. */
export interface Picture {
  participantId: string;
  /** On the tile. */
  name: string;
  source: string;
  self: boolean;
  /** The bars, read as a number; null when they are not clear. */
  code: number | null;
  /** Of the picture as it was received, in pixels. */
  width: number;
  height: number;
  /** Of the tile on the page, in CSS pixels. */
  tileWidth: number;
  /** Frames decoded so far. */
  frames: number;
}

/**
 * What came over each inbound stream so far, by an id that no other stream of the page has. Probes are the few
 * packets by which the server finds out what the downlink carries; there is no picture in them.
 */
export type Received = Record<string, { kind: 'audio' | 'video' | 'probe'; bytes: number; packets: number }>;

export interface Senses {
  /** Listens for these tones from now on, in Hz. */
  listen(tones: readonly number[]): void;
  /** What was heard since a moment, at most 5 minutes back. */
  heardSince(at: number): Sound[];
  /** The pictures in all tiles on the page. */
  look(): Picture[];
  /** The brightness of points of a tile's picture, 0 to 255, by columns and rows. */
  read(source: string, columns: number, rows: number): number[] | null;
  received(): Promise<Received>;
  /** The microphones and cameras that are open, as the browser shows them to be. */
  openDevices(): string[];
  /** Records what comes for `ms`, for browsers that play nothing without a loudspeaker; the level of each tone. */
  record(tones: readonly number[], ms: number): Promise<number[]>;
}

declare global {
  interface Window {
    senses: Senses;
  }
}

/** @param bars how many bars a picture has */
export function installSenses(bars: number): void {
  const TICK_MS = 40;
  const KEEP_MS = 300_000;
  /** Of one sound. */
  const SAMPLES = 4_096;
  /** As many as an analyser keeps: what was there while the page was busy with something else is heard afterwards. */
  const KEPT_SAMPLES = 32_768;
  const QUIET_DB = -120;

  let tones: readonly number[] = [];
  let sounds: Sound[] = [];
  let context: AudioContext | null = null;
  let analyser: AnalyserNode | null = null;
  const heard = new Map<HTMLAudioElement, { track: MediaStreamTrack; source: MediaStreamAudioSourceNode }>();
  const samples = new Float32Array(KEPT_SAMPLES);
  /** Until when it was listened, in s of the context's time. */
  let heardUntil = 0;

  /** Hears what elements play, and nothing that is paused, muted or not there. */
  function follow(): void {
    if (!context || !analyser) return;
    const playing = new Map<HTMLAudioElement, MediaStreamTrack>();
    for (const element of document.querySelectorAll('audio')) {
      const stream = element.srcObject;
      const track = stream instanceof MediaStream ? stream.getAudioTracks()[0] : undefined;
      if (track && !element.paused && !element.muted && element.volume > 0) playing.set(element, track);
    }
    for (const [element, { track, source }] of heard) {
      if (playing.get(element) === track) continue;
      source.disconnect();
      heard.delete(element);
    }
    for (const [element, track] of playing) {
      if (heard.has(element)) continue;
      const source = context.createMediaStreamSource(new MediaStream([track]));
      source.connect(analyser);
      heard.set(element, { track, source });
    }
  }

  /** Goertzel's algorithm. */
  function levelOf(tone: number, sound: Float32Array, sampleRate: number): number {
    const coefficient = 2 * Math.cos((2 * Math.PI * tone) / sampleRate);
    let [before, beforeThat] = [0, 0];
    for (let i = 0; i < sound.length; i += 1) {
      const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / sound.length);
      const now = sound[i]! * window + coefficient * before - beforeThat;
      [before, beforeThat] = [now, before];
    }
    const power = before * before + beforeThat * beforeThat - coefficient * before * beforeThat;
    // A full sine has a quarter of the samples here: half for the sine, half for the window.
    const amplitude = Math.sqrt(Math.max(power, 0)) / (sound.length / 4);
    return Math.max(QUIET_DB, 20 * Math.log10(amplitude + 1e-12));
  }

  async function record(wanted: readonly number[], ms: number): Promise<number[]> {
    const streams = [...document.querySelectorAll('audio')].flatMap(({ srcObject, paused, muted }) =>
      srcObject instanceof MediaStream && !paused && !muted ? srcObject : [],
    );
    const recordings = streams.map(async (stream) => {
      const recorder = new MediaRecorder(stream);
      const parts: Blob[] = [];
      recorder.ondataavailable = ({ data }) => void parts.push(data);
      const stopped = new Promise((resolve) => (recorder.onstop = resolve));
      recorder.start();
      setTimeout(() => recorder.stop(), ms);
      await stopped;
      const decoder = new OfflineAudioContext(1, 1, 48_000);
      const sound = await decoder.decodeAudioData(await new Blob(parts).arrayBuffer());
      return wanted.map((tone) => levelOf(tone, sound.getChannelData(0), sound.sampleRate));
    });
    const levels = await Promise.all(recordings);
    return wanted.map((_, i) => Math.max(QUIET_DB, ...levels.map((of) => of[i]!)));
  }

  function tick(): void {
    follow();
    if (!context || !analyser) return;
    const { currentTime, sampleRate } = context;
    const at = Date.now();
    analyser.getFloatTimeDomainData(samples);
    const step = TICK_MS / 1_000;
    const oldest = currentTime - (KEPT_SAMPLES - SAMPLES) / sampleRate;
    for (let time = Math.max(heardUntil + step, oldest); time <= currentTime; time += step) {
      const end = KEPT_SAMPLES - Math.round((currentTime - time) * sampleRate);
      const sound = samples.subarray(end - SAMPLES, end);
      sounds.push({
        at: Math.round(at - (currentTime - time) * 1_000),
        levels: tones.map((tone) => levelOf(tone, sound, sampleRate)),
      });
      heardUntil = time;
    }
    if (sounds.length > (2 * KEEP_MS) / TICK_MS) sounds = sounds.filter((sound) => sound.at > at - KEEP_MS);
  }

  /** How bright the middle of each field is, when the picture is divided into columns and rows. */
  function brightness(video: HTMLVideoElement, columns: number, rows: number): number[] {
    const { videoWidth: width, videoHeight: height } = video;
    const drawing = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
    drawing.drawImage(video, 0, 0, width, height);
    const { data } = drawing.getImageData(0, 0, width, height);
    const points: number[] = [];
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        const x = Math.floor(((column + 0.5) * width) / columns);
        const y = Math.floor(((row + 0.5) * height) / rows);
        const pixel = (y * width + x) * 4;
        points.push(0.3 * data[pixel]! + 0.59 * data[pixel + 1]! + 0.11 * data[pixel + 2]!);
      }
    }
    return points;
  }

  function codeOf(video: HTMLVideoElement): number | null {
    const lights = brightness(video, bars, 4).slice(bars, 2 * bars);
    const [darkest, lightest] = [Math.min(...lights), Math.max(...lights)];
    if (lightest - darkest < 80) return null;
    return lights.reduce((code, light) => code * 2 + Number(light > (lightest + darkest) / 2), 0);
  }

  const connections = new Set<RTCPeerConnection>();
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      connections.add(this);
    }
  };

  async function received(): Promise<Received> {
    const streams: Received = {};
    for (const [i, connection] of [...connections].entries()) {
      const stats: ReadonlyMap<string, RTCStats> = await connection.getStats();
      for (const { type, ...stream } of stats.values()) {
        if (type !== 'inbound-rtp') continue;
        const { id, kind, mid, bytesReceived, packetsReceived } = stream as RTCInboundRtpStreamStats;
        const isVideo = kind === 'video';
        streams[`${i} ${id}`] = {
          kind: isVideo ? (mid === 'probator' ? 'probe' : 'video') : 'audio',
          bytes: bytesReceived ?? 0,
          packets: packetsReceived ?? 0,
        };
      }
    }
    return streams;
  }

  const devices: MediaStreamTrack[] = [];
  const { mediaDevices } = navigator as { mediaDevices?: MediaDevices };
  const open = mediaDevices?.getUserMedia.bind(mediaDevices);
  if (mediaDevices && open) {
    mediaDevices.getUserMedia = async (constraints) => {
      const stream = await open(constraints);
      devices.push(...stream.getTracks());
      return stream;
    };
  }

  function videoOf(tile: HTMLElement): HTMLVideoElement | null {
    const video = tile.querySelector('video');
    return video && video.videoWidth > 0 && video.getBoundingClientRect().width > 0 ? video : null;
  }

  window.senses = {
    listen(newTones) {
      tones = newTones;
      if (context) return;
      context = new AudioContext();
      analyser = context.createAnalyser();
      analyser.fftSize = KEPT_SAMPLES;
      setInterval(tick, TICK_MS);
    },
    heardSince: (at) => sounds.filter((sound) => sound.at > at),
    look: () =>
      [...document.querySelectorAll<HTMLElement>('[data-testid=tile]')].flatMap((tile) => {
        const video = videoOf(tile);
        if (!video) return [];
        return {
          participantId: tile.dataset['participantId'] ?? '',
          name: tile.getAttribute('aria-label') ?? '',
          source: tile.dataset['source'] ?? '',
          self: tile.dataset['self'] !== undefined,
          code: codeOf(video),
          width: video.videoWidth,
          height: video.videoHeight,
          tileWidth: tile.getBoundingClientRect().width,
          frames: video.getVideoPlaybackQuality().totalVideoFrames,
        };
      }),
    read(source, columns, rows) {
      const tile = document.querySelector<HTMLElement>(
        `[data-testid=tile][data-source=${source}]:not([data-self])`,
      );
      const video = tile && videoOf(tile);
      return video ? brightness(video, columns, rows) : null;
    },
    received,
    openDevices: () => devices.flatMap(({ kind, readyState }) => (readyState === 'live' ? kind : [])).sort(),
    record,
  };
}
