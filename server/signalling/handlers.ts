/** What each request does for a participant in a room. Coming and going are the socket end's. */
import type { z } from 'zod';
import type { Participant } from '../conference/participant.ts';
import { requests } from './contract.ts';
import type { Answers, RequestName } from './contract.ts';

export type ParticipantRequest = Exclude<RequestName, 'join' | 'leave'>;

type Handlers = {
  [N in ParticipantRequest]: (participant: Participant, payload: unknown) => Promise<Answers[N]>;
};

const DONE = {} as const;

/** A handler that gets what the schema lets through. @throws ZodError */
function on<S extends z.ZodType, A>(
  schema: S,
  handle: (participant: Participant, request: z.output<S>) => A | Promise<A>,
): (participant: Participant, payload: unknown) => Promise<A> {
  return async (participant, payload) => handle(participant, schema.parse(payload));
}

export const handlers: Handlers = {
  ready: on(requests.ready, (participant, { rtpCapabilities, view }) => {
    participant.ready(rtpCapabilities, view);
    return DONE;
  }),
  connectTransport: on(requests.connectTransport, async (participant, { direction, dtlsParameters }) => {
    await participant.connectTransport(direction, dtlsParameters);
    return DONE;
  }),
  restartIce: on(requests.restartIce, async (participant, { direction }) => ({
    iceParameters: await participant.restartIce(direction),
  })),
  publish: on(requests.publish, async (participant, { source, rtpParameters, muted }) => ({
    publicationId: await participant.publish(source, rtpParameters, muted),
  })),
  unpublish: on(requests.unpublish, (participant, { publicationId }) => {
    participant.unpublish(publicationId);
    return DONE;
  }),
  setMuted: on(requests.setMuted, async (participant, { publicationId, muted }) => {
    await participant.setMuted(publicationId, muted);
    return DONE;
  }),
  view: on(requests.view, (participant, view) => {
    participant.setView(view);
    return DONE;
  }),
  subscriptionsReady: on(requests.subscriptionsReady, async (participant, { subscriptionIds }) => {
    await participant.subscriptionsReady(subscriptionIds);
    return DONE;
  }),
  chat: on(requests.chat, (participant, { text }) => ({ message: participant.writeChat(text) })),
  raiseHand: on(requests.raiseHand, (participant, { raised }) => {
    participant.raiseHand(raised);
    return DONE;
  }),
  react: on(requests.react, (participant, { reaction }) => {
    participant.react(reaction);
    return DONE;
  }),
  rename: on(requests.rename, (participant, { name }) => {
    participant.rename(name);
    return DONE;
  }),
};
