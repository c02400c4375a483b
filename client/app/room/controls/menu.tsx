/** Menus above the controls. The browser opens them on top, closes them and gives the focus back (popover). */
import { Check } from 'lucide-react';
import {
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
  type ToggleEvent,
} from 'react';
import { IconButton, type IconButtonProps } from '../../ui/icon-button.tsx';
import { focusItem, placeMenu } from './menu-behaviour.ts';
import './menu.css';

interface MenuProps extends Pick<IconButtonProps, 'hintSide' | 'hintAlign'> {
  /** The name of the menu, and of the button that opens it. */
  readonly label: string;
  /** What the button shows. */
  readonly icon: ReactNode;
  readonly buttonClass?: string;
  /** Of the button. */
  readonly testId?: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A button, and the menu that it opens. */
export function Menu(props: MenuProps) {
  const { label, icon, buttonClass, testId, className = '', children, ...hints } = props;
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);

  const place = (): void => {
    if (menu.current && button.current) placeMenu(menu.current, button.current);
  };
  // Lines may come and go while it is open.
  useLayoutEffect(() => {
    if (isOpen) place();
  });
  useEffect(() => {
    if (!isOpen) return undefined;
    // A telephone that is turned takes the button elsewhere.
    window.addEventListener('resize', place);
    return () => window.removeEventListener('resize', place);
  }, [isOpen]);

  const onToggle = ({ currentTarget, newState }: ToggleEvent<HTMLElement>): void => {
    // Only now: items that go before would take the focus along, which the browser gives back to the button.
    if (newState !== 'open') {
      setOpen(false);
      return;
    }
    place();
    focusItem(currentTarget, 'first');
  };
  const onEscape = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.key !== 'Escape' || menu.current?.matches(':popover-open') !== true) return;
    // Here, so that what the menu belongs to is not closed as well.
    event.preventDefault();
    menu.current.hidePopover();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.key === 'Escape') onEscape(event);
    else if (event.key === 'Tab') event.currentTarget.hidePopover();
    else if (focusItem(event.currentTarget, event.key)) event.preventDefault();
  };

  return (
    <>
      <IconButton
        {...hints}
        ref={button}
        label={label}
        className={buttonClass}
        popoverTarget={id}
        // The first item has the focus a moment after the menu is open.
        onKeyDown={onEscape}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        data-testid={testId}
      >
        {icon}
      </IconButton>
      <div
        ref={menu}
        id={id}
        className={`menu ${className}`}
        role="menu"
        popover="auto"
        aria-label={label}
        onBeforeToggle={({ newState }) => {
          if (newState === 'open') setOpen(true);
        }}
        onToggle={onToggle}
        onKeyDown={onKeyDown}
      >
        {isOpen && children}
      </div>
    </>
  );
}

interface LineProps {
  readonly icon?: ReactNode;
  readonly label: string;
  /** The key that does the same. */
  readonly keyHint?: string;
  readonly testId?: string;
}

interface MenuLineProps extends LineProps {
  readonly role?: 'menuitem' | 'menuitemcheckbox' | 'menuitemradio';
  readonly isChecked?: boolean;
  /** For what cannot be taken back. */
  readonly isDanger?: boolean;
  readonly onClick: () => void;
}

export function MenuLine({
  icon,
  label,
  keyHint,
  testId,
  role = 'menuitem',
  isChecked = false,
  isDanger = false,
  onClick,
}: MenuLineProps) {
  return (
    <button
      type="button"
      className="menu__line"
      role={role}
      tabIndex={-1}
      data-danger={isDanger || undefined}
      aria-checked={role === 'menuitem' ? undefined : isChecked}
      data-testid={testId}
      onClick={({ currentTarget }) => {
        currentTarget.closest<HTMLElement>('[popover]')?.hidePopover();
        onClick();
      }}
    >
      {icon}
      <span className="menu__label">{label}</span>
      {keyHint !== undefined && (
        <kbd className="menu__key" aria-hidden="true">
          {keyHint}
        </kbd>
      )}
      {isChecked && <Check className="menu__check" size={18} aria-hidden="true" />}
    </button>
  );
}

interface MenuSwitchProps extends LineProps {
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

export function MenuSwitch({ isOn, onChange, ...line }: MenuSwitchProps) {
  return <MenuLine {...line} role="menuitemcheckbox" isChecked={isOn} onClick={() => onChange(!isOn)} />;
}

interface MenuChoiceProps<T extends string> {
  readonly heading: string;
  readonly value: T;
  readonly choices: readonly (LineProps & { readonly value: T })[];
  readonly onChoose: (value: T) => void;
}

/** Several lines, one of which holds. */
export function MenuChoice<T extends string>({ heading, value, choices, onChoose }: MenuChoiceProps<T>) {
  return (
    <div role="group" aria-label={heading}>
      <p className="menu__heading" aria-hidden="true">
        {heading}
      </p>
      {choices.map(({ value: own, ...line }) => (
        <MenuLine
          {...line}
          key={own}
          role="menuitemradio"
          isChecked={own === value}
          onClick={() => onChoose(own)}
        />
      ))}
    </div>
  );
}

export function MenuDivider() {
  return <div className="menu__divider" role="separator" />;
}
