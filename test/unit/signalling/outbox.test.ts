import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { Outbox } from '../../../server/signalling/outbox.ts';
import type { EventBatch, RoomEvent } from '../../../server/signalling/contract.ts';

function event(id: number): RoomEvent {
  return { type: 'publicationRemoved', publicationId: String(id) };
}

const tick = () => Promise.resolve();

/** Ends the pauses that an outbox makes, when it is told to. */
class Pauses {
  readonly #running = new Set<() => void>();

  readonly after = (_delayMs: number, callback: () => void): (() => void) => {
    this.#running.add(callback);
    return () => this.#running.delete(callback);
  };

  end(): void {
    for (const callback of [...this.#running]) {
      this.#running.delete(callback);
      callback();
    }
  }
}

/** The far end: knows the number of the last event it has, as a client does. */
class Reader {
  readonly ids: number[] = [];
  last = 0;
  readonly batches: EventBatch[] = [];

  readonly take = (batch: EventBatch): void => {
    this.batches.push(batch);
    expect(batch.first).toBe(this.last + 1);
    for (const told of batch.events) {
      if (told.type === 'publicationRemoved') this.ids.push(Number(told.publicationId));
    }
    this.last = batch.first + batch.events.length - 1;
  };
}

describe('Outbox', () => {
  it('delivers as one batch what happens in one go', async () => {
    const outbox = new Outbox(new Pauses());
    const reader = new Reader();
    outbox.attach(reader.take, 0);
    outbox.push(event(1));
    outbox.push(event(2));
    expect(reader.batches).toHaveLength(0);
    await tick();
    expect(reader.batches.map(({ first, events }) => [first, events.length])).toEqual([[1, 2]]);
  });

  it('delivers together what comes soon after a batch', async () => {
    const pauses = new Pauses();
    const outbox = new Outbox(pauses);
    const reader = new Reader();
    outbox.attach(reader.take, 0);
    for (const id of [1, 2, 3]) {
      outbox.push(event(id));
      await tick();
    }
    expect(reader.ids).toEqual([1]);
    pauses.end();
    expect(reader.batches.map(({ events }) => events.length)).toEqual([1, 2]);
    pauses.end();
    outbox.push(event(4));
    await tick();
    expect(reader.ids).toEqual([1, 2, 3, 4]);
  });

  it('lets nothing wait that media waits for', async () => {
    const outbox = new Outbox(new Pauses());
    const reader = new Reader();
    outbox.attach(reader.take, 0);
    outbox.push(event(1));
    await tick();
    outbox.push(event(2));
    outbox.push({ type: 'subscriptionPaused', subscriptionId: 'any', paused: false });
    await tick();
    expect(reader.batches.map(({ events }) => events.length)).toEqual([1, 2]);
  });

  it('loses nothing and repeats nothing, wherever the wire is cut', async () => {
    const steps = fc.array(fc.constantFrom('push', 'cut', 'lose', 'attach', 'tick', 'wait'), {
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(steps, async (actions) => {
        const pauses = new Pauses();
        const outbox = new Outbox(pauses);
        const reader = new Reader();
        let pushed = 0;
        for (const action of actions) {
          if (action === 'push') outbox.push(event((pushed += 1)));
          if (action === 'cut') outbox.detach();
          // What is delivered never arrives.
          if (action === 'lose') outbox.attach(() => undefined, reader.last);
          if (action === 'attach') outbox.attach(reader.take, reader.last);
          if (action === 'tick') await tick();
          if (action === 'wait') pauses.end();
        }
        outbox.attach(reader.take, reader.last);
        await tick();
        expect(reader.ids).toEqual(Array.from({ length: pushed }, (_, index) => index + 1));
      }),
    );
  });

  it('says so when it has forgotten what somebody has missed', () => {
    const outbox = new Outbox(new Pauses());
    for (let id = 1; id <= 10_000; id += 1) outbox.push(event(id));
    expect(outbox.last).toBe(10_000);
    expect(outbox.covers(0)).toBe(false);
    expect(outbox.covers(9_000)).toBe(true);
    expect(outbox.covers(10_001)).toBe(false);
    const reader = new Reader();
    reader.last = 9_000;
    outbox.attach(reader.take, 9_000);
    expect(reader.ids).toEqual(Array.from({ length: 1_000 }, (_, index) => 9_001 + index));
  });

  it('mends what has not been delivered yet, and numbers nothing anew', () => {
    const outbox = new Outbox(new Pauses());
    for (let id = 1; id <= 3; id += 1) outbox.push(event(id));
    outbox.amend(1, () => event(9));
    const reader = new Reader();
    outbox.attach(reader.take, 0);
    expect(reader.ids).toEqual([1, 9, 9]);
  });
});
