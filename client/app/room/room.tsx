import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { may } from '../../sdk/words.ts';
import { endFrom, leftByOneself, type RoomEnd } from '../meeting/room-end.ts';
import type { Session } from '../meeting/session.ts';
import { useText } from '../i18n/text.ts';
import { setPreferences, usePreferences } from '../preferences/preferences.ts';
import { TEST_IDS } from '../testids.ts';
import { useAwake } from '../ui/use-awake.ts';
import { useFirstFocus } from '../ui/use-first-focus.ts';
import { useObservable } from '../ui/use-observable.ts';
import { useTitle } from '../ui/use-title.ts';
import { RoomActions } from './actions.ts';
import { useCallNews } from './calls/use-call-news.ts';
import { useUnread } from './chat/use-unread.ts';
import { Controls } from './controls/controls.tsx';
import { RoomDialogs } from './dialogs/room-dialogs.tsx';
import { RoomInfo } from './controls/room-info.tsx';
import { SideControls } from './controls/side-controls.tsx';
import { usePushToTalk } from './controls/use-push-to-talk.ts';
import { useShortcuts } from './controls/use-shortcuts.ts';
import { Invitation } from './invitation.tsx';
import { Notices } from './notices/notices.tsx';
import { useModerated } from './notices/use-moderated.ts';
import { useNews } from './notices/use-news.ts';
import { useMutedSpeech } from './notices/use-muted-speech.ts';
import { Reactions } from './reactions/reactions.tsx';
import { Sound } from './sound/sound.tsx';
import { Stage } from './stage/stage.tsx';
import { useRoomView } from './use-room-view.ts';
import './room.css';

const ChatPanel = lazy(async () => ({ default: (await import('./chat/chat-panel.tsx')).ChatPanel }));
const PeoplePanel = lazy(async () => ({
  default: (await import('./people/people-panel.tsx')).PeoplePanel,
}));
const StatsPanel = lazy(async () => ({ default: (await import('./stats/stats-panel.tsx')).StatsPanel }));
const StageInvitation = lazy(async () => ({
  default: (await import('./dialogs/stage-invitation.tsx')).StageInvitation,
}));

/** For the list of who was there, leaving waits no longer than this, in ms. */
const ATTENDANCE_WAIT_MS = 1_500;

interface RoomProps {
  readonly session: Session;
  readonly onEnd: (session: Session, how: RoomEnd) => void;
}

/** A room from the inside. */
export function Room({ session, onEnd }: RoomProps) {
  const { client, media, view, notices, room } = session;
  const text = useText();
  const state = useObservable(client);
  const { speakerId, showSelfView, singleKeyShortcuts } = usePreferences();
  const { choices, panel, dialog, audience, setPinned, setPage, setAudience, changes } = useRoomView();
  const actions = useMemo(() => new RoomActions(session), [session]);
  const [isSoundBlocked, setSoundBlocked] = useState(false);
  const unread = useUnread(state.chat, state.self?.participantId, panel === 'chat');
  const heading = useFirstFocus<HTMLHeadingElement>();
  const title = text('title.room', { room });
  useTitle(unread > 0 ? text('title.unread', { count: unread, title }) : title);

  /** Who was here, for hosts who go. */
  const attendance = useRef<string | null>(null);
  const { ended } = state;
  useEffect(() => {
    if (ended) onEnd(session, endFrom(ended, client.state.self?.participantId, attendance.current));
  }, [ended, session, client, onEnd]);

  useAwake();
  useNews(session, panel);
  useCallNews(session, dialog?.name === 'call');
  useMutedSpeech(session);
  const { invitedBy, answer } = useModerated(session, actions);
  const isPushedToTalk = usePushToTalk(actions);
  useShortcuts(actions, changes, singleKeyShortcuts);

  const closePanel = useCallback(() => changes.setPanel(null), [changes]);
  const closeDialog = useCallback(() => changes.setDialog(null), [changes]);
  const onBlocked = useCallback(() => setSoundBlocked(true), []);
  const takeAttendance = async (): Promise<void> => {
    if (!may(state.self?.role ?? 'viewer', 'export')) return;
    const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), ATTENDANCE_WAIT_MS));
    attendance.current = await Promise.race([actions.attendance(), late]);
  };
  const leave = async (): Promise<void> => {
    await takeAttendance();
    onEnd(session, leftByOneself(attendance.current));
  };
  /** The server tells the end to whoever brought it about as to everybody. */
  const endRoom = async (): Promise<void> => {
    await takeAttendance();
    await actions.asHost((host) => host.endRoom());
  };
  const isAlone = state.participants.length === 1;

  return (
    <div className="room" data-testid={TEST_IDS.room} data-phase={state.phase}>
      <main className="room__main" data-panel={panel ?? undefined}>
        <h1 ref={heading} className="visually-hidden" tabIndex={-1}>
          {room}
        </h1>
        <div className="room__stage">
          <Stage
            state={state}
            choices={{ ...choices, showSelf: showSelfView }}
            view={view}
            onPin={setPinned}
            onPage={setPage}
          />
          {isAlone && state.room && state.knocks.length === 0 && (
            <Invitation room={state.room} dials={state.dials} notices={notices} />
          )}
          <Reactions client={client} />
          <Notices
            state={state}
            board={notices}
            actions={actions}
            onShowDoor={panel === 'people' ? null : () => changes.setPanel('people')}
            isSoundBlocked={isSoundBlocked}
            soundOnly={choices.soundOnly}
            onShowPictures={() => changes.setSoundOnly(false)}
            onUnblockSound={() => setSoundBlocked(false)}
          />
        </div>
        <Suspense>
          {panel === 'chat' && (
            <ChatPanel
              state={state}
              audience={audience}
              onAudience={setAudience}
              actions={actions}
              onClose={closePanel}
            />
          )}
          {panel === 'people' && (
            <PeoplePanel state={state} actions={actions} changes={changes} onClose={closePanel} />
          )}
          {panel === 'stats' && <StatsPanel client={client} state={state} onClose={closePanel} />}
        </Suspense>
      </main>
      <RoomInfo room={room} isLocked={state.room?.settings.locked === true} notices={notices} />
      <Controls
        state={state}
        media={media}
        actions={actions}
        choices={{ ...choices, showSelf: showSelfView }}
        changes={changes}
        onShowSelf={(showSelfView) => setPreferences({ showSelfView })}
        isPushedToTalk={isPushedToTalk}
        onLeave={() => void leave()}
      />
      <SideControls state={state} panel={panel} unread={unread} onPanel={changes.togglePanel} />
      <Sound
        publications={state.publications}
        selfId={state.self?.participantId}
        speakerId={speakerId}
        isBlocked={isSoundBlocked}
        onBlocked={onBlocked}
        notices={notices}
      />
      <RoomDialogs
        dialog={dialog}
        session={session}
        state={state}
        actions={actions}
        onEndRoom={() => void endRoom()}
        onClose={closeDialog}
      />
      {invitedBy !== null && (
        <Suspense>
          <StageInvitation from={invitedBy} onAnswer={answer} />
        </Suspense>
      )}
    </div>
  );
}
