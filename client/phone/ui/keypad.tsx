import { useText } from '../../app/i18n/text.ts';
import './keypad.css';

/** Each with the letters that telephones have there. */
const KEYS = [
  ['1', ''],
  ['2', 'ABC'],
  ['3', 'DEF'],
  ['4', 'GHI'],
  ['5', 'JKL'],
  ['6', 'MNO'],
  ['7', 'PQRS'],
  ['8', 'TUV'],
  ['9', 'WXYZ'],
  ['*', ''],
  ['0', ''],
  ['#', ''],
] as const;

/** Twelve keys. */
export function Keypad({ onPress }: { readonly onPress: (key: string) => void }) {
  const text = useText();
  const names: Readonly<Record<string, string>> = { '*': text('phone.star'), '#': text('phone.pound') };
  return (
    <div className="keypad" role="group" aria-label={text('phone.keys')}>
      {KEYS.map(([key, letters]) => (
        <button
          key={key}
          type="button"
          className="keypad__key"
          aria-label={names[key]}
          onClick={() => onPress(key)}
        >
          <span className="keypad__digit">{key}</span> <span className="keypad__letters">{letters}</span>
        </button>
      ))}
    </div>
  );
}
