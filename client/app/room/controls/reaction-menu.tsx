import { Menu as Base } from '@base-ui/react/menu';
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
      orientation="horizontal"
      className="menu--reactions"
      trigger={
        <IconButton className="control" label={label} data-testid={TEST_IDS.react}>
          <SmilePlus aria-hidden="true" />
        </IconButton>
      }
    >
      {REACTIONS.map((reaction) => (
        <Base.Item
          key={reaction}
          className="menu__emoji"
          aria-label={text(REACTION_NAMES[reaction])}
          // Applause takes more than one click.
          closeOnClick={false}
          onClick={() => onReact(reaction)}
        >
          {reaction}
        </Base.Item>
      ))}
    </Menu>
  );
}
