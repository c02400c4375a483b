/**
 * What hosts may do in a room, each action with the power that it takes. The one way for all who act: participants by
 * their socket, and whoever runs the server by the API.
 */
import type { ModerationRequest } from '../signalling/contract.ts';
import { ConferenceError } from './errors.ts';
import type { Attendance, Dial, KnockId, LeaveReason, ParticipantId, RoomInfo } from './model.ts';
import { moderate } from './moderation.ts';
import type { Actor } from './moderation.ts';
import type { Participant } from './participant.ts';
import { requirePower, requireRank } from './roles.ts';
import type { Power, Role } from './roles.ts';
import { type Room } from './room.ts';
import type { RoomChange } from './rules.ts';

export type { Actor } from './moderation.ts';

type Knocks = readonly KnockId[] | 'all';

/** Every action throws ConferenceError `forbidden` to whom a power is missing; nothing has happened then. */
export class HostActions {
  readonly #room: Room;
  readonly #actor: Actor;

  constructor(room: Room, actor: Actor) {
    this.#room = room;
    this.#actor = actor;
  }

  /** @throws ConferenceError `unknown-participant` */
  async moderate(request: ModerationRequest): Promise<void> {
    this.#require('moderate');
    await moderate(this.#room, this.#actor, request);
  }

  /** Out of the room; may come again. @throws ConferenceError `unknown-participant` */
  remove(id: ParticipantId): void {
    this.#putOut(this.#toPutOut(id), 'removed');
  }

  /** Out of the room for as long as it lasts. @throws ConferenceError `unknown-participant` */
  ban(id: ParticipantId): void {
    const target = this.#toPutOut(id);
    this.#room.rules.ban(target.origin);
    this.#putOut(target, 'banned');
  }

  /** @throws ConferenceError `unknown-participant` */
  rename(id: ParticipantId, name: string): void {
    this.#require('rename-others');
    const target = this.#target(id);
    if (target.info.name === name) return;
    target.rename(name);
    target.tellModerated({ action: 'renamed', name }, this.#actor.moderator);
  }

  /** @throws ConferenceError `unknown-participant`; `forbidden` for what would leave the room without a host */
  async setRole(id: ParticipantId, role: Role): Promise<void> {
    this.#require('name-hosts');
    const target = this.#target(id);
    if (target.role === role) return;
    if (role === 'host' && target.info.kind === 'phone') {
      throw new ConferenceError('forbidden', 'A telephone has no keys for what a host does.');
    }
    const isByOperator = this.#actor.moderator.participantId === null;
    if (target.role === 'host' && !isByOperator && this.#room.hosts.all.length === 1) {
      throw new ConferenceError('forbidden', 'Name another host first: the room would have none.');
    }
    const mightPublish = target.may('publish');
    const changed = this.#room.setRole(target, role);
    const { moderator } = this.#actor;
    target.tellModerated({ action: 'role-changed' }, moderator);
    await changed;
    if (target.info.kind !== 'phone' || target.may('publish') === mightPublish) return;
    // A telephone shows no roles: its caller is told what this one means for the voice.
    target.tellModerated({ action: mightPublish ? 'put-off-stage' : 'asked-to-unmute' }, moderator);
  }

  /** Shows somebody large to everybody; null ends it. @throws ConferenceError `unknown-participant` */
  spotlight(id: ParticipantId | null): void {
    this.#require('spotlight');
    this.#room.setSpotlight(id === null ? null : this.#known(id).id);
  }

  /** @throws ConferenceError `unknown-knock` */
  admit(knockIds: Knocks): void {
    this.#require('admit');
    this.#room.lobby.admit(this.#room.lobby.byIds(knockIds));
  }

  /** They may knock again after a while. @throws ConferenceError `unknown-knock` */
  deny(knockIds: Knocks): void {
    this.#require('admit');
    this.#room.lobby.deny(this.#room.lobby.byIds(knockIds));
  }

  /** To one, or with null to all. @throws ConferenceError `unknown-knock` */
  writeToWaiting(knockId: KnockId | null, text: string): void {
    this.#require('admit');
    const places = this.#room.lobby.byIds(knockId === null ? 'all' : [knockId]);
    const { name: from } = this.#actor.moderator;
    for (const place of places) place.tell({ type: 'message', from, text, at: this.#room.now() });
  }

  async change(change: RoomChange): Promise<RoomInfo> {
    this.#require('change-room');
    await this.#room.change(await this.#room.rules.ready(change));
    return this.#room.infoFor(this.#actor);
  }

  /** Calls a number or SIP URI. @throws ConferenceError as `Dialling.start` */
  callOut(destination: string): Dial {
    return this.#room.dialling.start(this.#room, this.#actor, destination);
  }

  cancelCallOut(dialId: string): void {
    this.#room.dialling.cancel(this.#room, this.#actor, dialId);
  }

  /** Everybody is out, and the room is gone. */
  end(): void {
    this.#require('end-room');
    this.#room.end('room-ended', this.#actor.moderator);
  }

  /** The chat as far as the actor may see it, as text. */
  exportChat(): string {
    this.#require('export');
    const { participantId } = this.#actor.moderator;
    return this.#room.chat.export(participantId === null ? null : this.#known(participantId));
  }

  /** Who was here since the room was opened, in the order of coming. */
  attendance(): Attendance[] {
    this.#require('export');
    return this.#room.attendance();
  }

  #toPutOut(id: ParticipantId): Participant {
    this.#require('remove');
    const target = this.#target(id);
    if (id !== this.#actor.moderator.participantId) return target;
    throw new ConferenceError('forbidden', 'Leave, rather than put yourself out.');
  }

  #putOut(target: Participant, reason: Extract<LeaveReason, 'removed' | 'banned'>): void {
    // Else a host who was put out were host again at once.
    this.#room.hosts.revokeKey(target);
    target.leave(reason, this.#actor.moderator);
  }

  #require(power: Power): void {
    requirePower(this.#actor, power);
  }

  /** @throws ConferenceError `unknown-participant`; `forbidden` when the actor may not act on this one */
  #target(id: ParticipantId): Participant {
    const target = this.#known(id);
    if (id !== this.#actor.moderator.participantId) requireRank(this.#actor, target.role);
    return target;
  }

  #known(id: ParticipantId): Participant {
    const found = this.#room.participant(id);
    if (!found) throw new ConferenceError('unknown-participant', `Nobody here is ${id}.`);
    return found;
  }
}
