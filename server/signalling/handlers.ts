/** What each request does for a participant in a room. Coming and going are the socket end's. */
import { answerStage } from '../conference/moderation.ts';
import { requirePower } from '../conference/roles.ts';
import { requests } from './contract.ts';
import type { RequestName } from './contract.ts';
import { hostHandlers } from './host-handlers.ts';
import { DONE, on } from './on.ts';
import type { Handlers } from './on.ts';

export type ParticipantRequest = Exclude<RequestName, 'join' | 'leave'>;

export const handlers: Handlers<ParticipantRequest> = {
  ...hostHandlers,
  ready: on(requests.ready, ({ participant }, { rtpCapabilities, view }) => {
    participant.ready(rtpCapabilities, view);
    return DONE;
  }),
  connectTransport: on(requests.connectTransport, async ({ participant }, { direction, dtlsParameters }) => {
    await participant.connectTransport(direction, dtlsParameters);
    return DONE;
  }),
  restartIce: on(requests.restartIce, async ({ participant }, { direction }) => ({
    iceParameters: await participant.restartIce(direction),
  })),
  publish: on(requests.publish, async ({ participant }, { source, rtpParameters, muted: wantedMuted }) => {
    const { id: publicationId, muted } = await participant.publish(source, rtpParameters, wantedMuted);
    return { publicationId, muted };
  }),
  unpublish: on(requests.unpublish, ({ participant }, { publicationId }) => {
    participant.unpublish(publicationId);
    return DONE;
  }),
  setMuted: on(requests.setMuted, async ({ participant }, { publicationId, muted }) => {
    await participant.setMuted(publicationId, muted);
    return DONE;
  }),
  view: on(requests.view, ({ participant }, view) => {
    participant.setView(view);
    return DONE;
  }),
  subscriptionsReady: on(requests.subscriptionsReady, async ({ participant }, { subscriptionIds }) => {
    await participant.subscriptionsReady(subscriptionIds);
    return DONE;
  }),
  chat: on(requests.chat, ({ room, participant }, request) => ({
    message: room.chat.write(participant, request),
  })),
  reactToMessage: on(requests.reactToMessage, ({ room, participant }, request) => {
    room.chat.react(participant, request.messageId, request.reaction, request.on);
    return DONE;
  }),
  answerStage: on(requests.answerStage, async ({ room, participant }, { accept }) => {
    await answerStage(room, participant, accept);
    return DONE;
  }),
  raiseHand: on(requests.raiseHand, ({ room, participant }, { raised }) => {
    room.hands.raise(participant, raised);
    return DONE;
  }),
  react: on(requests.react, ({ room, participant }, { reaction }) => {
    room.react(participant, reaction);
    return DONE;
  }),
  rename: on(requests.rename, ({ participant }, { name }) => {
    requirePower(participant, 'rename-self');
    participant.rename(name);
    return DONE;
  }),
};
