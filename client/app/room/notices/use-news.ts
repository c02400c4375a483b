import { useEffect, useRef } from 'react';
import type { ParticipantInfo, RoomState } from '../../../sdk/types.ts';
import { may } from '../../../sdk/words.ts';
import { currentText, type PlainTextKey, type Words } from '../../i18n/text.ts';
import type { PanelName } from '../use-room-view.ts';
import { REACTION_NAMES } from '../reactions/reaction-names.ts';
import type { Session } from '../../meeting/session.ts';

/** More comings and goings than this at once are told as nothing: nobody listens to a list of names. */
const MAX_TOLD = 3;
/** How much of a message is read out, in characters. */
const MAX_READ = 160;

/** What the list of people and the chat show as well. */
const HANDS = 'hands';
const CHAT = 'chat';

export interface Change {
  readonly key: 'announce.joined' | 'announce.left' | 'announce.hand';
  readonly name: string;
}

/** What others did between two states of a room. */
export function changesBetween(before: RoomState, after: RoomState): Change[] {
  const selfId = after.self?.participantId;
  const known = new Map(before.participants.map((participant) => [participant.id, participant]));
  const changes: Change[] = [];
  for (const participant of after.participants) {
    const earlier = known.get(participant.id);
    known.delete(participant.id);
    if (participant.id === selfId) continue;
    if (!earlier) changes.push({ key: 'announce.joined', name: participant.name });
    else if (hasRaisedHand(earlier, participant))
      changes.push({ key: 'announce.hand', name: participant.name });
  }
  for (const { id, name } of known.values()) if (id !== selfId) changes.push({ key: 'announce.left', name });
  return changes;
}

function hasRaisedHand(before: ParticipantInfo, after: ParticipantInfo): boolean {
  return before.handRaisedAt === null && after.handRaisedAt !== null;
}

/** Hands are for who gives the floor, and not twice for who looks at the queue. */
function asksForNotice({ key }: Change, { self }: RoomState, panel: PanelName | null): boolean {
  return key === 'announce.hand' && panel !== 'people' && may(self?.role ?? 'viewer', 'moderate');
}

/** Tells what happens in the room: in words for screen readers, as notices where it should be seen. */
export function useNews(session: Session, panel: PanelName | null): void {
  const shown = useRef(panel);
  useEffect(() => {
    shown.current = panel;
    if (panel === 'people') session.notices.settle(HANDS);
    if (panel === 'chat') session.notices.settle(CHAT);
  }, [panel, session]);

  useEffect(() => {
    const { client, media, notices } = session;
    let before = client.state;
    const nameOf = (id: string): string =>
      client.state.participants.find((participant) => participant.id === id)?.name ?? '';

    const ends = [
      client.subscribe(() => {
        const after = client.state;
        if (before.phase === 'reconnecting' && after.phase === 'joined')
          notices.show((text) => text('notice.reconnected'));
        // Who came and went while one was away oneself would be a flood; the picture tells it.
        const isSteady = before.phase === 'joined' && after.phase === 'joined';
        const changes = isSteady ? changesBetween(before, after) : [];
        before = after;
        if (changes.length > MAX_TOLD) return;
        for (const change of changes) {
          const told: Words = (text) => text(change.key, { name: change.name });
          if (asksForNotice(change, after, shown.current)) notices.show(told, 'info', HANDS);
          else notices.announce(told(currentText()));
        }
      }),
      client.on('chatMessage', ({ participantId, name, text: message }) => {
        if (participantId === client.state.self?.participantId) return;
        const short = message.length > MAX_READ ? `${message.slice(0, MAX_READ)}…` : message;
        const told: Words = (text) => text('announce.message', { name, text: short });
        if (shown.current === 'chat') notices.announce(told(currentText()));
        else notices.show(told, 'info', CHAT);
      }),
      client.on('reaction', ({ participantId, reaction }) => {
        const text = currentText();
        const name = nameOf(participantId);
        notices.announce(text('announce.reaction', { name, reaction: text(REACTION_NAMES[reaction]) }));
      }),
      client.on('stageDeclined', ({ participantId }) => {
        const name = nameOf(participantId);
        notices.show((text) => text('stageInvitation.declined', { name }));
      }),
      media.onNews((news) => {
        if (news.type === 'lost') notices.show((text) => text(LOST[news.kind]), 'danger');
        else notices.show((text) => text(FELL_BACK[news.kind], { device: news.device }), 'warning');
      }),
    ];
    return () => {
      for (const end of ends) end();
    };
  }, [session]);
}

const LOST = { microphone: 'device.lostMicrophone', camera: 'device.lostCamera' } as const satisfies Record<
  string,
  PlainTextKey
>;
const FELL_BACK = { microphone: 'device.fellBackMicrophone', camera: 'device.fellBackCamera' } as const;
