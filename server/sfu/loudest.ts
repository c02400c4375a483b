/**
 * Who is heard in a room, and who is its dominant speaker. Decides on levels alone; `now` comes with each call.
 *
 * All microphones are kept in one ranking. Each receiver gets the first `size` of it that are not its own, so
 * nobody gets more than that and nobody misses a voice that others hear. The next `size` are kept at hand by
 * each receiver, held back, so that they can be heard without any negotiation.
 *
 * Loudness is kept as a fast and a slow average. The fast one finds who starts to speak within some packets,
 * yet not who drops a pen; the slow one compares voices, so that two who speak equally loud do not take turns.
 */
import type { PublicationId } from '../conference/model.ts';

/** Loudness in dB above the quietest level, of a packet at `level` -dBov. */
const loudnessOf = (level: number): number => 127 - level;

/**
 * Loudness that counts as speech: -55 dBov. Higher: low voices far from their microphone are not heard in large
 * rooms. Lower: fans and keyboards take the places of people.
 */
const SPEECH = loudnessOf(55);
/** How fast the fast average rises, in ms. Longer: first syllables are lost. Shorter: clicks are speech. */
const FAST_ATTACK_MS = 25;
/** How fast it falls, in ms. Longer: the pause after a word takes longer to be noticed. */
const FAST_RELEASE_MS = 120;
/** Time of the slow average, in ms. Longer: a louder voice takes longer to win. Shorter: single words win. */
const SLOW_MS = 300;
/**
 * Ms of silence after which a place in the first `size` may be taken. Longer: newcomers wait while all places
 * have lately spoken. Shorter: people lose their place between two words.
 */
const HOLD_MS = 500;
/** dB by which a voice must be louder to take the place of one who is speaking. Lower: places flap. */
const DISPLACE_MARGIN = 6;
/** dB by which a voice must be louder to take dominance from one who is speaking. Lower: the stage flaps. */
const DOMINANCE_MARGIN = 10;
/** Ms of silence of the dominant speaker after which anybody who speaks takes over. */
const DOMINANCE_HOLD_MS = 700;
/** Ms of silence after which there is no dominant speaker. Longer: the stage stays with who spoke last. */
export const DOMINANCE_END_MS = 3_000;
/** Levels that are missing count as silence after so many times what one stands for: networks delay them. */
const LATE_LEVELS = 3;

interface Microphone {
  readonly id: PublicationId;
  fast: number;
  slow: number;
  /** When its last level came. */
  at: number;
  /** When it was last heard speaking. */
  spokeAt: number;
}

export class Loudest {
  readonly #size: number;
  readonly #microphones = new Map<PublicationId, Microphone>();
  readonly #ranking: Microphone[] = [];
  #dominant: Microphone | null = null;

  /** @param size how many are heard */
  constructor(size: number) {
    this.#size = size;
  }

  /** Those to be heard first, then those to be kept at hand; one more than twice `size`, as one may be the receiver's. */
  get ranking(): PublicationId[] {
    return this.#ranking.slice(0, this.#window).map(({ id }) => id);
  }

  get dominant(): PublicationId | null {
    return this.#dominant?.id ?? null;
  }

  /** A new microphone comes last: whoever enters a large room changes nothing for the others until they speak. */
  add(id: PublicationId): void {
    if (this.#microphones.has(id)) return;
    const microphone = { id, fast: 0, slow: 0, at: -Infinity, spokeAt: -Infinity };
    this.#microphones.set(id, microphone);
    this.#ranking.push(microphone);
  }

  /** @returns whether the dominant speaker changed */
  remove(id: PublicationId): boolean {
    const microphone = this.#microphones.get(id);
    if (!microphone) return false;
    this.#microphones.delete(id);
    this.#ranking.splice(this.#ranking.indexOf(microphone), 1);
    return this.#endDominance(microphone);
  }

  /** A microphone was muted: it keeps its place until somebody speaks. @returns whether the dominant speaker changed */
  mute(id: PublicationId): boolean {
    const microphone = this.#microphones.get(id);
    if (!microphone) return false;
    microphone.fast = 0;
    microphone.slow = 0;
    microphone.spokeAt = -Infinity;
    return this.#endDominance(microphone);
  }

  /** A microphone was opened: it is kept at hand, since its owner is about to speak. @returns whether the ranking changed */
  unmute(id: PublicationId): boolean {
    const microphone = this.#microphones.get(id);
    const from = microphone ? this.#ranking.indexOf(microphone) : -1;
    if (!microphone || from <= this.#size) return false;
    this.#ranking.splice(from, 1);
    this.#ranking.splice(this.#size, 0, microphone);
    return true;
  }

  /**
   * Takes a level, in -dBov (RFC 6464): of one packet, or the average of several.
   * @param spanMs how much sound it stands for, in ms, however late it comes
   * @returns whether the ranking or the dominant speaker changed
   */
  level(id: PublicationId, level: number, now: number, spanMs: number): boolean {
    const microphone = this.#microphones.get(id);
    if (!microphone) return false;
    this.#average(microphone, loudnessOf(level), now, spanMs);
    if (microphone.fast < SPEECH) return false;
    microphone.spokeAt = now;
    const heard = this.#hear(microphone, now);
    return this.#dominate(microphone, now) || heard;
  }

  /** Lets time pass. @returns whether the dominant speaker changed */
  tick(now: number): boolean {
    const speaker = this.#dominant;
    return speaker !== null && now - speaker.spokeAt >= DOMINANCE_END_MS && this.#endDominance(speaker);
  }

  get #window(): number {
    return 2 * this.#size + 1;
  }

  #average(microphone: Microphone, loudness: number, now: number, spanMs: number): void {
    // Silent people send few packets or none (DTX); what is missing counts as silence.
    const gapMs = Math.max(0, now - microphone.at - LATE_LEVELS * spanMs);
    microphone.fast *= Math.exp(-gapMs / FAST_RELEASE_MS);
    microphone.slow *= Math.exp(-gapMs / SLOW_MS);
    const fastMs = loudness > microphone.fast ? FAST_ATTACK_MS : FAST_RELEASE_MS;
    microphone.fast += (loudness - microphone.fast) * (1 - Math.exp(-spanMs / fastMs));
    microphone.slow += (loudness - microphone.slow) * (1 - Math.exp(-spanMs / SLOW_MS));
    microphone.at = now;
  }

  /** Gives who speaks a place among those who are heard, if one can be spared. */
  #hear(microphone: Microphone, now: number): boolean {
    const from = this.#ranking.indexOf(microphone);
    if (from < this.#size) return false;
    const to = this.#spare(microphone, now);
    const spared = to === null ? undefined : this.#ranking[to];
    if (to === null || !spared) return false;
    this.#ranking[to] = microphone;
    this.#ranking.splice(from, 1);
    this.#ranking.splice(this.#size, 0, spared);
    return true;
  }

  /** The place to take: of the one silent for longest, else of one who speaks clearly lower. */
  #spare(microphone: Microphone, now: number): number | null {
    let silent: number | null = null;
    let silentSince = now - HOLD_MS;
    let lowest: number | null = null;
    let lowestLoudness = microphone.slow - DISPLACE_MARGIN;
    for (let place = 0; place < this.#size; place += 1) {
      const other = this.#ranking[place];
      if (!other) break;
      if (other.spokeAt <= silentSince && (silent === null || other.spokeAt < silentSince)) {
        silent = place;
        silentSince = other.spokeAt;
      }
      if (other.slow < lowestLoudness) {
        lowest = place;
        lowestLoudness = other.slow;
      }
    }
    // The slow average of a newcomer is low: by itself it takes a place only after a while of speaking louder.
    return silent ?? lowest;
  }

  #dominate(microphone: Microphone, now: number): boolean {
    const speaker = this.#dominant;
    if (speaker === microphone || microphone.slow < SPEECH) return false;
    const over = speaker === null || now - speaker.spokeAt >= DOMINANCE_HOLD_MS;
    if (!over && microphone.slow < speaker.slow + DOMINANCE_MARGIN) return false;
    this.#dominant = microphone;
    return true;
  }

  #endDominance(microphone: Microphone): boolean {
    if (this.#dominant !== microphone) return false;
    this.#dominant = null;
    return true;
  }
}
