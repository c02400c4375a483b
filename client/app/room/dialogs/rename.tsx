import { useId, useState, type SubmitEvent } from 'react';
import { useText } from '../../i18n/text.ts';
import { cleanName, MAX_NAME_LENGTH } from '../../preferences/name.ts';
import { TEST_IDS } from '../../testids.ts';
import { Dialog } from '../../ui/dialog.tsx';
import './confirm.css';

interface RenameProps {
  readonly name: string;
  readonly onRename: (name: string) => void;
  readonly onClose: () => void;
}

/** Another name for somebody. */
export function Rename({ name: current, onRename, onClose }: RenameProps) {
  const text = useText();
  const field = useId();
  const [name, setName] = useState(current);
  const clean = cleanName(name);
  const isNew = clean !== '' && clean !== current;

  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!isNew) return;
    onRename(clean);
    onClose();
  };
  return (
    <Dialog heading={text('rename.heading', { name: current })} testId={TEST_IDS.rename} onClose={onClose}>
      <form onSubmit={submit}>
        <div className="field">
          <label className="field__label" htmlFor={field}>
            {text('rename.label')}
          </label>
          <input
            id={field}
            className="input"
            value={name}
            maxLength={MAX_NAME_LENGTH}
            autoComplete="off"
            dir="auto"
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        <div className="confirm__actions">
          <button type="button" className="button" onClick={onClose}>
            {text('confirm.cancel')}
          </button>
          <button type="submit" className="button button--primary" disabled={!isNew}>
            {text('rename.save')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
