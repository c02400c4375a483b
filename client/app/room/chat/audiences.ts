/** Whom somebody may write to, as the server has it. */
import type { ChatAudience, ChatMessage, ParticipantInfo, RoomState } from '../../../sdk/types.ts';
import { may } from '../../../sdk/words.ts';
import { ownParticipant } from '../../media/follow-rules.ts';

export interface Audiences {
  readonly everyone: boolean;
  readonly hosts: boolean;
  /** Those who may be written to alone. */
  readonly people: readonly ParticipantInfo[];
}

export function audiencesOf(state: RoomState): Audiences {
  const own = ownParticipant(state);
  const settings = state.room?.settings;
  if (!own || !settings || !may(own.role, 'chat')) return { everyone: false, hosts: false, people: [] };
  const others = state.participants.filter(({ id, kind }) => id !== own.id && kind === 'browser');
  if (may(own.role, 'see-as-host')) return { everyone: true, hosts: true, people: others };
  const { chat, directChat } = settings;
  const isHost = ({ role }: ParticipantInfo): boolean => may(role, 'see-as-host');
  return {
    everyone: chat === 'everyone',
    hosts: chat !== 'nobody',
    people:
      directChat && chat !== 'nobody' ? others.filter((other) => chat === 'everyone' || isHost(other)) : [],
  };
}

export function mayWriteTo({ everyone, hosts, people }: Audiences, to: ChatAudience): boolean {
  if (to === 'everyone') return everyone;
  return to === 'hosts' ? hosts : people.some(({ id }) => id === to.participantId);
}

/** What is wished as long as it may be, else the widest there is; null when nobody may be written to. */
export function fittingAudience(audiences: Audiences, wished: ChatAudience): ChatAudience | null {
  if (mayWriteTo(audiences, wished)) return wished;
  if (audiences.everyone) return 'everyone';
  return audiences.hosts ? 'hosts' : null;
}

/** Whom an answer to a message is for: those who have read it. */
export function audienceOfReply(
  { to, participantId }: ChatMessage,
  selfId: string | undefined,
): ChatAudience {
  if (typeof to === 'string') return to;
  return { participantId: participantId === selfId ? to.participantId : participantId };
}
