import { MessageCircle, Phone, PhoneIncoming, PhoneMissed, PhoneOutgoing, Trash2 } from 'lucide-react';
import { momentText } from '../../../app/i18n/moment.ts';
import { useText, type PlainTextKey } from '../../../app/i18n/text.ts';
import { IconButton } from '../../../app/ui/icon-button.tsx';
import { useObservable } from '../../../app/ui/use-observable.ts';
import type { Desk } from '../../desk.ts';
import type { LoggedCall } from '../../memory/call-log.ts';
import { duration, nameOf } from '../names.ts';
import { PHONE_IDS } from '../testids.ts';
import './log.css';

interface CallLogViewProps {
  readonly desk: Desk;
  readonly onWrite: (address: string) => void;
}

/** The last calls, and ways to call or write again. */
export function CallLogView({ desk, onWrite }: CallLogViewProps) {
  const text = useText();
  const calls = useObservable(desk.log);
  return (
    <section className="pane" aria-labelledby="calls-heading" data-testid={PHONE_IDS.log}>
      <header className="pane__head">
        <h2 id="calls-heading" className="pane__heading">
          {text('phone.calls')}
        </h2>
        {calls.length > 0 && (
          <button type="button" className="button button--small" onClick={() => desk.log.clear()}>
            <Trash2 size={16} aria-hidden="true" />
            {text('phone.clearLog')}
          </button>
        )}
      </header>
      {calls.length === 0 ? (
        <p className="pane__empty">{text('phone.logEmpty')}</p>
      ) : (
        <ul className="pane__scroll" tabIndex={0} aria-labelledby="calls-heading">
          {calls.map((call) => (
            <Entry key={call.startedAt} desk={desk} call={call} onWrite={onWrite} />
          ))}
        </ul>
      )}
    </section>
  );
}

interface EntryProps extends CallLogViewProps {
  readonly call: LoggedCall;
}

function Entry({ desk, call, onWrite }: EntryProps) {
  const text = useText();
  const name = nameOf(call, desk.agent.account.domain);
  const at = new Date(call.startedAt);
  const time = momentText(call.startedAt, text.locale, 'short');
  const Icon =
    call.outcome === 'missed' ? PhoneMissed : call.direction === 'inbound' ? PhoneIncoming : PhoneOutgoing;
  return (
    <li className="log-entry" data-outcome={call.outcome} data-testid={PHONE_IDS.logEntry}>
      <Icon size={20} aria-hidden="true" />
      <div className="log-entry__what">
        <span className="log-entry__name" dir="auto">
          {name}
        </span>
        <span className="log-entry__how">
          {text(outcomeText(call))}
          {call.talkedMs > 0 && ` · ${duration(call.talkedMs)}`}
          {' · '}
          <time dateTime={at.toISOString()}>{time}</time>
        </span>
      </div>
      <IconButton
        label={text('phone.writeName', { name })}
        hintSide="bottom"
        onClick={() => onWrite(call.address)}
      >
        <MessageCircle size={18} aria-hidden="true" />
      </IconButton>
      <IconButton
        label={text('phone.callName', { name })}
        hintSide="bottom"
        hintAlign="end"
        onClick={() => void desk.call({ address: call.address, keys: '' }, false)}
      >
        <Phone size={18} aria-hidden="true" />
      </IconButton>
    </li>
  );
}

function outcomeText({ outcome, direction }: LoggedCall): PlainTextKey {
  switch (outcome) {
    case 'answered':
      return direction === 'inbound' ? 'phone.logInbound' : 'phone.logOutbound';
    case 'missed':
      return 'phone.logMissed';
    case 'refused':
      return 'phone.logRefused';
    case 'failed':
      return 'phone.logFailed';
  }
}
