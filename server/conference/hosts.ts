/** Who runs one room: roles given and taken, the keys of hosts, and who follows the last of them. */
import type { Participant } from './participant.ts';
import type { Clock } from './ports.ts';
import type { Role } from './roles.ts';
import type { Rules } from './rules.ts';

export interface HostsParts {
  rules: Rules;
  clock: Clock;
  /** In the order of coming. */
  participants: () => readonly Participant[];
  /** Somebody has another role: what they may see and do is another. */
  changed: (participant: Participant) => void;
  /** A host who nobody has named has no key, as it could not be kept. */
  failed: (error: unknown) => void;
  /** The room is to end, as nobody runs it any more. */
  end: () => void;
}

export class Hosts {
  readonly #parts: HostsParts;
  #stopWaiting: (() => void) | null = null;

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

  /** The hosts went away with the server: one who is not back in time has left. @param keptMs how long places are kept */
  awaitReturn(keptMs: number): void {
    this.#stopWaiting = this.#parts.clock.after(keptMs, () => {
      if (this.#parts.participants().length > 0) this.hostLeft();
    });
  }

  /** When it was the last, the room's setting says who follows. */
  hostLeft(): void {
    if (this.all.length > 0) return;
    const { rules, participants, failed, end } = this.#parts;
    switch (rules.settings.succession) {
      case 'longest-present': {
        const next = successor(participants());
        if (next) this.setRole(next, 'host').catch(failed);
        return;
      }
      case 'end-room':
        end();
        return;
      case 'nobody':
    }
  }

  /** The room is gone. Idempotent. */
  close(): void {
    this.#stopWaiting?.();
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
