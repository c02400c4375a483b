import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openIvr, stepIvr, type IvrAction, type IvrEvent } from '../../../server/bridge/ivr.ts';
import { Caller } from './ivr-caller.ts';

const type = <T extends string>(name: T) => fc.constant(name);
const flag = fc.boolean();
const key = fc.stringMatching(/^[0-9*#]$/);
const via = fc.constantFrom('rtp', 'info', 'inband');

const doorEvent = fc.oneof(
  fc.record({ type: type('roomUnknown') }),
  fc.record({ type: type('pinNeeded') }),
  fc.record({ type: type('pinWrong'), triesLeft: fc.integer({ min: 0, max: 5 }) }),
  fc.record({ type: type('waiting'), waitingFor: fc.constantFrom('lobby', 'host', 'opening') }),
  fc.record({ type: type('joined'), count: fc.nat(2_000), muted: flag, mayUnmute: flag }),
  fc.record({ type: type('refused'), reason: fc.constantFrom('denied', 'full', 'removed', 'room-ended') }),
);
const hostEvent = fc.oneof(
  fc.record({ type: type('muted'), mayUnmute: flag }),
  fc.record({ type: type('mayUnmute'), mayUnmute: flag }),
  fc.record({ type: type('askedToUnmute') }),
  fc.record({ type: type('handLowered') }),
  fc.record({ type: type('held'), held: flag }),
);
const timer = fc.constantFrom('input', 'star', 'door', 'reminder', 'farewell', 'menu', 'digitWay');
const digit = fc.record({ type: type('digit'), digit: fc.oneof(key, fc.string()), via });
const anyEvent: fc.Arbitrary<IvrEvent> = fc.oneof(
  { weight: 6, arbitrary: digit },
  { weight: 2, arbitrary: doorEvent },
  hostEvent,
  fc.record({ type: type('endIsNear') }),
  fc.record({ type: type('endIsHere') }),
  fc.record({ type: type('timeout'), timer }),
  fc.record({ type: type('promptEnded'), playId: fc.nat(12) }),
);
const languages = fc.constantFrom<['en'] | ['es', 'en']>(['en'], ['es', 'en']);
const anyOptions = fc.record({
  destination: fc.oneof(
    type('invited'),
    fc.record({ roomNumber: fc.option(fc.stringMatching(/^[0-9]{1,9}$/)) }),
  ),
  languages,
});

/** What an action gives away, of which a PIN must be no part: the keys that are read out, and all else as it is. */
function told(action: IvrAction): string {
  if (action.type !== 'play') return JSON.stringify(action);
  return action.prompts.map((prompt) => /^\w+\/number-(\d)$/.exec(prompt)?.[1] ?? ' ').join('');
}

describe('any order of events', () => {
  it('leads to a state, and to nothing after the last word', () => {
    fc.assert(
      fc.property(anyOptions, fc.array(anyEvent, { maxLength: 120 }), (options, events) => {
        let { ivr } = openIvr(options);
        for (const event of events) {
          const wasOver = ivr.stage.name === 'over';
          const step = stepIvr(ivr, event);
          if (wasOver) expect(step).toEqual({ ivr, actions: [] });
          const leaves = step.actions.filter((action) => action.type === 'leave');
          expect(leaves).toHaveLength(!wasOver && step.ivr.stage.name === 'over' ? 1 : 0);
          if (leaves.length > 0) expect(step.actions.at(-1)).toBe(leaves[0]);
          ivr = step.ivr;
        }
      }),
    );
  });

  it('stops every timer that it starts, once the call is over', () => {
    fc.assert(
      fc.property(anyOptions, fc.array(anyEvent, { maxLength: 120 }), (options, events) => {
        const caller = new Caller(options);
        for (const event of events) caller.happens(event);
        caller.happens({ type: 'refused', reason: 'removed' });
        // Whoever is still asked for a number can't be removed from a room: silence ends that.
        caller.wait(400_000);
        expect(caller.stage).toBe('over');
        expect(caller.ivr.runningTimers).toEqual([]);
      }),
    );
  });

  it('changes no state that was given out', () => {
    fc.assert(
      fc.property(anyOptions, fc.array(anyEvent, { maxLength: 40 }), (options, events) => {
        let { ivr } = openIvr(options);
        for (const event of events) {
          const before = structuredClone(ivr);
          const next = stepIvr(ivr, event).ivr;
          expect(ivr).toEqual(before);
          ivr = next;
        }
      }),
    );
  });
});

describe('a PIN', () => {
  const pin = fc.stringMatching(/^[1-9][0-9]{3,11}$/);

  it('is told to nobody but the door', () => {
    fc.assert(
      fc.property(pin, fc.array(anyEvent, { maxLength: 40 }), (secret, events) => {
        // A room number of zeros has no part of the PIN in it, whatever is read out.
        const caller = new Caller({ destination: { roomNumber: '000' } }).happens({ type: 'pinNeeded' });
        caller.press(`${secret}#`);
        expect(caller.done('askDoor').at(-1)?.pin).toBe(secret);
        // Keys after it would be a number of their own, and might be the same one.
        for (const event of events) if (event.type !== 'digit') caller.happens(event);
        const others = caller.actions.filter((action) => action.type !== 'askDoor').map(told);
        for (const other of others) expect(other).not.toContain(secret);
      }),
    );
  });

  it('is tried three times at most, and then the call ends, whatever is keyed in', () => {
    fc.assert(
      fc.property(fc.array(fc.array(key, { maxLength: 8 }), { minLength: 60, maxLength: 60 }), (numbers) => {
        const caller = new Caller({ destination: { roomNumber: '000' } }).happens({ type: 'pinNeeded' });
        for (const keys of numbers) {
          caller.press(`${keys.join('')}#`);
          caller.happens({ type: 'pinWrong', triesLeft: 9 }).wait(4_000);
        }
        expect(caller.done('askDoor').filter((action) => action.pin !== null).length).toBeLessThanOrEqual(3);
        expect(caller.left).toMatch(/^(pin-wrong|nothing-keyed)$/);
      }),
    );
  });
});
