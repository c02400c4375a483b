import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { isRoomError } from './room-error.ts';
import type { LeaveReason } from '../../sdk/types.ts';
import { isRoomName } from '../landing/room-names.ts';
import { LocalMedia } from '../media/local-media.ts';
import { preferences, setPreferences } from '../preferences/preferences.ts';
import { rememberRoom } from '../preferences/recent-rooms.ts';
import { Prejoin } from '../prejoin/prejoin.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { LeftScreen } from './left-screen.tsx';
import { ProblemScreen } from './problem-screen.tsx';
import { problemFrom, type Problem } from './problems.ts';
import { Session } from './session.ts';

/** Fetched while the person looks at the preview. */
const roomChunk = () => import('../room/room.tsx');
const Room = lazy(async () => ({ default: (await roomChunk()).Room }));

type Stage =
  | { readonly name: 'prejoin'; readonly isJoining: boolean }
  | { readonly name: 'room'; readonly session: Session }
  | { readonly name: 'left'; readonly reason: LeaveReason; readonly durationMs: number }
  | { readonly name: 'problem'; readonly problem: Problem };

/** A visit to a room, from the preview to the good-bye. */
export function Meeting({ room }: { readonly room: string }) {
  const [stage, setStage] = useState<Stage>(() => firstStage(room));
  const [media, setMedia] = useState(createMedia);
  const session = useRef<Session | null>(null);
  const prejoin = useCallback(() => {
    setMedia((before) => {
      before.close();
      return createMedia();
    });
    setStage({ name: 'prejoin', isJoining: false });
  }, []);

  useEffect(
    () => () => {
      void session.current?.leave();
      session.current = null;
    },
    [],
  );
  useEffect(() => {
    void roomChunk();
  }, []);

  const join = useCallback(
    async (name: string): Promise<void> => {
      setStage({ name: 'prejoin', isJoining: true });
      remember(name, media);
      const next = new Session(room, name, media);
      session.current = next;
      try {
        await next.join();
        rememberRoom(room, Date.now());
        setStage({ name: 'room', session: next });
      } catch (error) {
        if (session.current !== next) return;
        session.current = null;
        if (!isRoomError(error)) throw error;
        setStage({ name: 'problem', problem: problemFrom(error) });
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
          : { name: 'problem', problem: ended.problem },
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
      return (
        <Suspense fallback={<Waiting />}>
          <Room session={stage.session} onEnd={end} />
        </Suspense>
      );
    case 'left':
      return (
        <LeftScreen room={room} reason={stage.reason} durationMs={stage.durationMs} onRejoin={prejoin} />
      );
    case 'problem':
      return <ProblemScreen room={room} problem={stage.problem} onRetry={prejoin} />;
  }
}

function firstStage(room: string): Stage {
  if (!isRoomName(room)) return { name: 'problem', problem: { code: 'bad-room', retryAfterMs: null } };
  if (!('RTCPeerConnection' in globalThis))
    return { name: 'problem', problem: { code: 'unsupported-browser', retryAfterMs: null } };
  return { name: 'prejoin', isJoining: false };
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
