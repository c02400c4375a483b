/** Figures of each stream, from the browser's counters (W3C webrtc-stats) and what they were the last time. */
import type { types } from 'mediasoup-client';
import type { Layers, PublicationId, RoomStats, StreamStats } from '../types.ts';

export interface Streams {
  send: types.Transport | null;
  receive: types.Transport | null;
  sent: readonly { publicationId: PublicationId; mid: string }[];
  received: readonly { publicationId: PublicationId; mid: string; layers: Layers | null }[];
}

/** Asked again within this time, in ms, the last figures are given: shorter intervals only show noise. */
const SHORTEST_INTERVAL_MS = 250;

/** One entry of a report: names and types as the standard has them, absent where the browser lacks them. */
type Entry = Readonly<Record<string, unknown>>;

/** Sums over all RTP streams of one publication. */
export interface Counters {
  atMs: number;
  bytes: number;
  packets: number;
  lost: number;
}

export class StatsReader {
  #last: RoomStats | null = null;
  #counters = new Map<string, Counters>();

  async read({ send, receive, sent, received }: Streams): Promise<RoomStats> {
    const now = Date.now();
    if (this.#last && now - this.#last.at < SHORTEST_INTERVAL_MS) return this.#last;
    const [sendReport, receiveReport] = await Promise.all([reportOf(send), reportOf(receive)]);
    const counters = new Map<string, Counters>();
    const streams = [
      ...sent.map((stream) => this.#sentStream(sendReport, stream, counters)),
      ...received.map((stream) => this.#receivedStream(receiveReport, stream, counters)),
    ].filter((stream) => stream !== null);
    this.#counters = counters;
    const [up, down] = [selectedPair(sendReport), selectedPair(receiveReport)];
    const rtt = number(up, 'currentRoundTripTime') ?? number(down, 'currentRoundTripTime');
    this.#last = {
      at: now,
      streams,
      rttMs: toMs(rtt),
      availableSendBitrate: number(up, 'availableOutgoingBitrate'),
      protocol: protocolOf(sendReport, up) ?? protocolOf(receiveReport, down),
    };
    return this.#last;
  }

  #sentStream(
    report: readonly Entry[],
    { publicationId, mid }: Streams['sent'][number],
    counters: Map<string, Counters>,
  ): StreamStats | null {
    const rtp = report
      .filter((entry) => entry['type'] === 'outbound-rtp' && entry['mid'] === mid)
      .sort((a, b) => String(a['rid']).localeCompare(String(b['rid'])));
    const [first] = rtp;
    if (!first) return null;
    const remote = rtp.flatMap((entry) => {
      const id = entry['remoteId'];
      return report.filter(
        (other) =>
          other['type'] === 'remote-inbound-rtp' && (other['id'] === id || other['localId'] === entry['id']),
      );
    });
    const now: Counters = {
      atMs: number(first, 'timestamp') ?? 0,
      bytes: sum(rtp, 'bytesSent'),
      packets: sum(rtp, 'packetsSent'),
      lost: sum(remote, 'packetsLost'),
    };
    const key = `send ${publicationId} ${String(first['ssrc'])}`;
    counters.set(key, now);
    const rates = ratesBetween(this.#counters.get(key), now, 'of sent');
    // The largest picture that is sent now stands for the stream.
    const top = largest(rtp.filter((entry) => entry['active'] !== false)) ?? first;
    const layer = rtp.indexOf(top);
    return {
      publicationId,
      direction: 'send',
      ...describe(report, top),
      ...rates,
      rttMs: toMs(maximum(remote, 'roundTripTime')),
      jitterMs: toMs(maximum(remote, 'jitter')),
      layers: rtp.length > 1 ? { spatialLayer: layer } : null,
    };
  }

  #receivedStream(
    report: readonly Entry[],
    { publicationId, mid, layers }: Streams['received'][number],
    counters: Map<string, Counters>,
  ): StreamStats | null {
    const rtp = report.find((entry) => entry['type'] === 'inbound-rtp' && entry['mid'] === mid);
    if (!rtp) return null;
    const now: Counters = {
      atMs: number(rtp, 'timestamp') ?? 0,
      bytes: number(rtp, 'bytesReceived') ?? 0,
      packets: number(rtp, 'packetsReceived') ?? 0,
      lost: number(rtp, 'packetsLost') ?? 0,
    };
    const key = `receive ${publicationId} ${String(rtp['ssrc'])}`;
    counters.set(key, now);
    return {
      publicationId,
      direction: 'receive',
      ...describe(report, rtp),
      ...ratesBetween(this.#counters.get(key), now, 'of all'),
      rttMs: toMs(number(selectedPair(report), 'currentRoundTripTime')),
      jitterMs: toMs(number(rtp, 'jitter')),
      layers,
    };
  }
}

/**
 * @param lossBase `of sent` when `packets` counts the lost ones too, `of all` when they come on top of it
 * @returns bits per second and the share of lost packets since `before`; zeros where there is no before
 */
export function ratesBetween(
  before: Counters | undefined,
  now: Counters,
  lossBase: 'of sent' | 'of all',
): { bitrate: number; loss: number } {
  const seconds = before ? (now.atMs - before.atMs) / 1_000 : 0;
  if (!before || seconds <= 0) return { bitrate: 0, loss: 0 };
  // Counters go back when the browser begins a stream anew; duplicates can make less loss of more.
  const bytes = Math.max(0, now.bytes - before.bytes);
  const packets = Math.max(0, now.packets - before.packets);
  const lost = Math.max(0, now.lost - before.lost);
  const base = lossBase === 'of sent' ? packets : packets + lost;
  return { bitrate: Math.round((bytes * 8) / seconds), loss: base === 0 ? 0 : Math.min(1, lost / base) };
}

async function reportOf(transport: types.Transport | null): Promise<readonly Entry[]> {
  if (!transport || transport.closed) return [];
  const report = await transport.getStats();
  const entries: Entry[] = [];
  report.forEach((entry: Entry) => entries.push(entry));
  return entries;
}

function describe(
  report: readonly Entry[],
  rtp: Entry,
): Pick<StreamStats, 'kind' | 'codec' | 'width' | 'height' | 'framesPerSecond'> {
  const codec = report.find(({ type, id }) => type === 'codec' && id === rtp['codecId']);
  const mimeType = codec?.['mimeType'];
  return {
    kind: rtp['kind'] === 'video' ? 'video' : 'audio',
    codec: typeof mimeType === 'string' ? mimeType.slice(mimeType.indexOf('/') + 1) : null,
    width: number(rtp, 'frameWidth'),
    height: number(rtp, 'frameHeight'),
    framesPerSecond: number(rtp, 'framesPerSecond'),
  };
}

/** The pair of candidates that media takes. */
function selectedPair(report: readonly Entry[]): Entry | undefined {
  const transport = report.find(({ type }) => type === 'transport');
  const pairs = report.filter(({ type }) => type === 'candidate-pair');
  return (
    pairs.find(({ id }) => id === transport?.['selectedCandidatePairId']) ??
    // Firefox has no transport statistics, but marks the pair.
    pairs.find(
      ({ selected, nominated, state }) => selected === true || (nominated === true && state === 'succeeded'),
    )
  );
}

function protocolOf(report: readonly Entry[], pair: Entry | undefined): string | null {
  const local = pair && report.find(({ id }) => id === pair['localCandidateId']);
  if (local?.['candidateType'] === 'relay') return 'relay';
  const protocol = local?.['protocol'];
  return typeof protocol === 'string' ? protocol : null;
}

function largest(entries: readonly Entry[]): Entry | undefined {
  return [...entries].sort((a, b) => (number(b, 'frameWidth') ?? 0) - (number(a, 'frameWidth') ?? 0))[0];
}

function number(entry: Entry | undefined, key: string): number | null {
  const value = entry?.[key];
  return typeof value === 'number' ? value : null;
}

function sum(entries: readonly Entry[], key: string): number {
  return entries.reduce((total, entry) => total + (number(entry, key) ?? 0), 0);
}

function maximum(entries: readonly Entry[], key: string): number | null {
  const values = entries.map((entry) => number(entry, key)).filter((value) => value !== null);
  return values.length > 0 ? Math.max(...values) : null;
}

/** The standard counts in seconds. */
function toMs(seconds: number | null): number | null {
  return seconds === null ? null : Math.round(seconds * 1_000);
}
