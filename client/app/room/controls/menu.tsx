/** Menus above the controls: keyboard, focus and placing are Base UI's, the look is ours. */
import { Menu as Base } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import './menu.css';

interface MenuProps {
  /** The button that opens it. */
  readonly trigger: ReactElement;
  readonly label: string;
  readonly align?: 'start' | 'center' | 'end';
  readonly orientation?: 'horizontal' | 'vertical';
  readonly className?: string;
  readonly children: ReactNode;
}

export function Menu({ trigger, label, align = 'center', orientation, className = '', children }: MenuProps) {
  return (
    <Base.Root modal={false} {...(orientation && { orientation })}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner
          className="menu__place"
          side="top"
          align={align}
          sideOffset={12}
          collisionPadding={8}
        >
          <Base.Popup className={`menu ${className}`} aria-label={label}>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

interface LineProps {
  readonly icon?: ReactNode;
  readonly label: string;
  /** The key that does the same. */
  readonly keyHint?: string;
  readonly testId?: string;
}

function LineContent({ icon, label, keyHint }: LineProps) {
  return (
    <>
      {icon}
      <span className="menu__label">{label}</span>
      {keyHint !== undefined && (
        <kbd className="menu__key" aria-hidden="true">
          {keyHint}
        </kbd>
      )}
    </>
  );
}

export function MenuLine({ onClick, ...line }: LineProps & { readonly onClick: () => void }) {
  return (
    <Base.Item className="menu__line" onClick={onClick} data-testid={line.testId}>
      <LineContent {...line} />
    </Base.Item>
  );
}

interface MenuSwitchProps extends LineProps {
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

export function MenuSwitch({ isOn, onChange, ...line }: MenuSwitchProps) {
  return (
    <Base.CheckboxItem
      className="menu__line"
      checked={isOn}
      onCheckedChange={(checked) => onChange(checked)}
      closeOnClick
      data-testid={line.testId}
    >
      <LineContent {...line} />
      <Base.CheckboxItemIndicator className="menu__check">
        <Check size={18} aria-hidden="true" />
      </Base.CheckboxItemIndicator>
    </Base.CheckboxItem>
  );
}

interface MenuChoiceProps<T extends string> {
  readonly heading?: string;
  readonly value: T;
  readonly choices: readonly (LineProps & { readonly value: T })[];
  readonly onChoose: (value: T) => void;
}

/** Several lines, one of which holds. */
export function MenuChoice<T extends string>({ heading, value, choices, onChoose }: MenuChoiceProps<T>) {
  return (
    <Base.RadioGroup
      value={value}
      onValueChange={(chosen: unknown) => {
        const choice = choices.find((one) => one.value === chosen);
        if (choice) onChoose(choice.value);
      }}
    >
      {heading !== undefined && <Base.GroupLabel className="menu__heading">{heading}</Base.GroupLabel>}
      {choices.map((choice) => (
        <Base.RadioItem
          key={choice.value}
          className="menu__line"
          value={choice.value}
          closeOnClick
          data-testid={choice.testId}
        >
          <LineContent {...choice} />
          <Base.RadioItemIndicator className="menu__check">
            <Check size={18} aria-hidden="true" />
          </Base.RadioItemIndicator>
        </Base.RadioItem>
      ))}
    </Base.RadioGroup>
  );
}

export function MenuDivider() {
  return <Base.Separator className="menu__divider" />;
}
