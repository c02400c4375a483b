/**
 * What one room asks of those who come: settings, password, bans, and who is host by key. Each change is in the
 * store before it counts, so that after a server was killed a locked room is locked, and its host is host.
 */
import type { RoomName } from './model.ts';
import { PasswordCheck } from './password.ts';
import type { Ban, RoomRecord, RoomStore, Secrets } from './ports.ts';
import { changedSettings, presets } from './settings.ts';
import type { RoomSettings, SettingsChange } from './settings.ts';

/** Keys of hosts that a room remembers; who was named before so many others is forgotten. */
const MAX_HOST_KEYS = 100;
/** Bans that a room remembers; the oldest are forgotten. */
const MAX_BANS = 500;

export interface RulesParts {
  rooms: RoomStore;
  secrets: Secrets;
}

/** What a room begins as. */
export interface RoomStart {
  name: RoomName;
  lasting: boolean;
  settings?: SettingsChange | undefined;
  passwordHash?: string | null | undefined;
  pin?: string | null | undefined;
  /** Ms since the epoch. */
  startsAt?: number | null | undefined;
  /** Ms since the epoch. */
  createdAt: number;
}

/** What can be changed of a room; what is absent stays. */
export interface RoomChange {
  settings?: SettingsChange | undefined;
  /** Null takes it away. */
  password?: string | null | undefined;
  pin?: string | null | undefined;
  /** Ms since the epoch. */
  startsAt?: number | null | undefined;
}

/** A change that can be made at once: the password is hashed already. */
export type ReadyChange = Omit<RoomChange, 'password'> & { passwordHash?: string | null | undefined };

export async function ready(
  { password, ...change }: RoomChange,
  secrets: Pick<Secrets, 'hashPassword'>,
): Promise<ReadyChange> {
  const isGiven = password !== undefined && password !== null;
  return { ...change, passwordHash: isGiven ? await secrets.hashPassword(password) : password };
}

export class Rules {
  readonly #rooms: RoomStore;
  readonly #secrets: Secrets;
  readonly #passwords: PasswordCheck;
  #record: RoomRecord;

  private constructor(record: RoomRecord, { rooms, secrets }: RulesParts) {
    this.#record = record;
    this.#rooms = rooms;
    this.#secrets = secrets;
    this.#passwords = new PasswordCheck(secrets);
  }

  /** Null when no such room is known. */
  static find(name: RoomName, parts: RulesParts): Rules | null {
    const record = parts.rooms.find(name);
    return record && new Rules(record, parts);
  }

  /** @throws Error when the name is taken */
  static make(start: RoomStart, parts: RulesParts): Rules {
    const {
      name,
      lasting,
      settings = {},
      passwordHash = null,
      pin = null,
      startsAt = null,
      createdAt,
    } = start;
    const record = parts.rooms.create({
      name,
      lasting,
      pin,
      startsAt,
      createdAt,
      settings: changedSettings(presets.meeting, settings),
      passwordHash,
      hostKeyHashes: [],
      bans: [],
      openedAt: null,
    });
    return new Rules(record, parts);
  }

  /** A new object for every change. */
  get record(): RoomRecord {
    return this.#record;
  }

  get settings(): RoomSettings {
    return this.#record.settings;
  }

  ready(change: RoomChange): Promise<ReadyChange> {
    return ready(change, this.#secrets);
  }

  change({ settings, passwordHash, pin, startsAt }: ReadyChange): void {
    this.#save({
      ...(settings === undefined ? {} : { settings: changedSettings(this.settings, settings) }),
      ...(passwordHash === undefined ? {} : { passwordHash }),
      ...(pin === undefined ? {} : { pin }),
      ...(startsAt === undefined ? {} : { startsAt }),
    });
  }

  /** The first has come in; a room that goes on after a crash keeps its time. */
  opened(now: number): void {
    if (this.#record.openedAt === null) this.#save({ openedAt: now });
  }

  /** When somebody has come who comes now: never before the room opened, should the clock have been set back since. */
  cameAt(now: number): number {
    return Math.max(now, this.#record.openedAt ?? now);
  }

  /** True for a room without a password. */
  async isPassword(password: string): Promise<boolean> {
    const { passwordHash } = this.#record;
    return passwordHash === null || this.#passwords.isRight(password, passwordHash);
  }

  /** True for a room without a PIN. */
  isPin(pin: string): boolean {
    const { pin: own } = this.#record;
    // Hashes differ in the first letter as likely as in any: how long it takes tells nothing.
    return own === null || this.#secrets.hashKey(pin) === this.#secrets.hashKey(own);
  }

  newHostKey(): string {
    const key = this.#secrets.newKey();
    const hashes = [...this.#record.hostKeyHashes, this.#secrets.hashKey(key)];
    this.#save({ hostKeyHashes: hashes.slice(-MAX_HOST_KEYS) });
    return key;
  }

  isHostKey(key: string): boolean {
    return this.#record.hostKeyHashes.includes(this.#secrets.hashKey(key));
  }

  revokeHostKey(key: string): void {
    const revoked = this.#secrets.hashKey(key);
    this.#save({ hostKeyHashes: this.#record.hostKeyHashes.filter((hash) => hash !== revoked) });
  }

  ban(ban: Ban): void {
    this.#save({ bans: [...this.#record.bans, ban].slice(-MAX_BANS) });
  }

  #save(change: Partial<RoomRecord>): void {
    const record = { ...this.#record, ...change };
    this.#rooms.save(record);
    this.#record = record;
  }
}
