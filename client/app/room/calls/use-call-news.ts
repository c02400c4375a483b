import { useEffect } from 'react';
import { currentText, type Words } from '../../i18n/text.ts';
import type { Session } from '../../meeting/session.ts';
import { STATE_TEXTS, hasComeToNothing, isWorthAnotherTry, progressBetween } from './calls.ts';

/** Tells how calls out of the room go: those that came to nothing in a notice, the others to screen readers. */
export function useCallNews({ client, notices }: Session, isDialogOpen: boolean): void {
  useEffect(() => {
    // The dialog tells by itself, and is in front of notices.
    if (isDialogOpen) return undefined;
    let before = client.state.dials;
    return client.subscribe(() => {
      const { dials } = client.state;
      if (dials === before) return;
      for (const dial of progressBetween(before, dials)) {
        const told: Words = (text) =>
          text('calls.told', { number: dial.destination, state: text(STATE_TEXTS[dial.state]) });
        const tone = isWorthAnotherTry(dial) ? 'info' : 'warning';
        if (hasComeToNothing(dial)) notices.show(told, tone, `call to ${dial.destination}`);
        else notices.announce(told(currentText()));
      }
      before = dials;
    });
  }, [client, notices, isDialogOpen]);
}
