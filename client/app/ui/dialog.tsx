import { X } from 'lucide-react';
import { useId, useLayoutEffect, useRef, type ReactNode } from 'react';
import { useText } from '../i18n/text.ts';
import { IconButton } from './icon-button.tsx';
import './dialog.css';

interface DialogProps {
  readonly heading: string;
  readonly testId: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Something in front of everything else. The browser keeps the focus inside, and gives it back. */
export function Dialog({ heading, testId, onClose, children }: DialogProps) {
  const text = useText();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useRef<HTMLHeadingElement>(null);

  // Closed while it is still in the page, or the browser would not give the focus back.
  useLayoutEffect(() => {
    const { current } = dialog;
    current?.showModal();
    // Where reading begins; the button to close is the next one.
    title.current?.focus();
    return () => current?.close();
  }, []);

  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby={id}
      data-testid={testId}
      onCancel={(event) => {
        // React takes it away; closed by itself it would stay mounted.
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        // A click that hits no content of the dialog is one beside it.
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div className="dialog__sheet">
        <header className="dialog__head">
          <h2 ref={title} id={id} className="dialog__heading" tabIndex={-1}>
            {heading}
          </h2>
          <IconButton label={text('controls.close')} hintSide="bottom" hintAlign="end" onClick={onClose}>
            <X size={20} aria-hidden="true" />
          </IconButton>
        </header>
        {children}
      </div>
    </dialog>
  );
}
