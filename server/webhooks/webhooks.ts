/** Webhooks: what happens in rooms and on telephones, told to other programs by HTTP POST, signed and in order. */
import type { Logger } from 'pino';
import type { LeaveReason, ParticipantInfo, RoomName } from '../conference/model.ts';
import type { Clock, Observer } from '../conference/ports.ts';
import type { CallRecord, StartedCall } from '../signalling/contract/bridge.ts';
import type { WebhookEvent } from '../webhook-events.ts';
import { Deliveries } from './deliveries.ts';
import { post } from './post.ts';
import type { DeliveryQueue } from './queue.ts';
import { Receivers } from './receivers.ts';
import type { AddedReceiver, Receiver, ReceiverStore } from './receivers.ts';
import { signedHeaders } from './signature.ts';

export interface WebhooksParts {
  /** Those of the settings. */
  configured: readonly Receiver[];
  receivers: ReceiverStore;
  allowPrivate: boolean;
  queue: DeliveryQueue;
  clock: Clock;
  logger: Logger;
  /** A new id, unique in this process and all others. */
  newId: () => string;
}

/** The body of a webhook, as JSON. */
export interface WebhookBody {
  type: WebhookEvent;
  /** When it happened (RFC 3339). */
  timestamp: string;
  data: {
    /** Null for a call that is in none, or does not say yet. */
    room: RoomName | null;
    participant?: ParticipantInfo;
    reason?: LeaveReason;
    call?: StartedCall | CallRecord;
  };
}

export interface Webhooks {
  observer: Observer;
  callStarted(call: StartedCall): void;
  callEnded(record: CallRecord): void;
  /** Those of the settings, and those that were added. */
  readonly configured: readonly Receiver[];
  readonly added: readonly AddedReceiver[];
  /** Its secret is not to be shown again. */
  add(receiver: Pick<Receiver, 'url' | 'events'>): ReturnType<Receivers['add']>;
  /** What waits for it is forgotten. @returns false for one that was not added */
  remove(id: string): boolean;
  /** Delivers what is queued, also by an earlier process. Until then, and after `handOver`, it is queued only. */
  start(): void;
  /** Leaves delivering to another process, which is told when none is under way here, and then whenever there is more. */
  handOver(more: () => void): void;
  stop(): Promise<void>;
}

export function createWebhooks(parts: WebhooksParts): Webhooks {
  const { configured, receivers: store, allowPrivate, queue, clock, logger, newId } = parts;
  const receivers = new Receivers({ configured, store, allowPrivate, clock, newId });
  const deliveries = new Deliveries({
    queue,
    clock,
    logger,
    chance: Math.random,
    receiver: (id) => receivers.find(id),
    send: ({ url, secret }, delivery, signal) =>
      post(url, {
        headers: {
          'content-type': 'application/json',
          'user-agent': 'Tertulia',
          ...signedHeaders(secret, delivery, clock.now()),
        },
        body: delivery.body,
        allowPrivate,
        signal,
      }),
  });

  /** Whether another process delivers, and has those who add receivers and remove them. */
  let isHandedOver = false;

  /** @param about what the order is kept of */
  function tell(type: WebhookEvent, data: WebhookBody['data'], about: string): void {
    if (isHandedOver) learnReceivers();
    const id = newId();
    const event: WebhookBody = { type, timestamp: new Date(clock.now()).toISOString(), data };
    const body = JSON.stringify(event);
    deliveries.add(receivers.toldOf(type).map((receiver) => ({ id, receiver: receiver.id, about, body })));
  }

  function learnReceivers(): void {
    try {
      receivers.reload();
    } catch (error) {
      logger.error({ err: error }, 'who is told by webhook could not be read, and is as before');
    }
  }

  return {
    observer: {
      roomOpened: (room) => tell('room.started', { room }, room),
      roomEnded: (room) => tell('room.ended', { room }, room),
      participantJoined: (room, participant) => tell('participant.joined', { room, participant }, room),
      participantLeft: (room, participant, reason) =>
        tell('participant.left', { room, participant, reason }, room),
      handRaised: (room, participant) => tell('hand.raised', { room, participant }, room),
    },
    callStarted: (call) => tell('call.started', { room: null, call }, call.callId),
    callEnded: (call) => tell('call.ended', { room: call.room, call }, call.callId),
    get configured() {
      return receivers.configured;
    },
    get added() {
      return receivers.added;
    },
    add: (receiver) => receivers.add(receiver),
    remove(id) {
      const isGone = receivers.remove(id);
      if (isGone) queue.keepOnly(receivers.ids);
      return isGone;
    },
    start() {
      isHandedOver = false;
      learnReceivers();
      deliveries.start(receivers.ids);
    },
    handOver(more) {
      isHandedOver = true;
      deliveries.handOver(more);
    },
    stop: () => deliveries.stop(),
  };
}
