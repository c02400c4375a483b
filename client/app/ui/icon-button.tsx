import type { ComponentPropsWithRef, ReactNode } from 'react';

export interface IconButtonProps extends Omit<
  ComponentPropsWithRef<'button'>,
  'aria-label' | 'children' | 'type'
> {
  /** What the button does: its name, and its hint. */
  readonly label: string;
  readonly hintSide?: 'top' | 'bottom';
  /** Towards the middle of the page, for buttons near its edge. */
  readonly hintAlign?: 'start' | 'centre' | 'end';
  readonly children: ReactNode;
}

/** A button that shows an icon only; its name appears when it is pointed at or focused. */
export function IconButton({
  label,
  hintSide = 'top',
  hintAlign = 'centre',
  className = '',
  children,
  ...rest
}: IconButtonProps) {
  return (
    <button
      {...rest}
      type="button"
      className={`icon-button with-hint ${className}`}
      aria-label={label}
      data-hint={label}
      data-hint-side={hintSide}
      data-hint-align={hintAlign}
    >
      {children}
    </button>
  );
}
