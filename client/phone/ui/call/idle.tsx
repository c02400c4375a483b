import { Phone } from 'lucide-react';
import { useText } from '../../../app/i18n/text.ts';

/** In place of a call. */
export function Idle() {
  const text = useText();
  return (
    <div className="idle">
      <span className="idle__icon">
        <Phone aria-hidden="true" />
      </span>
      <h2 className="idle__heading">{text('phone.idle')}</h2>
      <p>{text('phone.idleHint')}</p>
    </div>
  );
}
