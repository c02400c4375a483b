import { Hand, Mic, MicOff, MonitorUp, MonitorX, Video, VideoOff } from 'lucide-react';
import type { ReactNode } from 'react';
import type { RoomState } from '../../../sdk/types.ts';
import { may } from '../../../sdk/words.ts';
import { useText } from '../../i18n/text.ts';
import { ownParticipant } from '../../media/follow-rules.ts';
import type { LocalMedia } from '../../media/local-media.ts';
import { TEST_IDS } from '../../testids.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { useObservable } from '../../ui/use-observable.ts';
import type { RoomActions } from '../actions.ts';
import { whyNotAllowed } from '../not-allowed.ts';
import type { StageChoices } from '../stage/stage.tsx';
import type { ViewChanges } from '../use-room-view.ts';
import { CameraMenu, MicrophoneMenu } from './device-menus.tsx';
import { LeaveButton } from './leave-button.tsx';
import { MoreMenu } from './more-menu.tsx';
import { ReactionMenu } from './reaction-menu.tsx';
import './controls.css';

interface ControlsProps {
  readonly state: RoomState;
  readonly media: LocalMedia;
  readonly actions: RoomActions;
  readonly choices: StageChoices;
  readonly changes: ViewChanges;
  /** Held to talk: the microphone is on for as long as that. */
  readonly isPushedToTalk: boolean;
  readonly onShowSelf: (showSelf: boolean) => void;
  readonly onLeave: () => void;
}

/** What one does in a room. */
export function Controls(props: ControlsProps) {
  const { state, media, actions, choices, changes, isPushedToTalk, onShowSelf, onLeave } = props;
  const text = useText();
  const { microphone, camera, screen } = useObservable(media);
  const self = ownParticipant(state);
  const noVoice = whyNotAllowed(state, 'microphone');
  const noFace = whyNotAllowed(state, 'camera');
  const mayBeSeen = may(state.self?.role ?? 'viewer', 'publish');
  const hasHand = self !== undefined && self.handRaisedAt !== null;
  const isHeard = microphone.isOn && microphone.problem === null;
  const isSeen = camera.isOn && camera.problem === null;
  const isSharing = screen !== null;

  return (
    <section className="controls" aria-label={text('controls.label')}>
      <div className="controls__pair">
        <IconButton
          className="control control--device"
          label={text(noVoice ?? (isHeard ? 'controls.mute' : 'controls.unmute'))}
          hintAlign="start"
          aria-disabled={noVoice !== null}
          data-on={isHeard || undefined}
          data-talking={isPushedToTalk || undefined}
          data-testid={TEST_IDS.microphone}
          onClick={() => actions.toggleMicrophone()}
        >
          {isHeard ? <Mic aria-hidden="true" /> : <MicOff aria-hidden="true" />}
          {microphone.problem && <ProblemMark />}
        </IconButton>
        <MicrophoneMenu media={media} />
      </div>
      {mayBeSeen && (
        <div className="controls__pair">
          <IconButton
            className="control control--device"
            label={text(noFace ?? (isSeen ? 'controls.cameraOff' : 'controls.cameraOn'))}
            hintAlign="start"
            aria-disabled={noFace !== null}
            data-on={isSeen || undefined}
            data-testid={TEST_IDS.camera}
            onClick={() => actions.toggleCamera()}
          >
            {isSeen ? <Video aria-hidden="true" /> : <VideoOff aria-hidden="true" />}
            {camera.problem && <ProblemMark />}
          </IconButton>
          <CameraMenu media={media} />
        </div>
      )}
      {canShareScreen() && whyNotAllowed(state, 'screen') === null && (
        <IconButton
          className="control control--toggle"
          label={text(isSharing ? 'controls.stopSharing' : 'controls.shareScreen')}
          data-on={isSharing || undefined}
          data-testid={TEST_IDS.screen}
          onClick={() => actions.toggleScreen()}
        >
          {isSharing ? <MonitorX aria-hidden="true" /> : <MonitorUp aria-hidden="true" />}
        </IconButton>
      )}
      <IconButton
        className="control control--toggle"
        label={text(hasHand ? 'controls.lowerHand' : 'controls.raiseHand')}
        data-on={hasHand || undefined}
        data-testid={TEST_IDS.hand}
        onClick={() => actions.toggleHand()}
      >
        <Hand aria-hidden="true" />
      </IconButton>
      <ReactionMenu onReact={(reaction) => actions.react(reaction)} />
      <MoreMenu state={state} choices={choices} changes={changes} onShowSelf={onShowSelf} />
      <LeaveButton state={state} onLeave={onLeave} onEnd={() => changes.setDialog({ name: 'end' })} />
    </section>
  );
}

/** Something stands in the way; pressing the button tries again and tells what. */
function ProblemMark(): ReactNode {
  return (
    <span className="control__problem" aria-hidden="true">
      !
    </span>
  );
}

/** Telephones have no such function, whatever the types say. */
function canShareScreen(): boolean {
  return 'mediaDevices' in navigator && 'getDisplayMedia' in navigator.mediaDevices;
}
