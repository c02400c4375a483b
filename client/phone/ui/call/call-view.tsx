import { useState } from 'react';
import { useText } from '../../../app/i18n/text.ts';
import { DeviceProblems } from '../../../app/prejoin/device-problems.tsx';
import { Avatar } from '../../../app/ui/avatar.tsx';
import { useAwake } from '../../../app/ui/use-awake.ts';
import { useObservable } from '../../../app/ui/use-observable.ts';
import type { Call } from '../../agent/call.ts';
import type { Desk } from '../../desk.ts';
import { Keypad } from '../keypad.tsx';
import { nameOf } from '../names.ts';
import { PHONE_IDS } from '../testids.ts';
import { CallControls } from './call-controls.tsx';
import { phaseText } from './call-texts.ts';
import { Elapsed } from './elapsed.tsx';
import { OwnPicture } from './own-picture.tsx';
import { Picture } from './picture.tsx';
import { Referral, TransferState } from './referral.tsx';
import { TransferForm } from './transfer-form.tsx';
import './call.css';

interface CallViewProps {
  readonly desk: Desk;
  readonly call: Call;
}

/** The call in front: who it is, how it goes, and what can be done. */
export function CallView({ desk, call }: CallViewProps) {
  const text = useText();
  const state = useObservable(call);
  const { media } = useObservable(desk);
  const { domain } = desk.agent.account;
  const [panel, setPanel] = useState<'keys' | 'transfer' | null>(null);
  const name = nameOf(state.peer, domain);
  const toggle = (wanted: 'keys' | 'transfer'): void => setPanel(panel === wanted ? null : wanted);
  useAwake();

  return (
    <article
      className="call"
      data-testid={PHONE_IDS.call}
      data-phase={state.phase}
      data-held={state.isHeld || undefined}
      data-held-by-peer={state.isHeldByPeer || undefined}
      data-muted={state.isMuted || undefined}
      data-picture={state.picture !== null || undefined}
    >
      {state.picture && (
        <Picture
          track={state.picture}
          label={text('phone.peerPicture', { name })}
          className="call__picture"
        />
      )}
      <div className="call__who">
        {!state.picture && <Avatar participant={{ id: state.peer.address, name, kind: 'browser' }} />}
        <h2 className="call__name" dir="auto">
          {name}
        </h2>
        <p className="call__phase" role="status">
          {phaseText(text, state, name)}
        </p>
        {state.answeredAt !== null && <Elapsed since={state.answeredAt} />}
        {state.keys !== '' && (
          <p className="call__keys" data-testid={PHONE_IDS.peerKeys}>
            {text('phone.pressed', { name, keys: state.keys })}
          </p>
        )}
        <TransferState transfer={state.transfer} domain={domain} />
      </div>
      {media && <OwnPicture media={media} />}
      <div className="call__panels">
        {media && <DeviceProblems media={media} />}
        {state.referral !== null && <Referral desk={desk} call={call} to={state.referral} name={name} />}
        {panel === 'keys' && <Keypad onPress={(key) => call.press(key)} />}
        {panel === 'transfer' && (
          <TransferForm call={call} name={name} domain={domain} onDone={() => setPanel(null)} />
        )}
      </div>
      <CallControls desk={desk} call={call} panel={panel} onToggle={toggle} />
    </article>
  );
}
