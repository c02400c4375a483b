import { SmilePlus } from 'lucide-react';
import type { Reaction } from '../../../sdk/types.ts';
import { useText } from '../../i18n/text.ts';
import { TEST_IDS } from '../../testids.ts';
import { REACTION_NAMES, REACTIONS } from '../reactions/reaction-names.ts';
import { Menu } from './menu.tsx';

export function ReactionMenu({ onReact }: { readonly onReact: (reaction: Reaction) => void }) {
  const text = useText();
  return (
    <Menu
      label={text('controls.react')}
      className="menu--reactions"
      icon={<SmilePlus aria-hidden="true" />}
      buttonClass="control"
      testId={TEST_IDS.react}
    >
      {REACTIONS.map((reaction) => (
        // It stays open: applause takes more than one click.
        <button
          key={reaction}
          type="button"
          className="menu__emoji"
          role="menuitem"
          tabIndex={-1}
          aria-label={text(REACTION_NAMES[reaction])}
          onClick={() => onReact(reaction)}
        >
          {reaction}
        </button>
      ))}
    </Menu>
  );
}
