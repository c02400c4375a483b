import { SmilePlus } from 'lucide-react';
import type { Reaction } from '../../../sdk/types.ts';
import { useText } from '../../i18n/text.ts';
import { TEST_IDS } from '../../testids.ts';
import { ReactionButtons } from '../reactions/reaction-buttons.tsx';
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
      {/* It stays open: applause takes more than one click. */}
      <ReactionButtons onReact={onReact} />
    </Menu>
  );
}
