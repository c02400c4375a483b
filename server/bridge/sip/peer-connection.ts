/** What JsSIP takes for a browser's RTCPeerConnection: offers and answers of a call's media, made elsewhere. */

/** A call's media as far as SDP is concerned. Promises are rejected when it can't be. */
export interface CallMedia {
  /** @returns SDP of an offer of ours */
  offer: () => Promise<string>;
  /** @returns SDP of our answer to an offer */
  answer: (sdp: string) => Promise<string>;
  /** Takes the answer to our last offer. */
  acceptAnswer: (sdp: string) => Promise<void>;
}

/** Passed through JsSIP to the constructor. */
export interface CallConnectionConfiguration extends RTCConfiguration {
  media: CallMedia;
}

interface Description {
  type: RTCSdpType;
  sdp: string;
}

/**
 * Gathers nothing, as the media process knows its addresses at once, and has no tracks. Of the states that JsSIP asks
 * for it has those that are true.
 */
export class CallConnection extends EventTarget {
  readonly iceGatheringState = 'complete';
  readonly iceConnectionState = 'connected';
  localDescription: Description | null = null;
  signalingState: RTCSignalingState = 'stable';
  readonly #media: CallMedia;
  /** Our answer to the offer that was accepted last. */
  #answer: string | null = null;
  /** Whether the first offer of ours may be answered again: with a 183 and then a 200. */
  #isEarly = true;

  constructor({ media }: CallConnectionConfiguration) {
    super();
    this.#media = media;
  }

  async createOffer(): Promise<Description> {
    const again = this.#isEarly && this.localDescription?.type === 'offer' ? this.localDescription : null;
    return again ?? { type: 'offer', sdp: await this.#media.offer() };
  }

  async createAnswer(): Promise<Description> {
    if (this.#answer === null) throw new Error('There is no offer to answer.');
    return { type: 'answer', sdp: this.#answer };
  }

  async setLocalDescription(description: Description): Promise<void> {
    this.localDescription = description;
    this.signalingState = description.type === 'offer' ? 'have-local-offer' : 'stable';
  }

  /** Answers an offer at once: JsSIP refuses it rightly, with 488, only if it fails here. */
  async setRemoteDescription({ type, sdp }: Description): Promise<void> {
    if (type === 'offer') {
      this.#isEarly = false;
      this.#answer = await this.#media.answer(sdp);
      this.signalingState = 'have-remote-offer';
      return;
    }
    await this.#media.acceptAnswer(sdp);
    this.signalingState = 'stable';
  }

  /** From now on an offer is a new one. */
  confirmed(): void {
    this.#isEarly = false;
  }

  /** Nothing is sent by tracks. */
  getSenders(): [] {
    return [];
  }

  /** The media is closed by the call. */
  close(): void {
    this.signalingState = 'closed';
  }
}

/** JsSIP asks for a microphone unless it is given a stream. This one is empty. */
export class EmptyStream extends EventTarget implements MediaStream {
  readonly active = false;
  readonly id = 'empty';
  readonly onaddtrack = null;
  readonly onremovetrack = null;

  addTrack(): void {
    throw new Error('Media of calls has no tracks.');
  }

  clone(): MediaStream {
    return new EmptyStream();
  }

  getAudioTracks(): [] {
    return [];
  }

  getTrackById(): null {
    return null;
  }

  getTracks(): [] {
    return [];
  }

  getVideoTracks(): [] {
    return [];
  }

  removeTrack(): void {
    throw new Error('Media of calls has no tracks.');
  }
}
