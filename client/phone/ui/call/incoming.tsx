import { Phone, PhoneOff, Video } from 'lucide-react';
import { useEffect, useId, useRef } from 'react';
import { useText } from '../../../app/i18n/text.ts';
import { Avatar } from '../../../app/ui/avatar.tsx';
import { useObservable } from '../../../app/ui/use-observable.ts';
import type { Call } from '../../agent/call.ts';
import { readable } from '../../agent/target.ts';
import type { Desk } from '../../desk.ts';
import { nameOf } from '../names.ts';
import { PHONE_IDS } from '../testids.ts';

interface IncomingProps {
  readonly desk: Desk;
  readonly call: Call;
}

/** Somebody calls. Answering is the first thing that the keyboard finds. */
export function Incoming({ desk, call }: IncomingProps) {
  const text = useText();
  const { peer, offersVideo, phase } = useObservable(call);
  const { activeCall } = useObservable(desk);
  const { domain } = desk.agent.account;
  const heading = useId();
  const answer = useRef<HTMLButtonElement>(null);
  const name = nameOf(peer, domain);
  useEffect(() => {
    // Not while somebody writes: the next letter would answer.
    if (!isWriting()) answer.current?.focus();
  }, []);

  if (phase !== 'ringing') return null;
  return (
    <div className="incoming" role="alertdialog" aria-labelledby={heading} data-testid={PHONE_IDS.incoming}>
      <Avatar participant={{ id: peer.address, name, kind: 'browser' }} />
      <div className="incoming__who">
        <h2 id={heading} className="incoming__heading">
          {text(offersVideo ? 'phone.incomingVideo' : 'phone.incoming', { name })}
        </h2>
        {peer.name !== null && <p className="incoming__address">{readable(peer.address, domain)}</p>}
        {activeCall && <p className="incoming__address">{text('phone.holdAndAnswer')}</p>}
      </div>
      <div className="incoming__choices">
        <button
          ref={answer}
          type="button"
          className="button button--primary"
          data-testid={PHONE_IDS.answer}
          onClick={() => void desk.answer(call, false)}
        >
          <Phone size={18} aria-hidden="true" />
          {text('phone.answer')}
        </button>
        {offersVideo && (
          <button
            type="button"
            className="button"
            data-testid={PHONE_IDS.answerVideo}
            onClick={() => void desk.answer(call, true)}
          >
            <Video size={18} aria-hidden="true" />
            {text('phone.answerVideo')}
          </button>
        )}
        <button
          type="button"
          className="button button--danger"
          data-testid={PHONE_IDS.decline}
          onClick={() => call.refuse('decline')}
        >
          <PhoneOff size={18} aria-hidden="true" />
          {text('phone.decline')}
        </button>
      </div>
    </div>
  );
}

function isWriting(): boolean {
  const { activeElement } = document;
  return (
    (activeElement instanceof HTMLInputElement || activeElement instanceof HTMLTextAreaElement) &&
    activeElement.value !== ''
  );
}
