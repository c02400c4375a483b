/** Calls out of a room, as the host who asks for them is told how they go. */
import { expect } from 'vitest';
import type { DialState } from '../../../server/signalling/contract.ts';
import type { SignalClient } from '../signal-client.ts';
import { until } from '../wait.ts';

export interface Dialled {
  id: string;
  /** How it has gone so far. */
  states: () => DialState[];
}

export async function dial(host: SignalClient, destination: string): Promise<Dialled> {
  const { dial: made } = await host.ask('callOut', { destination });
  const states = (): DialState[] =>
    host.events.flatMap((event) =>
      event.type === 'dialChanged' && event.dial.id === made.id ? [event.dial.state] : [],
    );
  return { id: made.id, states };
}

/** Waits until a call has gone in these steps, and in no others. */
export async function goes(dialled: Dialled, ...steps: DialState[]): Promise<void> {
  await until('the call goes its way', dialled.states, (states) => states.at(-1) === steps.at(-1));
  expect(dialled.states()).toEqual(steps);
}
