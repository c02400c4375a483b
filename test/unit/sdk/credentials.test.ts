import { describe, expect, it } from 'vitest';
import { Credentials } from '../../../client/sdk/credentials.ts';
import { joinRequest } from '../../../server/signalling/contract.ts';
import type { JoinedAnswer, WaitingAnswer } from '../../../server/signalling/contract.ts';

const options = { serverUrl: 'http://localhost', room: 'salon', name: 'Ana' };

/** As far as credentials look at it. */
function joined(
  change: { resumed?: boolean; hostKey?: string | null; lastEvent?: number } = {},
): JoinedAnswer {
  const { resumed = false, hostKey = null, lastEvent = 0 } = change;
  return { state: 'joined', token: 'place', resumed, hostKey, lastEvent } as JoinedAnswer;
}
const waiting: WaitingAnswer = {
  state: 'waiting',
  waitingFor: 'lobby',
  knock: 'ticket',
  opensAt: null,
  now: 0,
};

describe('what a client shows at the door', () => {
  it('fits the contract, with all it can have', async () => {
    const credentials = new Credentials({
      ...options,
      password: 'olla',
      token: 'jwt',
      hostKey: 'key',
      deviceId: 'device',
      make: { kind: 'class' },
    });
    credentials.take(joined({ lastEvent: 3 }));
    const request = await credentials.joinRequest();
    expect(joinRequest.parse(request)).toEqual({
      version: 1,
      room: 'salon',
      name: 'Ana',
      password: 'olla',
      token: 'jwt',
      hostKey: 'key',
      deviceId: 'device',
      make: { kind: 'class' },
      resume: { token: 'place', lastEvent: 3 },
    });
  });

  it('has a fresh token each time where the app gives one', async () => {
    let asked = 0;
    const credentials = new Credentials({
      ...options,
      token: async () => {
        asked += 1;
        return asked > 2 ? null : `jwt-${asked}`;
      },
    });
    expect((await credentials.joinRequest()).token).toBe('jwt-1');
    expect((await credentials.joinRequest()).token).toBe('jwt-2');
    expect(await credentials.joinRequest()).not.toHaveProperty('token');
  });

  it('has the place at the door until it is in', async () => {
    const credentials = new Credentials(options);
    expect(credentials.take(waiting)).toBe(false);
    expect((await credentials.joinRequest()).knock).toBe('ticket');
    credentials.take(joined());
    expect(await credentials.joinRequest()).not.toHaveProperty('knock');
  });

  it('goes on counting events when it is the same participant, and anew when it is not', () => {
    const credentials = new Credentials(options);
    // A server may say so to somebody who never was there before: nothing goes on.
    expect(credentials.take(joined({ resumed: true, lastEvent: 9 }))).toBe(false);
    credentials.resumption!.lastEvent = 12;
    expect(credentials.take(joined({ resumed: true, lastEvent: 15 }))).toBe(true);
    expect(credentials.resumption?.lastEvent).toBe(12);
    expect(credentials.take(joined({ lastEvent: 2 }))).toBe(false);
    expect(credentials.resumption?.lastEvent).toBe(2);
    credentials.forgetPlace();
    expect(credentials.resumption).toBeNull();
  });

  it('keeps the key of a host, and takes a newer one', async () => {
    const credentials = new Credentials({ ...options, hostKey: 'old' });
    credentials.take(joined());
    expect((await credentials.joinRequest()).hostKey).toBe('old');
    credentials.take(joined({ hostKey: 'new' }));
    expect((await credentials.joinRequest()).hostKey).toBe('new');
  });
});
