import type { Reaction } from '../../../sdk/types.ts';
import type { PlainTextKey } from '../../i18n/text.ts';

/** What each reaction means, in the order in which they are offered. */
export const REACTION_NAMES: Record<Reaction, PlainTextKey> = {
  '👍': 'reaction.thumb',
  '👏': 'reaction.clap',
  '❤️': 'reaction.heart',
  '😂': 'reaction.laugh',
  '😮': 'reaction.wow',
  '🎉': 'reaction.party',
};

export const REACTIONS: readonly Reaction[] = ['👍', '👏', '❤️', '😂', '😮', '🎉'];
