/** The phone in use: keypad, call, log, messages, trace. */
import { Grid3x3, History, MessageCircle, PhoneCall, ScrollText } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useText } from '../../app/i18n/text.ts';
import { useObservable } from '../../app/ui/use-observable.ts';
import type { Desk } from '../desk.ts';
import { useTitle } from '../../app/ui/use-title.ts';
import { CallNotes } from './call/call-notes.tsx';
import { CallView } from './call/call-view.tsx';
import { Incoming } from './call/incoming.tsx';
import { Idle } from './call/idle.tsx';
import { OtherCalls } from './call/other-calls.tsx';
import { PeerSounds } from './call/peer-sound.tsx';
import { Dialer } from './dialer.tsx';
import { CallLogView } from './log/call-log-view.tsx';
import { MessagesView } from './messages/messages-view.tsx';
import { nameOf } from './names.ts';
import { PHONE_IDS } from './testids.ts';
import { TraceView } from './trace/trace-view.tsx';
import { useCallNotes } from './use-call-notes.ts';
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
  const { domain } = agent.account;
  const [view, setView] = useState<View>('keypad');
  const [writingTo, setWritingTo] = useState<string | null>(null);
  const [callSeen, setCallSeen] = useState(activeCall);
  const ringing = calls.filter(({ state }) => state.direction === 'inbound' && state.phase === 'ringing');
  const talking = activeCall && text('title.phoneTalking', { name: nameOf(activeCall.state.peer, domain) });
  const [caller] = ringing;
  const calling = caller && text('title.phoneCalling', { name: nameOf(caller.state.peer, domain) });
  useTitle(calling ?? talking ?? text('title.phone'));
  useCallNotes(calling ?? null);
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
          {shown === 'keypad' && ringing.length === 0 && <Idle />}
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

/** How many, and the words for it; null when there are none. */
type News = readonly [count: number, words: string] | null;

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

  const views: readonly (readonly [View, ReactNode, string, News])[] = [
    hasCall
      ? ['call', <PhoneCall key="icon" aria-hidden="true" />, text('phone.call'), null]
      : ['keypad', <Grid3x3 key="icon" aria-hidden="true" />, text('phone.keypad'), null],
    [
      'calls',
      <History key="icon" aria-hidden="true" />,
      text('phone.calls'),
      missed > 0 ? [missed, text('phone.missed', { count: missed })] : null,
    ],
    [
      'messages',
      <MessageCircle key="icon" aria-hidden="true" />,
      text('phone.messages'),
      unread > 0 ? [unread, text('phone.unread', { count: unread })] : null,
    ],
    ['trace', <ScrollText key="icon" aria-hidden="true" />, text('phone.trace'), null],
  ];
  return (
    <nav className="desk__views" aria-label={text('phone.views')}>
      {views.map(([view, icon, label, news]) => (
        <button
          key={view}
          type="button"
          className="desk__view"
          aria-current={shown === view ? 'page' : undefined}
          onClick={() => onShow(view)}
        >
          {icon}
          <span>{label}</span>
          {news && (
            <>
              <span className="desk__count" aria-hidden="true">
                {news[0]}
              </span>
              <span className="visually-hidden">{news[1]}</span>
            </>
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
