/** Who runs one room: roles given and taken, the keys of hosts, and who follows the last of them. */
import type { Participant } from './participant.ts';
import type { Role } from './roles.ts';
import type { Rules } from './rules.ts';

export interface HostsParts {
  rules: Rules;
  /** In the order of coming. */
  participants: () => readonly Participant[];
  /** Somebody has another role: what they may see and do is another. */
  changed: (participant: Participant) => void;
  /** A host who nobody has named has no key, as it could not be kept. */
  failed: (error: unknown) => void;
}

export class Hosts {
  readonly #parts: HostsParts;

  constructor(parts: HostsParts) {
    this.#parts = parts;
  }

  /** One whose connection has dropped has not left. */
  get all(): Participant[] {
    return this.#parts.participants().filter(({ role }) => role === 'host');
  }

  /** Resolves when what the role does not allow has ended. */
  async setRole(participant: Participant, role: Role): Promise<void> {
    const before = participant.role;
    const enforced = participant.setRole(role);
    if (role === 'host') {
      participant.hostKey ??= this.#parts.rules.newHostKey();
      participant.tell({ type: 'hostKey', hostKey: participant.hostKey });
    } else if (before === 'host') {
      this.revokeKey(participant);
    }
    this.#parts.changed(participant);
    await enforced;
  }

  /** Idempotent. */
  revokeKey(participant: Participant): void {
    if (participant.hostKey === null) return;
    this.#parts.rules.revokeHostKey(participant.hostKey);
    participant.hostKey = null;
  }

  /** The last host has left: the room's setting says who follows. @returns true when the room is to end */
  succeed(): boolean {
    const { rules, participants } = this.#parts;
    const { succession } = rules.settings;
    const next = succession === 'longest-present' ? successor(participants()) : null;
    if (next) this.setRole(next, 'host').catch(this.#parts.failed);
    return succession === 'end-room';
  }
}

/**
 * Co-hosts first, then who has been there longest, and one whose connection has dropped only when there is no other.
 * Null when nobody could run the room: telephones have no keys for it, and viewers came to watch.
 */
function successor(participants: readonly Participant[]): Participant | null {
  const able = participants.filter(({ info, role }) => info.kind === 'browser' && role !== 'viewer');
  return able.toSorted((a, b) => rank(b) - rank(a))[0] ?? null;
}

function rank({ info, role }: Participant): number {
  return (info.connected ? 2 : 0) + (role === 'cohost' ? 1 : 0);
}
