/**
 * This end of one transport: connects it, watches the path, and mends it by ICE restarts (RFC 8445, 2.4) when
 * the path is gone while the server is still there.
 */
import type { types } from 'mediasoup-client';
import type { Direction, DtlsParameters, IceParameters } from '../../../server/signalling/contract.ts';
import type { Ask } from '../connection.ts';
import { isConnectionLoss, toRoomError } from '../errors.ts';
import type { RoomClientError } from '../errors.ts';
import type { MediaPath } from '../types.ts';

/** How long a path that was good may be gone before it is mended, in ms. Browsers often find it again themselves. */
const GRACE_MS = 2_000;
/** How long finding a path may take, in ms. Higher: slow networks succeed. Lower: the next try comes sooner. */
const CONNECT_MS = 8_000;
/** Between tries after all hope is told to be lost, in ms. */
const HOPELESS_MS = 15_000;
/** Tries in a row before the path counts as failed. */
const MAX_RESTARTS = 2;

export interface TransportPort {
  ask: Ask;
  pathChanged: (direction: Direction, path: MediaPath) => void;
  failed: (error: RoomClientError) => void;
}

export class TransportEnd {
  readonly direction: Direction;
  readonly transport: types.Transport;
  readonly #tried: readonly string[];
  readonly #port: TransportPort;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #connected = true;
  #restarts = 0;
  #path: MediaPath = { state: 'new' };
  /** This end's parameters, until the server has confirmed them. */
  #unconfirmed: DtlsParameters | null = null;

  /** @param tried where the server can be reached, for a person to read */
  constructor(
    direction: Direction,
    transport: types.Transport,
    tried: readonly string[],
    port: TransportPort,
  ) {
    this.direction = direction;
    this.transport = transport;
    this.#tried = tried;
    this.#port = port;
    transport.on('connect', ({ dtlsParameters }, done) => {
      // Not awaited: requests arrive in order, so that what is published or received next can follow at once.
      this.#unconfirmed = dtlsParameters;
      void this.#confirm(false);
      done();
    });
    transport.on('connectionstatechange', (state) => this.#stateChanged(state));
  }

  /** The server cannot be asked for a while. */
  suspend(): void {
    this.#connected = false;
    clearTimeout(this.#timer);
  }

  /** The server is back, on the same transport, and has begun an ICE restart. */
  async resume(iceParameters: IceParameters): Promise<void> {
    this.#connected = true;
    this.#restarts = 0;
    await Promise.all([this.#confirm(true), this.#restart(iceParameters)]);
  }

  /** The network is another one: looks for a path on it without waiting for the old one to be missed. */
  renew(): void {
    if (this.transport.connectionState === 'new') return;
    this.#restarts = 0;
    void this.#mend();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.transport.close();
  }

  /** @param again whether the server may have had them already: then it refuses them */
  async #confirm(again: boolean): Promise<void> {
    const dtlsParameters = this.#unconfirmed;
    if (!dtlsParameters) return;
    try {
      await this.#port.ask('connectTransport', { direction: this.direction, dtlsParameters });
    } catch (error) {
      if (isConnectionLoss(error)) return;
      if (!again) this.#fail(error);
    }
    this.#unconfirmed = null;
  }

  #stateChanged(state: types.ConnectionState): void {
    switch (state) {
      case 'connected':
        clearTimeout(this.#timer);
        this.#restarts = 0;
        this.#setPath({ state: 'connected' });
        return;
      case 'connecting':
        this.#setConnecting();
        this.#mendAfter(CONNECT_MS);
        return;
      case 'disconnected':
        this.#setConnecting();
        this.#mendAfter(GRACE_MS);
        return;
      case 'failed':
        this.#setConnecting();
        // A try that has just begun is given its time, lest tries follow each other without a pause.
        this.#mendAfter(this.#restarts === 0 ? 0 : this.#patience);
        return;
      case 'new':
      case 'closed':
        return;
    }
  }

  get #patience(): number {
    return this.#restarts >= MAX_RESTARTS ? HOPELESS_MS : CONNECT_MS;
  }

  #mendAfter(delayMs: number): void {
    clearTimeout(this.#timer);
    if (this.#connected && !this.#isClosed()) this.#timer = setTimeout(() => void this.#mend(), delayMs);
  }

  /** Never rejects. */
  async #mend(): Promise<void> {
    clearTimeout(this.#timer);
    if (!this.#connected || this.#isClosed()) return;
    if (this.#restarts >= MAX_RESTARTS) this.#setPath({ state: 'failed', tried: this.#tried });
    this.#restarts += 1;
    try {
      const { iceParameters } = await this.#port.ask('restartIce', { direction: this.direction });
      if (!this.#isClosed()) await this.#restart(iceParameters);
    } catch (error) {
      if (isConnectionLoss(error) || this.#isClosed()) return;
      this.#fail(error);
      this.#mendAfter(this.#patience);
    }
  }

  async #restart(iceParameters: IceParameters): Promise<void> {
    try {
      await this.transport.restartIce({ iceParameters });
    } catch (error) {
      if (!this.#isClosed()) this.#fail(error);
    }
    const { connectionState } = this.transport;
    if (connectionState !== 'connected' && connectionState !== 'new') this.#mendAfter(this.#patience);
  }

  /** A path that counts as failed does so until one is found. */
  #setConnecting(): void {
    if (this.#path.state !== 'failed') this.#setPath({ state: 'connecting' });
  }

  #setPath(path: MediaPath): void {
    if (path.state === this.#path.state || this.#isClosed()) return;
    this.#path = path;
    this.#port.pathChanged(this.direction, path);
  }

  /** Asked again after waiting, when the compiler remembers an older answer. */
  #isClosed(): boolean {
    return this.transport.closed;
  }

  #fail(error: unknown): void {
    this.#port.failed(toRoomError(error, 'unsupported-media'));
  }
}
