import { useCallback, useEffect, useRef, useState } from 'react';
import { RoomClientError } from '../../sdk/index.ts';
import type { LeaveReason } from '../../sdk/types.ts';
import { isRoomName } from '../landing/room-names.ts';
import { LocalMedia } from '../media/local-media.ts';
import { preferences, setPreferences } from '../preferences/preferences.ts';
import { rememberRoom } from '../preferences/recent-rooms.ts';
import { Prejoin } from '../prejoin/prejoin.tsx';
import { LeftScreen } from './left-screen.tsx';
import { ProblemScreen } from './problem-screen.tsx';
import { problemFrom, type Problem } from './problems.ts';
import { isRoomError } from './room-error.ts';
import { Session } from './session.ts';

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

type Stage =
  | { readonly name: 'prejoin'; readonly isJoining: boolean }
  | { readonly name: 'room'; readonly session: Session; readonly Room: Awaited<ReturnType<typeof loadRoom>> }
  | { readonly name: 'left'; readonly reason: LeaveReason; readonly durationMs: number }
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
  const session = useRef<Session | null>(null);
  const prejoin = useCallback(() => {
    setMedia(createMedia());
    setStage({ name: 'prejoin', isJoining: false });
  }, []);

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

  const join = useCallback(
    async (name: string): Promise<void> => {
      if (session.current) return;
      // Tried again from the screen that tells the problem, the screen stays until there is something new to tell.
      setStage((now) => (now.name === 'problem' ? now : { name: 'prejoin', isJoining: true }));
      remember(name, media);
      const next = new Session(room, name, media);
      session.current = next;
      try {
        const [Room] = await Promise.all([loadRoom(), next.join()]);
        rememberRoom(room, Date.now());
        setStage({ name: 'room', session: next, Room });
      } catch (error) {
        if (session.current !== next) return;
        session.current = null;
        void next.leave();
        if (!isRoomError(error)) throw error;
        setStage((now) => ({
          name: 'problem',
          problem: problemFrom(error),
          failures: now.name === 'problem' ? now.failures + 1 : 1,
        }));
      }
    },
    [room, media],
  );

  const end = useCallback(
    (ended: { readonly reason: LeaveReason } | { readonly problem: Problem }) => {
      const durationMs = session.current?.durationMs ?? 0;
      void session.current?.leave();
      session.current = null;
      media.close();
      setStage(
        'reason' in ended
          ? { name: 'left', reason: ended.reason, durationMs }
          : { name: 'problem', problem: ended.problem, failures: 0 },
      );
    },
    [media],
  );

  switch (stage.name) {
    case 'prejoin':
      return (
        <Prejoin room={room} media={media} isJoining={stage.isJoining} onJoin={(name) => void join(name)} />
      );
    case 'room':
      return <stage.Room session={stage.session} onEnd={end} />;
    case 'left':
      return (
        <LeftScreen room={room} reason={stage.reason} durationMs={stage.durationMs} onRejoin={prejoin} />
      );
    case 'problem':
      return (
        <ProblemScreen
          key={stage.failures}
          room={room}
          problem={stage.problem}
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
