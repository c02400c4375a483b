import { lazy, Suspense } from 'react';
import type { RoomState } from '../../../sdk/types.ts';
import { may } from '../../../sdk/words.ts';
import { useText } from '../../i18n/text.ts';
import type { Session } from '../../meeting/session.ts';
import type { RoomActions } from '../actions.ts';
import type { Dialog } from '../use-room-view.ts';

const CallDialog = lazy(async () => ({ default: (await import('../calls/call-dialog.tsx')).CallDialog }));
const Confirm = lazy(async () => ({ default: (await import('./confirm.tsx')).Confirm }));
const Invite = lazy(async () => ({ default: (await import('./invite.tsx')).Invite }));
const Rename = lazy(async () => ({ default: (await import('./rename.tsx')).Rename }));
const RoomSettings = lazy(async () => ({
  default: (await import('./room-settings.tsx')).RoomSettingsDialog,
}));
const Settings = lazy(async () => ({ default: (await import('./settings.tsx')).Settings }));
const Shortcuts = lazy(async () => ({ default: (await import('./shortcuts.tsx')).Shortcuts }));

const REMOVAL_TEXTS = {
  browser: ['confirm.remove', 'confirm.removeHint', 'confirm.removeAction'],
  phone: ['confirm.hangUp', 'confirm.hangUpHint', 'confirm.hangUpAction'],
} as const;

interface RoomDialogsProps {
  readonly dialog: Dialog | null;
  readonly session: Session;
  readonly state: RoomState;
  readonly actions: RoomActions;
  readonly onEndRoom: () => void;
  readonly onClose: () => void;
}

/** The dialog that is open, if one is; each is fetched when it is first needed. */
export function RoomDialogs(props: RoomDialogsProps) {
  return (
    <Suspense>
      <OpenDialog {...props} />
    </Suspense>
  );
}

function OpenDialog({ dialog, session, state, actions, onEndRoom, onClose }: RoomDialogsProps) {
  const text = useText();
  if (!dialog) return null;
  switch (dialog.name) {
    case 'settings':
      return <Settings session={session} actions={actions} onClose={onClose} />;
    case 'shortcuts':
      return <Shortcuts onClose={onClose} />;
    case 'invite':
      return state.room && <Invite room={state.room} notices={session.notices} onClose={onClose} />;
    case 'call':
      return (
        may(state.self?.role ?? 'viewer', 'invite') && (
          <CallDialog state={state} actions={actions} onClose={onClose} />
        )
      );
    case 'room-settings':
      // Taken from somebody while it was open: what is shown would be refused.
      return (
        state.room &&
        may(state.self?.role ?? 'viewer', 'change-room') && (
          <RoomSettings room={state.room} actions={actions} onClose={onClose} />
        )
      );
    case 'end':
      return (
        <Confirm
          heading={text('confirm.end')}
          hint={text('confirm.endHint')}
          action={text('confirm.endAction')}
          onConfirm={onEndRoom}
          onClose={onClose}
        />
      );
    case 'rename':
    case 'remove':
    case 'ban':
      return (
        <AboutSomebody
          key={dialog.participantId}
          dialog={dialog}
          state={state}
          actions={actions}
          onClose={onClose}
        />
      );
  }
}

interface AboutSomebodyProps extends Pick<RoomDialogsProps, 'state' | 'actions' | 'onClose'> {
  readonly dialog: Extract<Dialog, { participantId: string }>;
}

function AboutSomebody({ dialog, state, actions, onClose }: AboutSomebodyProps) {
  const text = useText();
  const { participantId } = dialog;
  const person = state.participants.find(({ id }) => id === participantId);
  if (!person) return null;
  const { name, kind } = person;
  switch (dialog.name) {
    case 'rename':
      return (
        <Rename
          name={name}
          onRename={(wanted) => void actions.asHost((host) => host.rename(participantId, wanted))}
          onClose={onClose}
        />
      );
    case 'remove': {
      const [heading, hint, action] = REMOVAL_TEXTS[kind];
      return (
        <Confirm
          heading={text(heading, { name })}
          hint={text(hint, { name })}
          action={text(action)}
          onConfirm={() => void actions.asHost((host) => host.remove(participantId))}
          onClose={onClose}
        />
      );
    }
    case 'ban':
      return (
        <Confirm
          heading={text('confirm.ban', { name })}
          hint={text('confirm.banHint', { name })}
          action={text('confirm.banAction')}
          onConfirm={() => void actions.asHost((host) => host.ban(participantId))}
          onClose={onClose}
        />
      );
  }
}
