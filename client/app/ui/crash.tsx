import { Component, type ReactNode } from 'react';
import { useText } from '../i18n/text.ts';
import { Message } from './message.tsx';

interface State {
  readonly failed: boolean;
}

/** Shows a way out when a component throws; React itself reports the error to the console. */
export class Crash extends Component<{ readonly children: ReactNode }, State> {
  override readonly state: State = { failed: false };

  static getDerivedStateFromError(): State {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? <Stumbled /> : this.props.children;
  }
}

function Stumbled() {
  const text = useText();
  return (
    <Message heading={text('problem.crash')} hint={text('problem.crashHint')}>
      <button type="button" className="button button--primary" onClick={() => location.reload()}>
        {text('problem.reload')}
      </button>
    </Message>
  );
}
