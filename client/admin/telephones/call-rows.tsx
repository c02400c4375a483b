import { PhoneIncoming, PhoneOff, PhoneOutgoing } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { duration } from '../../phone/ui/names.ts';
import { removeFromRoom } from '../api.ts';
import type { EndedCall, RunningCall } from '../api.ts';
import { dayAndTime, timeOfDay } from '../format.ts';
import { useAdminText, type AdminText } from '../texts.ts';
import { reasonKey } from './texts.ts';

interface RunningCallRowProps {
  readonly call: RunningCall;
  readonly onEnded: () => void;
}

/** A call that goes on: who, where, since when. */
export function RunningCallRow({ call, onEnded }: RunningCallRowProps) {
  const text = useAdminText();
  const { room, participantId, since, state, trunk } = call;
  const place = text(`call.${state}`, { room: room ?? '' });
  const from = since === null ? [] : [text('since', { time: timeOfDay(since, text.locale) })];
  return (
    <CallRow call={call} about={[place, ...from, trunk]}>
      {room !== null && participantId !== null && (
        <HangUpButton
          who={whoOf(call, text)}
          hangUp={() => removeFromRoom(room, participantId)}
          onEnded={onEnded}
        />
      )}
    </CallRow>
  );
}

interface HangUpButtonProps {
  readonly who: string;
  readonly hangUp: () => Promise<unknown>;
  readonly onEnded: () => void;
}

function HangUpButton({ who, hangUp, onEnded }: HangUpButtonProps) {
  const text = useAdminText();
  const [hasFailed, setHasFailed] = useState(false);
  return (
    <>
      {hasFailed && (
        <span className="field__problem" role="alert">
          {text('hangUpFailed')}
        </span>
      )}
      <button
        type="button"
        className="button button--small"
        aria-label={text('hangUpOn', { who })}
        onClick={() => void hangUp().then(onEnded, () => setHasFailed(true))}
      >
        <PhoneOff size={16} aria-hidden="true" />
        {text('hangUp')}
      </button>
    </>
  );
}

/** A call that is over: what has become of it. */
export function EndedCallRow({ call }: { readonly call: EndedCall }) {
  const text = useAdminText();
  const { direction, room, trunk, startedAt, answeredAt, endedAt, reason, failedPins } = call;
  const place = room === null ? [] : [text(direction === 'inbound' ? 'to' : 'outOf', { room })];
  const pins = failedPins === 0 ? [] : [text('wrongPins', { count: failedPins })];
  const key = reasonKey(reason);
  return (
    <CallRow call={call} about={[...place, dayAndTime(startedAt, text.locale), trunk]}>
      <span className="call-row__end" data-trouble={isTrouble(call) || undefined}>
        {key ? text(key) : <span lang="en">{reason}</span>}
        {pins.map((words) => ` · ${words}`)}
      </span>
      <span className="call-row__duration">{answeredAt === null ? '–' : duration(endedAt - answeredAt)}</span>
    </CallRow>
  );
}

/** How calls end every day, though nobody was reached. */
const EVERYDAY: ReadonlySet<string> = new Set(['busy', 'declined', 'no-answer', 'unreachable', 'not-found']);

/** Whether somebody should look into it. */
function isTrouble({ fault, reason }: EndedCall): boolean {
  return fault !== 'nobody' && !EVERYDAY.has(reason);
}

interface CallRowProps {
  readonly call: Pick<RunningCall, 'direction' | 'name' | 'number'>;
  readonly about: readonly string[];
  readonly children: ReactNode;
}

function CallRow({ call, about, children }: CallRowProps) {
  const text = useAdminText();
  const Icon = call.direction === 'inbound' ? PhoneIncoming : PhoneOutgoing;
  return (
    <li className="call-row">
      <Icon className="call-row__icon" size={20} role="img" aria-label={text(call.direction)} />
      <span className="call-row__words">
        <span className="call-row__who" dir="auto">
          {whoOf(call, text)}
        </span>
        <span className="call-row__about">{about.join(' · ')}</span>
      </span>
      {children}
    </li>
  );
}

function whoOf({ name, number }: CallRowProps['call'], text: AdminText): string {
  const known = [name, number].filter((part) => part !== null);
  return known.length === 0 ? text('withheld') : known.join(' · ');
}
