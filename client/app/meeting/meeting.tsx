import { useCallback, useEffect, useRef, useState } from 'react';
import { RoomClientError } from '../../sdk/index.ts';
import { isRoomName } from '../landing/room-names.ts';
import { LocalMedia } from '../media/local-media.ts';
import { navigate } from '../navigation.tsx';
import { preferences, setPreferences } from '../preferences/preferences.ts';
import { rememberRoom } from '../preferences/recent-rooms.ts';
import { Prejoin } from '../prejoin/prejoin.tsx';
import { LeftScreen } from './left-screen.tsx';
import { PasswordScreen } from './password-screen.tsx';
import { ProblemScreen } from './problem-screen.tsx';
import { problemFrom, type Problem } from './problems.ts';
import { isRoomError } from './room-error.ts';
import type { RoomEnd } from './room-end.ts';
import { Session } from './session.ts';
import { useAccount } from './use-account.ts';
import { currentVisit, keepVisit } from './visit.ts';
import { WaitingScreen } from './waiting-screen.tsx';

/**
 * Fetched while the person looks at the preview. Not by React's `lazy`, which shows its fallback for some 300 ms even if
 * all has been there for long. @throws RoomClientError
 */
async function loadRoom() {
  try {
    return (await import('../room/room.tsx')).Room;
  } catch (error) {
    throw new RoomClientError('unreachable', 'The page of the room could not be fetched.', { cause: error });
  }
}

type RoomPage = Awaited<ReturnType<typeof loadRoom>>;

type Stage =
  | { readonly name: 'prejoin'; readonly isJoining: boolean }
  | { readonly name: 'password'; readonly wasWrong: boolean; readonly isJoining: boolean }
  | { readonly name: 'waiting'; readonly session: Session; readonly Room: RoomPage }
  | { readonly name: 'room'; readonly session: Session; readonly Room: RoomPage }
  | {
      readonly name: 'left';
      readonly how: Extract<RoomEnd, { reason: unknown }>;
      readonly durationMs: number;
    }
  | {
      readonly name: 'problem';
      readonly problem: Problem;
      /** How often joining has failed in a row; 0 for a problem that is none of joining. */
      readonly failures: number;
    };

/** A visit to a room, from the preview to the good-bye. */
export function Meeting({ room }: { readonly room: string }) {
  const [stage, setStage] = useState<Stage>(() => firstStage(room));
  const [media, setMedia] = useState(createMedia);
  const [visit] = useState(currentVisit);
  const { account, answer, onSignOut } = useAccount(room);
  const session = useRef<Session | null>(null);
  const password = useRef<string | null>(null);
  const prejoin = useCallback(() => {
    setMedia(createMedia());
    setStage({ name: 'prejoin', isJoining: false });
  }, []);

  useEffect(() => keepVisit(visit), [visit]);
  useEffect(
    () => () => {
      void session.current?.leave();
      session.current = null;
    },
    [],
  );
  // Whoever goes away, even by the browser's back button, leaves no camera running.
  useEffect(() => () => media.close(), [media]);
  useEffect(() => {
    // A failure is told to whoever wants to join.
    loadRoom().catch(() => undefined);
  }, []);

  const enter = useCallback(
    (entered: Session, Room: RoomPage) => {
      rememberRoom(room, Date.now());
      setStage({ name: 'room', session: entered, Room });
    },
    [room],
  );
  const join = useCallback(
    async (name: string): Promise<void> => {
      if (session.current) return;
      setStage(whileJoining);
      remember(name, media);
      const next = new Session({ room, name, media, visit, account: answer, password: password.current });
      session.current = next;
      try {
        const [Room] = await Promise.all([loadRoom(), next.join()]);
        if (next.client.state.waiting) setStage({ name: 'waiting', session: next, Room });
        else enter(next, Room);
      } catch (error) {
        if (session.current !== next) return;
        session.current = null;
        void next.leave();
        if (!isRoomError(error)) throw error;
        const problem = problemFrom(error);
        setStage((before) => afterFailure(before, problem));
      }
    },
    [room, media, visit, answer, enter],
  );

  /** Once for each stay: who leaves may be put out while the list of who was there is fetched, or click twice. */
  const end = useCallback(
    (ended: Session, how: RoomEnd) => {
      if (session.current !== ended) return;
      session.current = null;
      const { durationMs } = ended;
      void ended.leave();
      media.close();
      setStage(
        'reason' in how
          ? { name: 'left', how, durationMs }
          : { name: 'problem', problem: how.problem, failures: 0 },
      );
    },
    [media],
  );

  switch (stage.name) {
    case 'prejoin':
      return (
        <Prejoin
          room={room}
          media={media}
          account={account}
          isJoining={stage.isJoining}
          onSignOut={onSignOut}
          onJoin={(name) => void join(name)}
        />
      );
    case 'password':
      return (
        <PasswordScreen
          room={room}
          wasWrong={stage.wasWrong}
          isJoining={stage.isJoining}
          onPassword={(given) => {
            password.current = given;
            void join(preferences().name);
          }}
        />
      );
    case 'waiting':
      return (
        <WaitingScreen
          session={stage.session}
          onEnter={(entered) => enter(entered, stage.Room)}
          onEnd={end}
          onLeave={() => navigate('/')}
        />
      );
    case 'room':
      return <stage.Room session={stage.session} onEnd={end} />;
    case 'left':
      return <LeftScreen room={room} how={stage.how} durationMs={stage.durationMs} onRejoin={prejoin} />;
    case 'problem':
      return (
        <ProblemScreen
          key={stage.failures}
          room={room}
          problem={stage.problem}
          canSignIn={account.canSignIn && account.person === null}
          onRetry={stage.failures > 0 ? () => void join(preferences().name) : prejoin}
        />
      );
  }
}

function firstStage(room: string): Stage {
  const code = !isRoomName(room)
    ? 'bad-room'
    : !('RTCPeerConnection' in globalThis)
      ? 'unsupported-browser'
      : null;
  if (code === null) return { name: 'prejoin', isJoining: false };
  return { name: 'problem', problem: { code, retryAfterMs: null }, failures: 0 };
}

/** Tried again from the screen that tells the problem, the screen stays until there is something new to tell. */
function whileJoining(now: Stage): Stage {
  if (now.name === 'problem') return now;
  return now.name === 'password' ? { ...now, isJoining: true } : { name: 'prejoin', isJoining: true };
}

function afterFailure(before: Stage, problem: Problem): Stage {
  if (problem.code === 'password-required' || problem.code === 'wrong-password')
    return { name: 'password', wasWrong: problem.code === 'wrong-password', isJoining: false };
  return { name: 'problem', problem, failures: before.name === 'problem' ? before.failures + 1 : 1 };
}

function createMedia(): LocalMedia {
  const { microphoneId, cameraId, joinMuted, joinWithoutCamera } = preferences();
  return new LocalMedia({
    microphoneId,
    cameraId,
    isMicrophoneOn: !joinMuted,
    isCameraOn: !joinWithoutCamera,
  });
}

/** How somebody came in this time is how they come in the next time. */
function remember(name: string, { state: { microphone, camera } }: LocalMedia): void {
  setPreferences({ name, joinMuted: !microphone.isOn, joinWithoutCamera: !camera.isOn });
}
