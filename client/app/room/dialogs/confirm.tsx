import { useText } from '../../i18n/text.ts';
import { TEST_IDS } from '../../testids.ts';
import { Dialog } from '../../ui/dialog.tsx';
import './confirm.css';

interface ConfirmProps {
  readonly heading: string;
  readonly hint: string;
  /** What the button says that does it. */
  readonly action: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before something that cannot be taken back. */
export function Confirm({ heading, hint, action, onConfirm, onClose }: ConfirmProps) {
  const text = useText();
  return (
    <Dialog heading={heading} testId={TEST_IDS.confirm} onClose={onClose}>
      <p className="confirm__hint">{hint}</p>
      <div className="confirm__actions">
        <button type="button" className="button" onClick={onClose}>
          {text('confirm.cancel')}
        </button>
        <button
          type="button"
          className="button button--danger"
          data-testid={TEST_IDS.confirmed}
          onClick={() => {
            onClose();
            onConfirm();
          }}
        >
          {action}
        </button>
      </div>
    </Dialog>
  );
}
