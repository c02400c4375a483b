import { useEffect, useState, type ReactNode } from 'react';
import { useText } from '../../app/i18n/text.ts';
import { LocalMedia } from '../../app/media/local-media.ts';
import { DevicePickers } from '../../app/prejoin/device-pickers.tsx';
import { DeviceProblems } from '../../app/prejoin/device-problems.tsx';
import { preferences } from '../../app/preferences/preferences.ts';
import '../../app/room/dialogs/settings.css';
import { Dialog } from '../../app/ui/dialog.tsx';
import { useObservable } from '../../app/ui/use-observable.ts';
import type { Desk } from '../desk.ts';
import { phoneLink } from './links.ts';
import { PHONE_IDS } from './testids.ts';
import { useNotesPermission } from './use-call-notes.ts';

interface SettingsProps {
  readonly desk: Desk;
  readonly onSignOut: () => void;
  readonly onClose: () => void;
}

export function Settings({ desk, onSignOut, onClose }: SettingsProps) {
  const text = useText();
  const { media } = useObservable(desk);
  const { address, url } = desk.agent.account;
  return (
    <Dialog heading={text('phone.settings')} testId={PHONE_IDS.settings} onClose={onClose}>
      <Group heading={text('phone.devices')}>{media ? <DevicePickers media={media} /> : <Trial />}</Group>
      <NotesGroup />
      <Group heading={text('phone.links')}>
        <Links />
      </Group>
      <Group heading={text('phone.account')}>
        <p className="phone-settings__account">
          {address}
          <br />
          {url}
        </p>
        <button type="button" className="button button--small" onClick={onSignOut}>
          {text('phone.signOut')}
        </button>
      </Group>
    </Dialog>
  );
}

function Group({ heading, children }: { readonly heading: string; readonly children: ReactNode }) {
  return (
    <section className="settings__group">
      <h3 className="settings__heading">{heading}</h3>
      {children}
    </section>
  );
}

function NotesGroup() {
  const text = useText();
  const [permission, ask] = useNotesPermission();
  if (permission === 'unsupported' || permission === 'granted') return null;
  return (
    <Group heading={text('phone.notes')}>
      {permission === 'denied' ? (
        <p>{text('phone.notesDenied')}</p>
      ) : (
        <button type="button" className="button button--small" onClick={() => void ask()}>
          {text('phone.takeNotes')}
        </button>
      )}
    </Group>
  );
}

/** Opens the microphone for as long as it is looked at, so that it can be tried without calling anybody. */
function Trial() {
  const [media] = useState(() => {
    const { microphoneId, cameraId } = preferences();
    return new LocalMedia({ microphoneId, cameraId, isMicrophoneOn: true, isCameraOn: false });
  });
  useEffect(() => {
    void media.start();
    return () => media.close();
  }, [media]);
  return (
    <>
      <DeviceProblems media={media} />
      <DevicePickers media={media} />
    </>
  );
}

/** Click-to-call from other web pages, by their links. */
function Links() {
  const text = useText();
  const link = phoneLink('sip:200@example.org');
  // Absent on plain HTTP and in browsers of telephones, whatever the types say.
  const canTake = 'registerProtocolHandler' in navigator;
  const take = (): void => {
    for (const scheme of ['sip', 'tel']) navigator.registerProtocolHandler(scheme, `${phoneLink()}?call=%s`);
  };
  return (
    <>
      <p>{text('phone.linksHint')}</p>
      {canTake && (
        <button type="button" className="button button--small" onClick={take}>
          {text('phone.takeLinks')}
        </button>
      )}
      <p className="phone-settings__link">{text('phone.linkExample', { link })}</p>
    </>
  );
}
