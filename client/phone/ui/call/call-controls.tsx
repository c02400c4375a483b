import {
  Grid3x3,
  Mic,
  MicOff,
  MonitorUp,
  MonitorX,
  Pause,
  PhoneForwarded,
  PhoneOff,
  Play,
  Video,
  VideoOff,
} from 'lucide-react';
import { useText } from '../../../app/i18n/text.ts';
import '../../../app/room/controls/controls.css';
import { TEST_IDS } from '../../../app/testids.ts';
import { IconButton } from '../../../app/ui/icon-button.tsx';
import { useObservable } from '../../../app/ui/use-observable.ts';
import type { Call } from '../../agent/call.ts';
import type { Desk } from '../../desk.ts';
import { PHONE_IDS } from '../testids.ts';

type Panel = 'keys' | 'transfer';

interface CallControlsProps {
  readonly desk: Desk;
  readonly call: Call;
  readonly panel: Panel | null;
  readonly onToggle: (panel: Panel) => void;
}

/** What one does in a call. */
export function CallControls({ desk, call, panel, onToggle }: CallControlsProps) {
  const text = useText();
  const { phase, isMuted, isHeld, sends } = useObservable(call);
  const isTalking = phase === 'talking';
  const canShow = isTalking && !isHeld;
  const isCameraOn = sends === 'camera';
  const isSharing = sends === 'screen';
  return (
    <section className="controls call__controls" aria-label={text('controls.label')}>
      <IconButton
        className="control control--device"
        label={text(isMuted ? 'controls.unmute' : 'controls.mute')}
        data-on={!isMuted || undefined}
        data-testid={PHONE_IDS.mute}
        onClick={() => call.setMuted(!isMuted)}
      >
        {isMuted ? <MicOff aria-hidden="true" /> : <Mic aria-hidden="true" />}
      </IconButton>
      <IconButton
        className="control control--toggle"
        label={text(isCameraOn ? 'controls.cameraOff' : 'controls.cameraOn')}
        data-on={isCameraOn || undefined}
        data-testid={TEST_IDS.camera}
        disabled={!canShow || isSharing}
        onClick={() => void desk.toggleCamera()}
      >
        {isCameraOn ? <Video aria-hidden="true" /> : <VideoOff aria-hidden="true" />}
      </IconButton>
      {canShareScreen() && (
        <IconButton
          className="control control--toggle"
          label={text(isSharing ? 'controls.stopSharing' : 'controls.shareScreen')}
          data-on={isSharing || undefined}
          data-testid={TEST_IDS.screen}
          disabled={!canShow}
          onClick={() => void desk.toggleScreen()}
        >
          {isSharing ? <MonitorX aria-hidden="true" /> : <MonitorUp aria-hidden="true" />}
        </IconButton>
      )}
      <IconButton
        className="control control--toggle"
        label={text(isHeld ? 'phone.resume' : 'phone.hold')}
        data-on={isHeld || undefined}
        data-testid={PHONE_IDS.hold}
        disabled={!isTalking}
        onClick={() => void (isHeld ? desk.resume(call) : call.setHeld(true))}
      >
        {isHeld ? <Play aria-hidden="true" /> : <Pause aria-hidden="true" />}
      </IconButton>
      <IconButton
        className="control control--toggle"
        label={text(panel === 'keys' ? 'phone.hideKeys' : 'phone.showKeys')}
        aria-expanded={panel === 'keys'}
        data-on={panel === 'keys' || undefined}
        data-testid={PHONE_IDS.showKeys}
        disabled={!isTalking}
        onClick={() => onToggle('keys')}
      >
        <Grid3x3 aria-hidden="true" />
      </IconButton>
      <IconButton
        className="control control--toggle"
        label={text('phone.transfer')}
        aria-expanded={panel === 'transfer'}
        data-on={panel === 'transfer' || undefined}
        data-testid={PHONE_IDS.transfer}
        disabled={!isTalking}
        onClick={() => onToggle('transfer')}
      >
        <PhoneForwarded aria-hidden="true" />
      </IconButton>
      <IconButton
        className="control control--leave"
        label={text('phone.hangUp')}
        hintAlign="end"
        data-testid={PHONE_IDS.hangUp}
        onClick={() => call.hangUp()}
      >
        <PhoneOff aria-hidden="true" />
      </IconButton>
    </section>
  );
}

/** Telephones have no such function, whatever the types say. */
function canShareScreen(): boolean {
  return 'mediaDevices' in navigator && 'getDisplayMedia' in navigator.mediaDevices;
}
