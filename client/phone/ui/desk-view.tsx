/** The phone in use: keypad, call, log, messages, trace. */
import { Grid3x3, History, MessageCircle, PhoneCall, ScrollText } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useText } from '../../app/i18n/text.ts';
import { useObservable } from '../../app/ui/use-observable.ts';
import type { Desk } from '../desk.ts';
import { CallNotes } from './call/call-notes.tsx';
import { CallView } from './call/call-view.tsx';
import { Incoming } from './call/incoming.tsx';
import { Idle } from './call/idle.tsx';
import { OtherCalls } from './call/other-calls.tsx';
import { PeerSounds } from './call/peer-sound.tsx';
import { Dialer } from './dialer.tsx';
import { CallLogView } from './log/call-log-view.tsx';
import { MessagesView } from './messages/messages-view.tsx';
import { PHONE_IDS } from './testids.ts';
import { TraceView } from './trace/trace-view.tsx';
import { usePhoneTones } from './tones/use-phone-tones.ts';

type View = 'keypad' | 'call' | 'calls' | 'messages' | 'trace';

interface DeskViewProps {
  readonly desk: Desk;
  readonly onSignOut: () => void;
}

export function DeskView({ desk, onSignOut }: DeskViewProps) {
  const text = useText();
  const { agent } = desk;
  const { registration, calls } = useObservable(agent);
  const { activeCall } = useObservable(desk);
  const [view, setView] = useState<View>('keypad');
  const [writingTo, setWritingTo] = useState<string | null>(null);
  const [callSeen, setCallSeen] = useState(activeCall);
  const ringing = calls.filter(({ state }) => state.direction === 'inbound' && state.phase === 'ringing');
  usePhoneTones(desk);
  useStayAlert(calls.length > 0);

  // A new call comes to the front by itself.
  if (activeCall !== callSeen) {
    setCallSeen(activeCall);
    if (activeCall) setView('call');
  }
  const shown = view === 'call' && !activeCall ? 'keypad' : view;
  const write = (address: string): void => {
    setWritingTo(address);
    setView('messages');
  };

  return (
    <div className="desk" data-view={shown} data-testid={PHONE_IDS.phone} data-status={registration.status}>
      <PeerSounds calls={calls} />
      <CallNotes desk={desk} onSignOut={onSignOut} />
      <main className="desk__main">
        <section className="desk__side" aria-label={text('phone.keypad')}>
          <Dialer desk={desk} />
        </section>
        <section className="desk__stage">
          {ringing.map((call) => (
            <Incoming key={call.state.id} desk={desk} call={call} />
          ))}
          <OtherCalls desk={desk} />
          {shown === 'keypad' && <Idle />}
          {shown === 'call' && activeCall && (
            <CallView key={activeCall.state.id} desk={desk} call={activeCall} />
          )}
          {shown === 'calls' && <CallLogView desk={desk} onWrite={write} />}
          {shown === 'messages' && <MessagesView desk={desk} openAddress={writingTo} onOpen={setWritingTo} />}
          {shown === 'trace' && <TraceView trace={agent.trace} />}
        </section>
      </main>
      <Views desk={desk} shown={shown} hasCall={activeCall !== null} onShow={setView} />
    </div>
  );
}

interface ViewsProps {
  readonly desk: Desk;
  readonly shown: View;
  readonly hasCall: boolean;
  readonly onShow: (view: View) => void;
}

/** The ways from one part to the other: below on telephones, above elsewhere. */
function Views({ desk, shown, hasCall, onShow }: ViewsProps) {
  const text = useText();
  const calls = useObservable(desk.log);
  const unread = useObservable(desk.conversations).reduce(
    (sum, conversation) => sum + conversation.unread,
    0,
  );
  const [lastSeen, setLastSeen] = useState(calls[0]?.startedAt ?? 0);
  const missed = calls.filter(
    ({ outcome, startedAt }) => outcome === 'missed' && startedAt > lastSeen,
  ).length;
  const newest = calls[0]?.startedAt ?? 0;
  if (shown === 'calls' && newest > lastSeen) setLastSeen(newest);

  const views: readonly (readonly [View, ReactNode, string, number])[] = [
    hasCall
      ? ['call', <PhoneCall key="icon" aria-hidden="true" />, text('phone.call'), 0]
      : ['keypad', <Grid3x3 key="icon" aria-hidden="true" />, text('phone.keypad'), 0],
    ['calls', <History key="icon" aria-hidden="true" />, text('phone.calls'), missed],
    ['messages', <MessageCircle key="icon" aria-hidden="true" />, text('phone.messages'), unread],
    ['trace', <ScrollText key="icon" aria-hidden="true" />, text('phone.trace'), 0],
  ];
  const labels: Partial<Record<View, string>> = {
    ...(missed > 0 ? { calls: text('phone.missed', { count: missed }) } : {}),
    ...(unread > 0 ? { messages: text('phone.unread', { count: unread }) } : {}),
  };
  return (
    <nav className="desk__views" aria-label={text('phone.views')}>
      {views.map(([view, icon, label, count]) => (
        <button
          key={view}
          type="button"
          className="desk__view"
          aria-current={shown === view ? 'page' : undefined}
          aria-label={labels[view]}
          onClick={() => onShow(view)}
        >
          {icon}
          <span>{label}</span>
          {count > 0 && (
            <span className="desk__count" aria-hidden="true">
              {count}
            </span>
          )}
        </button>
      ))}
    </nav>
  );
}

/** Asks before the page is closed in the middle of a call. */
function useStayAlert(hasCalls: boolean): void {
  useEffect(() => {
    if (!hasCalls) return undefined;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [hasCalls]);
}
