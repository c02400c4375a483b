import { X } from 'lucide-react';
import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { useText } from '../i18n/text.ts';
import { TEST_IDS } from '../testids.ts';
import { IconButton } from '../ui/icon-button.tsx';
import './panel.css';

interface PanelProps {
  readonly heading: string;
  readonly testId: string;
  /** Beside the heading. */
  readonly actions?: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Something beside the stage; on a telephone, in front of it. Escape closes it. */
export function Panel({ heading, testId, actions, onClose, children }: PanelProps) {
  const text = useText();
  const id = useId();
  const panel = useRef<HTMLElement>(null);

  const [opener] = useState(() => document.activeElement);

  // The keyboard goes where the person looks, unless something inside has taken it already; and back afterwards.
  useEffect(() => {
    const { current } = panel;
    if (current && !current.contains(document.activeElement)) current.focus();
    return () => {
      if (document.activeElement === document.body && opener instanceof HTMLElement) opener.focus();
    };
  }, [opener]);

  return (
    <aside
      ref={panel}
      className="panel"
      aria-labelledby={id}
      tabIndex={-1}
      data-testid={testId}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.preventDefault();
        onClose();
      }}
    >
      <header className="panel__head">
        <h2 id={id} className="panel__heading">
          {heading}
        </h2>
        {actions}
        <IconButton
          label={text('controls.close')}
          hintSide="bottom"
          hintAlign="end"
          data-testid={TEST_IDS.closePanel}
          onClick={onClose}
        >
          <X size={20} aria-hidden="true" />
        </IconButton>
      </header>
      {children}
    </aside>
  );
}
