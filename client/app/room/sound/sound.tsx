import { useEffect, useRef } from 'react';
import { DeviceError, setSpeaker } from '../../../sdk/devices.ts';
import type { ParticipantId, RoomPublication } from '../../../sdk/types.ts';
import { setPreferences } from '../../preferences/preferences.ts';
import { TEST_IDS } from '../../testids.ts';
import type { NoticeBoard } from '../notices/notice-board.ts';

interface SoundProps {
  readonly publications: readonly RoomPublication[];
  readonly selfId: ParticipantId | undefined;
  readonly speakerId: string | null;
  /** Going from true to false is the click that the browser waits for. */
  readonly isBlocked: boolean;
  readonly onBlocked: () => void;
  readonly notices: NoticeBoard;
}

/** Plays everybody else's voice and shared sound, each by an element of its own. */
export function Sound({ publications, selfId, speakerId, isBlocked, onBlocked, notices }: SoundProps) {
  const heard = publications.filter(
    ({ source, participantId, track }) =>
      (source === 'microphone' || source === 'screenAudio') && participantId !== selfId && track !== null,
  );
  return heard.map((publication) => (
    <Voice
      key={publication.id}
      publication={publication}
      speakerId={speakerId}
      isBlocked={isBlocked}
      onBlocked={onBlocked}
      notices={notices}
    />
  ));
}

interface VoiceProps extends Omit<SoundProps, 'publications' | 'selfId'> {
  readonly publication: RoomPublication;
}

function Voice({ publication, speakerId, isBlocked, onBlocked, notices }: VoiceProps) {
  const element = useRef<HTMLAudioElement>(null);
  const { track } = publication;

  useEffect(() => {
    const { current } = element;
    if (!current || !track) return undefined;
    current.srcObject = new MediaStream([track]);
    return () => {
      current.srcObject = null;
    };
  }, [track]);

  useEffect(() => {
    const { current } = element;
    if (!current || !track || isBlocked) return;
    current.play().catch((error: unknown) => {
      const name = error instanceof DOMException ? error.name : '';
      if (name === 'NotAllowedError') onBlocked();
      // A track that was replaced before it could play is played by the next effect.
      else if (name !== 'AbortError') reportError(error);
    });
  }, [track, isBlocked, onBlocked]);

  useEffect(() => {
    const { current } = element;
    if (!current) return;
    setSpeaker(current, speakerId ?? '').catch((error: unknown) => {
      if (!(error instanceof DeviceError)) throw error;
      // Unplugged: better heard somewhere than nowhere. All voices come here, and say the same.
      setPreferences({ speakerId: null });
      notices.show((text) => text('device.fellBackSpeaker'), 'warning');
    });
  }, [speakerId, notices]);

  return (
    <audio
      ref={element}
      data-testid={TEST_IDS.audio}
      data-publication-id={publication.id}
      data-participant-id={publication.participantId}
    />
  );
}
