import { useId, useState, type SubmitEvent } from 'react';
import { useText } from '../../i18n/text.ts';
import type { Session } from '../../meeting/session.ts';
import { CameraPicker, MicrophonePicker, SpeakerPicker } from '../../prejoin/device-pickers.tsx';
import { cleanName, MAX_NAME_LENGTH } from '../../preferences/name.ts';
import { setPreferences, usePreferences } from '../../preferences/preferences.ts';
import { TEST_IDS } from '../../testids.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { LanguageSelect, ThemeSelect } from '../../ui/look.tsx';
import { useObservable } from '../../ui/use-observable.ts';
import { Video } from '../../ui/video.tsx';
import type { RoomActions } from '../actions.ts';
import './settings.css';

interface SettingsProps {
  readonly session: Session;
  readonly actions: RoomActions;
  readonly onClose: () => void;
}

/** Devices, name, language and look, changed while the conversation goes on. */
export function Settings({ session, actions, onClose }: SettingsProps) {
  const text = useText();
  const { media } = session;
  const { camera } = useObservable(media);
  return (
    <Dialog heading={text('settings.heading')} testId={TEST_IDS.settings} onClose={onClose}>
      <section className="settings__group">
        <h3 className="settings__heading">{text('settings.sound')}</h3>
        <MicrophonePicker media={media} />
        <SpeakerPicker media={media} />
      </section>
      <section className="settings__group">
        <h3 className="settings__heading">{text('settings.picture')}</h3>
        <CameraPicker media={media} />
        {camera.track && <Video track={camera.track} className="settings__picture" />}
      </section>
      <section className="settings__group">
        <h3 className="settings__heading">{text('settings.general')}</h3>
        <NameForm session={session} onRename={(name) => actions.rename(name)} />
        <Look />
        <KeySwitch />
      </section>
    </Dialog>
  );
}

interface NameFormProps {
  readonly session: Session;
  readonly onRename: (name: string) => void;
}

function NameForm({ session, onRename }: NameFormProps) {
  const text = useText();
  const field = useId();
  const { participants, self } = useObservable(session.client);
  const current = participants.find(({ id }) => id === self?.participantId)?.name ?? '';
  const [name, setName] = useState(current);
  const clean = cleanName(name);

  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (clean === '' || clean === current) return;
    setPreferences({ name: clean });
    onRename(clean);
  };
  return (
    <form className="field" onSubmit={submit}>
      <label className="field__label" htmlFor={field}>
        {text('settings.yourName')}
      </label>
      <div className="settings__name">
        <input
          id={field}
          className="input"
          value={name}
          maxLength={MAX_NAME_LENGTH}
          autoComplete="name"
          dir="auto"
          onChange={(event) => setName(event.target.value)}
        />
        <button type="submit" className="button" disabled={clean === '' || clean === current}>
          {text('settings.save')}
        </button>
      </div>
    </form>
  );
}

function Look() {
  const text = useText();
  const language = useId();
  const theme = useId();
  return (
    <div className="settings__look">
      <div className="field">
        <label className="field__label" htmlFor={language}>
          {text('language.label')}
        </label>
        <LanguageSelect id={language} />
      </div>
      <div className="field">
        <label className="field__label" htmlFor={theme}>
          {text('theme.label')}
        </label>
        <ThemeSelect id={theme} />
      </div>
    </div>
  );
}

function KeySwitch() {
  const text = useText();
  const { singleKeyShortcuts } = usePreferences();
  return (
    <label className="settings__switch">
      <input
        type="checkbox"
        checked={singleKeyShortcuts}
        onChange={({ target }) => setPreferences({ singleKeyShortcuts: target.checked })}
      />
      {text('settings.singleKeys')}
    </label>
  );
}
