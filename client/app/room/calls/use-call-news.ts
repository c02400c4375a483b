import { useEffect } from 'react';
import { currentText } from '../../i18n/text.ts';
import type { Session } from '../../meeting/session.ts';
import { STATE_TEXTS, isUnderWay, isWorthAnotherTry, progressBetween } from './calls.ts';

/** Tells how calls out of the room go: those that came to nothing in a notice, the others to screen readers. */
export function useCallNews({ client, notices }: Session, isDialogOpen: boolean): void {
  useEffect(() => {
    // The dialog tells by itself, and is in front of notices.
    if (isDialogOpen) return undefined;
    let before = client.state.dials;
    return client.subscribe(() => {
      const { dials } = client.state;
      if (dials === before) return;
      const text = currentText();
      for (const dial of progressBetween(before, dials)) {
        const told = text('calls.told', {
          number: dial.destination,
          state: text(STATE_TEXTS[dial.state]),
        });
        if (isUnderWay(dial) || dial.state === 'answered' || dial.state === 'cancelled')
          notices.announce(told);
        else notices.show(told, isWorthAnotherTry(dial) ? 'info' : 'warning');
      }
      before = dials;
    });
  }, [client, notices, isDialogOpen]);
}
