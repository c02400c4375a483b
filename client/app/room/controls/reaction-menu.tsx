import { SmilePlus } from 'lucide-react';
import type { Reaction } from '../../../sdk/types.ts';
import { useText } from '../../i18n/text.ts';
import { TEST_IDS } from '../../testids.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { REACTION_NAMES, REACTIONS } from '../reactions/reaction-names.ts';
import { Menu } from './menu.tsx';

export function ReactionMenu({ onReact }: { readonly onReact: (reaction: Reaction) => void }) {
  const text = useText();
  const label = text('controls.react');
  return (
    <Menu
      label={label}
      className="menu--reactions"
      trigger={(trigger) => (
        <IconButton {...trigger} className="control" label={label} data-testid={TEST_IDS.react}>
          <SmilePlus aria-hidden="true" />
        </IconButton>
      )}
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
