import { startTransition, useId, useOptimistic, useState } from 'react';
import type { ChatReach, RoomInfo, RoomKind, RoomSettings, Source, Succession } from '../../../sdk/types.ts';
import { presets, roomKinds } from '../../../sdk/words.ts';
import { useText, type PlainTextKey } from '../../i18n/text.ts';
import { TEST_IDS } from '../../testids.ts';
import { Dialog } from '../../ui/dialog.tsx';
import type { RoomActions } from '../actions.ts';
import { Secret } from './secret.tsx';
import { Choice, Group, Switch } from './setting-lines.tsx';
import './room-settings.css';

const KINDS = {
  meeting: 'kind.meeting',
  class: 'kind.class',
  webinar: 'kind.webinar',
} as const satisfies Record<RoomKind, PlainTextKey>;

const REACHES = [
  ['everyone', 'roomSettings.chatEveryone'],
  ['hosts', 'roomSettings.chatHosts'],
  ['nobody', 'roomSettings.chatNobody'],
] as const satisfies readonly (readonly [ChatReach, PlainTextKey])[];

const SUCCESSIONS = [
  ['longest-present', 'roomSettings.successionLongest'],
  ['nobody', 'roomSettings.successionNobody'],
  ['end-room', 'roomSettings.successionEnd'],
] as const satisfies readonly (readonly [Succession, PlainTextKey])[];

const NEWCOMERS = [
  ['participant', 'roomSettings.participants'],
  ['viewer', 'roomSettings.viewers'],
] as const satisfies readonly (readonly [RoomSettings['defaultRole'], PlainTextKey])[];

/** What a switch lets everybody send: a screen goes with its sound. */
const MEDIA = [
  { sources: ['microphone'], label: 'roomSettings.microphone', hint: 'roomSettings.microphoneHint' },
  { sources: ['camera'], label: 'roomSettings.camera', hint: 'roomSettings.cameraHint' },
  { sources: ['screen', 'screenAudio'], label: 'roomSettings.screen', hint: 'roomSettings.screenHint' },
] as const satisfies readonly {
  sources: readonly Source[];
  label: PlainTextKey;
  hint: PlainTextKey;
}[];

interface RoomSettingsProps {
  readonly room: RoomInfo;
  readonly actions: RoomActions;
  readonly onClose: () => void;
}

/** How the room is run; each change holds at once. */
export function RoomSettingsDialog({ room, actions, onClose }: RoomSettingsProps) {
  const text = useText();
  // What was chosen shows at once; should it be refused, it goes back.
  const [settings, foresee] = useOptimistic(room.settings, withChange);
  const change = (changed: Partial<RoomSettings>): void =>
    startTransition(async () => {
      foresee(changed);
      await actions.asHost((host) => host.changeRoom({ settings: changed }));
    });
  /** One that is on or off. */
  const flag = (key: FlagName) => (
    <Switch
      name={key}
      label={text(`roomSettings.${key}`)}
      hint={text(`roomSettings.${key}Hint`)}
      isOn={settings[key]}
      onChange={(isOn) => change({ [key]: isOn })}
    />
  );
  const named = <T extends string>(choices: readonly (readonly [T, PlainTextKey])[]) =>
    choices.map(([value, key]) => ({ value, label: text(key) }));

  return (
    <Dialog heading={text('roomSettings.heading')} testId={TEST_IDS.roomSettings} onClose={onClose}>
      <p className="room-settings__hint">{text('roomSettings.hint')}</p>
      <Choice
        label={text('roomSettings.kind')}
        hint={text('roomSettings.kindHint')}
        value={settings.kind}
        choices={roomKinds.map((kind) => ({ value: kind, label: text(KINDS[kind]) }))}
        onChoose={(kind) => change({ kind })}
      />
      <Group heading={text('roomSettings.entry')}>
        {flag('lobby')}
        {flag('locked')}
        {flag('hostRequired')}
        {flag('quietEntry')}
        <Secret
          label={text('roomSettings.password')}
          hint={text(room.hasPassword ? 'roomSettings.passwordSet' : 'roomSettings.passwordNone')}
          isSet={room.hasPassword}
          maxLength={128}
          testId={TEST_IDS.roomPassword}
          onChange={(password) => actions.asHost((host) => host.changeRoom({ password }))}
        />
        {room.number !== null && (
          <Secret
            label={text('roomSettings.pin')}
            hint={
              room.pin === null
                ? text('roomSettings.pinNone')
                : text('roomSettings.pinSet', { pin: room.pin })
            }
            isSet={room.pin !== null}
            maxLength={12}
            pattern="[0-9]{4,12}"
            inputMode="numeric"
            testId={TEST_IDS.roomPin}
            onChange={(pin) => actions.asHost((host) => host.changeRoom({ pin }))}
          />
        )}
        <Choice
          label={text('roomSettings.defaultRole')}
          hint={text('roomSettings.defaultRoleHint')}
          value={settings.defaultRole}
          choices={named(NEWCOMERS)}
          onChoose={(defaultRole) => change({ defaultRole })}
        />
        <MaxParticipants
          key={settings.maxParticipants}
          value={settings.maxParticipants}
          onChange={(maxParticipants) => change({ maxParticipants })}
        />
      </Group>
      <Group heading={text('roomSettings.media')}>
        {MEDIA.map(({ sources, label, hint }) => (
          <Switch
            key={label}
            name={label}
            label={text(label)}
            hint={text(hint)}
            isOn={settings.allowed.includes(sources[0])}
            onChange={(isOn) => change({ allowed: withSources(settings.allowed, sources, isOn) })}
          />
        ))}
        {flag('camerasForHostsOnly')}
      </Group>
      <Group heading={text('roomSettings.chatGroup')}>
        <Choice
          label={text('roomSettings.chat')}
          hint={text('roomSettings.chatHint')}
          value={settings.chat}
          choices={named(REACHES)}
          onChoose={(chat) => change({ chat })}
        />
        {flag('directChat')}
        {flag('chatHistory')}
        {flag('keepChat')}
      </Group>
      <Group heading={text('roomSettings.end')}>
        <Choice
          label={text('roomSettings.end')}
          isLabelHidden
          hint={text('roomSettings.successionHint')}
          value={settings.succession}
          choices={named(SUCCESSIONS)}
          onChoose={(succession) => change({ succession })}
        />
      </Group>
    </Dialog>
  );
}

type FlagName =
  | 'lobby'
  | 'locked'
  | 'hostRequired'
  | 'quietEntry'
  | 'camerasForHostsOnly'
  | 'directChat'
  | 'chatHistory'
  | 'keepChat';

/** As the server does it: a kind brings its preset. */
function withChange(settings: RoomSettings, change: Partial<RoomSettings>): RoomSettings {
  return { ...(change.kind === undefined ? settings : presets[change.kind]), ...change };
}

/** What is allowed once these are switched on or off. */
export function withSources(allowed: readonly Source[], sources: readonly Source[], isOn: boolean): Source[] {
  const others = allowed.filter((source) => !sources.includes(source));
  return isOn ? [...others, ...sources] : others;
}

interface MaxParticipantsProps {
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
}

function MaxParticipants({ value, onChange }: MaxParticipantsProps) {
  const text = useText();
  const field = useId();
  const hint = useId();
  const [draft, setDraft] = useState(value === null ? '' : String(value));
  const save = (): void => {
    const wanted = draft.trim() === '' ? null : Number(draft);
    if (wanted === value) return;
    if (wanted === null || (Number.isInteger(wanted) && wanted >= 1 && wanted <= 10_000)) onChange(wanted);
    else setDraft(value === null ? '' : String(value));
  };
  return (
    <div className="setting">
      <span className="setting__words">
        <label className="setting__label" htmlFor={field}>
          {text('roomSettings.max')}
        </label>
        <span id={hint} className="setting__hint">
          {text('roomSettings.maxHint')}
        </span>
      </span>
      <input
        id={field}
        className="input setting__number"
        type="number"
        min={1}
        max={10_000}
        inputMode="numeric"
        value={draft}
        aria-describedby={hint}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={save}
        onKeyDown={(event) => {
          if (event.key === 'Enter') save();
        }}
      />
    </div>
  );
}
