import { useText } from '../../i18n/text.ts';
import { TEST_IDS } from '../../testids.ts';
import { Dialog } from '../../ui/dialog.tsx';
import './confirm.css';

interface StageInvitationProps {
  /** The host's name. */
  readonly from: string;
  readonly onAnswer: (accept: boolean) => void;
}

/** Asks a viewer to take part. */
export function StageInvitation({ from, onAnswer }: StageInvitationProps) {
  const text = useText();
  return (
    <Dialog
      heading={text('stageInvitation.heading')}
      testId={TEST_IDS.stageInvitation}
      onClose={() => onAnswer(false)}
    >
      <p className="confirm__hint">{text('stageInvitation.hint', { name: from })}</p>
      <div className="confirm__actions">
        <button type="button" className="button" onClick={() => onAnswer(false)}>
          {text('stageInvitation.decline')}
        </button>
        <button type="button" className="button button--primary" onClick={() => onAnswer(true)}>
          {text('stageInvitation.accept')}
        </button>
      </div>
    </Dialog>
  );
}
