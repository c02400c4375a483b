import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { comeIn } from '../../helpers/assembly.ts';
import { SignalledServer } from '../../helpers/signalled-server.ts';

function full(): never {
  throw new Error('database or disk is full');
}

describe('A room whose disk is full', () => {
  let server: SignalledServer;

  beforeAll(async () => {
    server = await SignalledServer.start({
      gateway: { resumeMs: 100 },
      store: (store) => ({
        ...store,
        attendance: { ...store.attendance, add: full, save: full, cutOff: full },
        chat: { ...store.chat, add: full },
        roomEnded: full,
      }),
    });
  });
  afterAll(() => server.close());

  it('goes on, says what cannot be kept, and ends as others do', async () => {
    const hana = await comeIn(server, 'room', 'Hana');
    const ben = await comeIn(server, 'room', 'Ben');
    await ben.client.ask('raiseHand', { raised: true });
    expect((await ben.client.refusal('chat', { text: 'Hello' })).code).toBe('internal');
    hana.client.close();
    await ben.client.told('hostKey');
    await ben.client.ask('leave', {});
    expect(server.story.at(-1)).toBe('ended room');
    expect(server.conference.roomCount).toBe(0);
    expect(server.logged.filter((line) => line.includes('disk is full')).length).toBeGreaterThan(3);
    // The next who come find a room.
    await comeIn(server, 'room', 'Cleo');
  });
});
