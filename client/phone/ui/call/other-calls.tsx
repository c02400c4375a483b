import { PhoneOff, Play } from 'lucide-react';
import { useText } from '../../../app/i18n/text.ts';
import { IconButton } from '../../../app/ui/icon-button.tsx';
import { useObservable } from '../../../app/ui/use-observable.ts';
import type { Call } from '../../agent/call.ts';
import type { Desk } from '../../desk.ts';
import { nameOf } from '../names.ts';
import { PHONE_IDS } from '../testids.ts';
import { phaseText } from './call-texts.ts';

/** Calls that wait while another one goes on. */
export function OtherCalls({ desk }: { readonly desk: Desk }) {
  const text = useText();
  const { calls } = useObservable(desk.agent);
  const { activeCall } = useObservable(desk);
  const others = calls.filter((call) => call !== activeCall);
  if (others.length === 0) return null;
  return (
    <ul className="other-calls" aria-label={text('phone.otherCalls')}>
      {others.map((call) => (
        <OtherCall key={call.state.id} desk={desk} call={call} />
      ))}
    </ul>
  );
}

function OtherCall({ desk, call }: { readonly desk: Desk; readonly call: Call }) {
  const text = useText();
  const state = useObservable(call);
  const name = nameOf(state.peer, desk.agent.account.domain);
  // One that rings is shown by itself.
  if (state.direction === 'inbound' && state.phase === 'ringing') return null;
  return (
    <li className="other-calls__one" data-testid={PHONE_IDS.otherCall}>
      <span className="other-calls__name" dir="auto">
        {name}
      </span>
      <span className="other-calls__phase">{phaseText(text, state, name)}</span>
      <IconButton label={text('phone.resume')} hintSide="bottom" onClick={() => void desk.resume(call)}>
        <Play size={18} aria-hidden="true" />
      </IconButton>
      <IconButton
        label={text('phone.hangUp')}
        hintSide="bottom"
        hintAlign="end"
        onClick={() => call.hangUp()}
      >
        <PhoneOff size={18} aria-hidden="true" />
      </IconButton>
    </li>
  );
}
