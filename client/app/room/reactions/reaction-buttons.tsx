import type { Reaction } from '../../../sdk/types.ts';
import { useText } from '../../i18n/text.ts';
import { REACTION_NAMES, REACTIONS } from './reaction-names.ts';

interface ReactionButtonsProps {
  readonly onReact: (reaction: Reaction, button: HTMLButtonElement) => void;
}

/** All reactions, as items of a menu. */
export function ReactionButtons({ onReact }: ReactionButtonsProps) {
  const text = useText();
  return REACTIONS.map((reaction) => (
    <button
      key={reaction}
      type="button"
      className="menu__emoji"
      role="menuitem"
      tabIndex={-1}
      aria-label={text(REACTION_NAMES[reaction])}
      onClick={({ currentTarget }) => onReact(reaction, currentTarget)}
    >
      {reaction}
    </button>
  ));
}
