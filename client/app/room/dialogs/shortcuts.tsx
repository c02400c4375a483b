import { useText } from '../../i18n/text.ts';
import { usePreferences } from '../../preferences/preferences.ts';
import { TEST_IDS } from '../../testids.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { SHORTCUTS } from '../keys.ts';
import './shortcuts.css';

const SIGNS: Readonly<Record<string, string>> = { arrowleft: '←', arrowright: '→' };

/** Which key does what. */
export function Shortcuts({ onClose }: { readonly onClose: () => void }) {
  const text = useText();
  const { singleKeyShortcuts } = usePreferences();
  return (
    <Dialog heading={text('shortcuts.heading')} testId={TEST_IDS.shortcuts} onClose={onClose}>
      <dl className="shortcuts">
        <Line name={text('shortcuts.pushToTalk')} keys={[text('shortcuts.space')]} />
        {singleKeyShortcuts &&
          SHORTCUTS.map(({ name, keys }) => (
            <Line key={name} name={text(name)} keys={keys.map((key) => SIGNS[key] ?? key.toUpperCase())} />
          ))}
      </dl>
      {!singleKeyShortcuts && <p className="shortcuts__off">{text('shortcuts.off')}</p>}
    </Dialog>
  );
}

function Line({ name, keys }: { readonly name: string; readonly keys: readonly string[] }) {
  return (
    <div className="shortcuts__line">
      <dt>{name}</dt>
      <dd>
        {keys.map((key) => (
          <kbd key={key} className="shortcuts__key">
            {key}
          </kbd>
        ))}
      </dd>
    </div>
  );
}
