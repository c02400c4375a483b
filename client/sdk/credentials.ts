/** What this client shows at the door, and what it has been given to come back with. */
import type {
  JoinedAnswer,
  JoinRequest,
  RequestInput,
  WaitingAnswer,
} from '../../server/signalling/contract.ts';
import type { RoomClientOptions } from './types.ts';

/** The contract that this client speaks; a server with another one refuses it. */
const CONTRACT_VERSION: JoinRequest['version'] = 1;

interface Resumption {
  readonly token: string;
  /** Number of the last event that was applied. */
  lastEvent: number;
}

export class Credentials {
  readonly #options: RoomClientOptions;
  /** As the room knows it. */
  name: string;
  /** What makes this client host again. */
  hostKey: string | null;
  /** What makes a later socket the same participant. */
  resumption: Resumption | null = null;
  /** What makes a later socket the same who waits. */
  #knock: string | null = null;

  constructor(options: RoomClientOptions) {
    this.#options = options;
    this.name = options.name;
    this.hostKey = options.hostKey ?? null;
  }

  async joinRequest(): Promise<RequestInput<'join'>> {
    const { room, password, deviceId, make } = this.#options;
    const token = await this.#token();
    const { resumption } = this;
    return {
      version: CONTRACT_VERSION,
      room,
      name: this.name,
      ...(password !== undefined && { password }),
      ...(token !== null && { token }),
      ...(deviceId !== undefined && { deviceId }),
      ...(make && { make }),
      ...(this.hostKey !== null && { hostKey: this.hostKey }),
      ...(this.#knock !== null && { knock: this.#knock }),
      ...(resumption && { resume: { token: resumption.token, lastEvent: resumption.lastEvent } }),
    };
  }

  async #token(): Promise<string | null> {
    const { token = null } = this.#options;
    return typeof token === 'function' ? token() : token;
  }

  /** @returns whether an earlier participant goes on, and missed events follow */
  take(answer: JoinedAnswer | WaitingAnswer): boolean {
    if (answer.state === 'waiting') {
      this.#knock = answer.knock;
      return false;
    }
    return this.#takePlace(answer);
  }

  #takePlace({ token, resumed, lastEvent, hostKey }: JoinedAnswer): boolean {
    const before = this.resumption;
    const goesOn = resumed && before !== null;
    this.resumption = { token, lastEvent: goesOn ? before.lastEvent : lastEvent };
    this.#knock = null;
    this.hostKey = hostKey ?? this.hostKey;
    return goesOn;
  }

  /** The next join is one of a newcomer. */
  forgetPlace(): void {
    this.resumption = null;
    this.#knock = null;
  }
}
