import { Settings as Gear } from 'lucide-react';
import { useState } from 'react';
import { useText } from '../../app/i18n/text.ts';
import { serverUrl } from '../../app/links.ts';
import { IconButton } from '../../app/ui/icon-button.tsx';
import { LanguageSelect, ThemeSelect } from '../../app/ui/look.tsx';
import { Logo } from '../../app/ui/logo.tsx';
import { useObservable } from '../../app/ui/use-observable.ts';
import '../../app/ui/page-header.css';
import type { Desk } from '../desk.ts';
import { registrationTexts } from './registration-texts.ts';
import { Settings } from './settings.tsx';
import { PHONE_IDS } from './testids.ts';

interface PhoneHeaderProps {
  /** Null while nobody is signed in. */
  readonly desk: Desk | null;
  readonly onSignOut: () => void;
}

export function PhoneHeader({ desk, onSignOut }: PhoneHeaderProps) {
  const text = useText();
  const [areSettingsOpen, setSettingsOpen] = useState(false);
  return (
    <>
      <header className="page-header phone-header">
        {/* A page of its own: this one may connect anywhere, and the others may not. */}
        <a href={serverUrl()} className="page-header__brand">
          <Logo />
          <span>Tertulia</span>
        </a>
        <h1 className="phone-header__heading">{text('phone.heading')}</h1>
        {desk && <Status desk={desk} />}
        <div className="page-header__look">
          <LanguageSelect />
          <ThemeSelect />
          {desk && (
            <IconButton
              label={text('phone.settings')}
              hintSide="bottom"
              hintAlign="end"
              data-testid={PHONE_IDS.openSettings}
              onClick={() => setSettingsOpen(true)}
            >
              <Gear size={20} aria-hidden="true" />
            </IconButton>
          )}
        </div>
      </header>
      {desk && areSettingsOpen && (
        <Settings desk={desk} onSignOut={onSignOut} onClose={() => setSettingsOpen(false)} />
      )}
    </>
  );
}

/** Who is signed in, and whether calls can come. */
function Status({ desk }: { readonly desk: Desk }) {
  const text = useText();
  const { registration } = useObservable(desk.agent);
  const { displayName, user } = desk.agent.account;
  return (
    <p
      className="phone-status"
      data-status={registration.status}
      data-testid={PHONE_IDS.registration}
      role="status"
    >
      <span className="phone-status__who" dir="auto">
        {displayName || user}
      </span>
      <span className="phone-status__how">{text(registrationTexts(registration).heading)}</span>
    </p>
  );
}
