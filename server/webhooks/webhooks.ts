/** Webhooks: what happens in rooms, told to other programs by HTTP POST, signed and in order. */
import type { Logger } from 'pino';
import type { LeaveReason, ParticipantInfo, RoomName } from '../conference/model.ts';
import type { Clock, Observer } from '../conference/ports.ts';
import { Deliveries } from './deliveries.ts';
import { post } from './post.ts';
import type { DeliveryQueue } from './queue.ts';
import { signedHeaders } from './signature.ts';

export interface WebhooksParts {
  urls: readonly string[];
  /** What is sent is signed with it. */
  secret: string;
  allowPrivate: boolean;
  queue: DeliveryQueue;
  clock: Clock;
  logger: Logger;
  /** A new id, unique in this process and all others. */
  newId: () => string;
}

/** The body of a webhook, as JSON. */
export interface WebhookBody {
  type: 'room.started' | 'room.ended' | 'participant.joined' | 'participant.left' | 'hand.raised';
  /** When it happened (RFC 3339). */
  timestamp: string;
  data: { room: RoomName; participant?: ParticipantInfo; reason?: LeaveReason };
}

export interface Webhooks {
  observer: Observer;
  stop(): Promise<void>;
}

/** Begins with what an earlier process has left. */
export function startWebhooks(parts: WebhooksParts): Webhooks {
  const { urls, secret, allowPrivate, queue, clock, logger, newId } = parts;
  const deliveries = new Deliveries({
    queue,
    clock,
    logger,
    chance: Math.random,
    send: (delivery, signal) =>
      post(delivery.url, {
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
  deliveries.start(urls);

  function tell(type: WebhookBody['type'], data: WebhookBody['data']): void {
    const id = newId();
    const event: WebhookBody = { type, timestamp: new Date(clock.now()).toISOString(), data };
    const body = JSON.stringify(event);
    deliveries.add(urls.map((url) => ({ id, url, room: data.room, body })));
  }

  return {
    observer: {
      roomOpened: (room) => tell('room.started', { room }),
      roomEnded: (room) => tell('room.ended', { room }),
      participantJoined: (room, participant) => tell('participant.joined', { room, participant }),
      participantLeft: (room, participant, reason) => tell('participant.left', { room, participant, reason }),
      handRaised: (room, participant) => tell('hand.raised', { room, participant }),
    },
    stop: () => deliveries.stop(),
  };
}
