import type { Dial } from '../../../sdk/types.ts';
import type { RoomActions } from '../actions.ts';
import { CallRow } from './call-row.tsx';
import './calls.css';

interface CallListProps {
  readonly label: string;
  /** Each destination once: a call that is made again stays where the focus is. */
  readonly calls: readonly Dial[];
  readonly actions: RoomActions;
  /** Null where calls are only watched. */
  readonly onAgain: ((destination: string) => void) | null;
}

/** Telephones that are being called, or have been, and how it goes. */
export function CallList({ label, calls, actions, onAgain }: CallListProps) {
  return (
    <ul className="calls" aria-label={label}>
      {calls.map((call) => (
        <CallRow
          key={onAgain ? call.destination : call.id}
          call={call}
          onCancel={() => void actions.asHost((host) => host.cancelCallOut(call.id))}
          onAgain={onAgain && (() => onAgain(call.destination))}
        />
      ))}
    </ul>
  );
}
