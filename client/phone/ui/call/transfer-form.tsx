import { useText } from '../../../app/i18n/text.ts';
import type { Call } from '../../agent/call.ts';
import { TargetForm } from '../target-form.tsx';
import { PHONE_IDS } from '../testids.ts';

interface TransferFormProps {
  readonly call: Call;
  /** Who is put through. */
  readonly name: string;
  readonly domain: string;
  readonly onDone: () => void;
}

/** Asks to whom the other end is to be put through. */
export function TransferForm({ call, name, domain, onDone }: TransferFormProps) {
  const text = useText();
  return (
    <section className="call-panel">
      <h3 className="call-panel__heading">{text('phone.transferHeading', { name })}</h3>
      <p>{text('phone.transferLead')}</p>
      <TargetForm
        label={text('phone.number')}
        action={text('phone.transfer')}
        domain={domain}
        isPrimary
        takesFocus
        testIds={{ field: PHONE_IDS.transferTo, button: PHONE_IDS.transferNow }}
        onTarget={({ address }) => {
          call.transfer(address);
          onDone();
        }}
      />
    </section>
  );
}
