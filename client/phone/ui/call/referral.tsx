import { useText } from '../../../app/i18n/text.ts';
import type { Call } from '../../agent/call.ts';
import type { Transfer } from '../../agent/call-state.ts';
import { readable } from '../../agent/target.ts';
import type { Desk } from '../../desk.ts';
import { PHONE_IDS } from '../testids.ts';

interface ReferralProps {
  readonly desk: Desk;
  readonly call: Call;
  /** Whom we are asked to call. */
  readonly to: string;
  /** Who asks. */
  readonly name: string;
}

/** The other end wants to put us through: it costs a call of ours, so that we are asked. */
export function Referral({ desk, call, to, name }: ReferralProps) {
  const text = useText();
  const other = readable(to, desk.agent.account.domain);
  return (
    <div className="call-panel" role="alert" data-testid={PHONE_IDS.referral}>
      <p className="call-panel__heading">{text('phone.referral', { name, other })}</p>
      <div className="call-panel__row">
        <button
          type="button"
          className="button button--primary"
          data-testid={PHONE_IDS.follow}
          onClick={() => void desk.followReferral(call)}
        >
          {text('phone.follow', { name: other })}
        </button>
        <button type="button" className="button" onClick={() => call.refuseReferral()}>
          {text('phone.stay')}
        </button>
      </div>
    </div>
  );
}

const STATUS = {
  asked: 'phone.transferAsked',
  ringing: 'phone.transferRinging',
  failed: 'phone.transferFailed',
} as const;

/** How far our own transfer is. */
export function TransferState({ transfer, domain }: { transfer: Transfer | null; domain: string }) {
  const text = useText();
  if (!transfer) return null;
  return (
    <p className="call__phase" role="status">
      {text(STATUS[transfer.status], { name: readable(transfer.to, domain) })}
    </p>
  );
}
