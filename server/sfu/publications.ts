/** What participants send: checked, produced on their router, muted and closed. */
import { parseScalabilityMode } from 'mediasoup';
import type { types } from 'mediasoup';
import { keyFrameRequestDelayMs } from '../../worker-config/mediasoup.ts';
import { ConferenceError } from '../conference/errors.ts';
import { kindOfSource } from '../conference/model.ts';
import type { MediaKind, ParticipantId, PublicationId, Source } from '../conference/model.ts';
import type { MediaPublication } from '../conference/ports.ts';
import type { RtpParameters } from '../signalling/contract/rtp.ts';
import { refusal } from './refusal.ts';
import type { RoomRouter } from './routers.ts';
import { parametersForProducer } from './rtp.ts';

/** Layers that a publication may have, of either kind. More would cost its sender more than any receiver gains. */
const MAX_LAYERS = 3;

export interface PublicationRequest {
  id: PublicationId;
  source: Source;
  rtpParameters: RtpParameters;
  muted: boolean;
}

/** Learns of what a publication does. */
export interface PublicationListener {
  publicationMuted(publication: Publication): void;
  publicationClosed(publication: Publication): void;
}

export class Publication implements MediaPublication {
  readonly id: PublicationId;
  readonly participantId: ParticipantId;
  readonly source: Source;
  readonly kind: MediaKind;
  readonly producer: types.Producer;
  /** The router that it comes in at. */
  readonly home: RoomRouter;
  readonly spatialLayers: number;
  readonly temporalLayers: number;
  readonly #listener: PublicationListener;
  #muted: boolean;
  #closed = false;
  #applying: Promise<void> | null = null;

  private constructor(
    { id, source, muted }: PublicationRequest,
    participantId: ParticipantId,
    home: RoomRouter,
    producer: types.Producer,
    listener: PublicationListener,
  ) {
    this.id = id;
    this.participantId = participantId;
    this.source = source;
    this.kind = kindOfSource[source];
    this.producer = producer;
    this.home = home;
    ({ spatialLayers: this.spatialLayers, temporalLayers: this.temporalLayers } = layersOf(producer));
    this.#muted = muted;
    this.#listener = listener;
  }

  /** @throws ConferenceError `unsupported-media`, or `media-unavailable` when the worker is lost. */
  static async open(
    request: PublicationRequest,
    participantId: ParticipantId,
    home: RoomRouter,
    transport: types.Transport,
    listener: PublicationListener,
  ): Promise<Publication> {
    const kind = kindOfSource[request.source];
    checkPublication(kind, request.rtpParameters);
    try {
      const producer = await transport.produce({
        kind,
        rtpParameters: parametersForProducer(request.rtpParameters),
        paused: request.muted,
        ...(kind === 'video' ? { keyFrameRequestDelay: keyFrameRequestDelayMs } : {}),
      });
      return new Publication(request, participantId, home, producer, listener);
    } catch (error) {
      throw refusal(error);
    }
  }

  get muted(): boolean {
    return this.#muted;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Resolves when nothing is forwarded any more, or all is again. A later call replaces one under way. */
  async setMuted(muted: boolean): Promise<void> {
    if (this.#closed) return;
    if (muted !== this.#muted) {
      this.#muted = muted;
      this.#listener.publicationMuted(this);
    }
    this.#applying ??= this.#applyMuted().finally(() => (this.#applying = null));
    await this.#applying;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    // First those who receive it: with the producer their consumers would be gone already.
    this.#listener.publicationClosed(this);
    this.producer.close();
  }

  async #applyMuted(): Promise<void> {
    try {
      while (!this.#closed && this.producer.paused !== this.#muted) {
        await (this.#muted ? this.producer.pause() : this.producer.resume());
      }
    } catch (error) {
      // Closed in the meantime: nothing is forwarded, which is all that could be asked for.
      if (!this.producer.closed) throw refusal(error);
    }
  }
}

/** Judges what mediasoup leaves to the application. @throws ConferenceError `unsupported-media` */
export function checkPublication(kind: MediaKind, { codecs, encodings = [] }: RtpParameters): void {
  const stray = codecs.find(({ mimeType }) => !mimeType.toLowerCase().startsWith(`${kind}/`));
  if (stray) throw new ConferenceError('unsupported-media', `The codec ${stray.mimeType} is not ${kind}.`);
  // One codec, and perhaps its retransmissions (RFC 4588): nobody could be told which one to expect of several.
  const isRtx = ({ mimeType }: { mimeType: string }) => mimeType.toLowerCase() === `${kind}/rtx`;
  if (codecs.length > 2 || codecs.filter((codec) => !isRtx(codec)).length !== 1) {
    throw new ConferenceError('unsupported-media', 'A publication has one codec.');
  }
  const most = kind === 'audio' ? 1 : MAX_LAYERS;
  if (encodings.length > most) {
    throw new ConferenceError('unsupported-media', `At most ${most} encodings are accepted for ${kind}.`);
  }
  for (const { scalabilityMode } of encodings) {
    const { spatialLayers, temporalLayers } = parseScalabilityMode(scalabilityMode);
    if (spatialLayers > MAX_LAYERS || temporalLayers > MAX_LAYERS) {
      throw new ConferenceError('unsupported-media', `At most ${MAX_LAYERS} layers are accepted.`);
    }
  }
}

function layersOf({ kind, type, rtpParameters }: types.Producer): {
  spatialLayers: number;
  temporalLayers: number;
} {
  const encodings = rtpParameters.encodings ?? [];
  const mode = parseScalabilityMode(encodings[0]?.scalabilityMode);
  if (kind === 'audio') return { spatialLayers: 1, temporalLayers: 1 };
  return {
    spatialLayers: type === 'simulcast' ? encodings.length : mode.spatialLayers,
    temporalLayers: mode.temporalLayers,
  };
}
