import { SignJWT } from 'jose';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { JoinedAnswer } from '../../../server/signalling/contract.ts';
import { ServerProcess } from '../../helpers/server-process.ts';
import { SignalClient } from '../../helpers/signal-client.ts';
import type { JoinExtras } from '../../helpers/signal-client.ts';
import { sleep } from '../../helpers/wait.ts';

/** Servers are started one after the other, in ms. */
vi.setConfig({ testTimeout: 60_000 });

const SECRET = 'open sesame';
/** That tokens are signed with. */
const KEY = 'a key of more than thirty-two characters';
/** How far clocks may be apart: so long after its end a token is still good, in ms. */
const TOLERANCE_MS = 30_000;

/** A token that is taken until then, in ms since the epoch. */
function signed(claims: Record<string, unknown>, goodUntil: number): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime(new Date(goodUntil - TOLERANCE_MS))
    .sign(new TextEncoder().encode(KEY));
}

describe('A server that goes away in the middle of everything', () => {
  let server: ServerProcess | null = null;

  afterEach(async () => {
    await server?.close();
    server = null;
  });

  async function client(): Promise<SignalClient> {
    return SignalClient.connect(server!.url);
  }

  async function comeIn(name: string, more: JoinExtras = {}): Promise<[SignalClient, JoinedAnswer]> {
    const socket = await client();
    return [socket, await socket.join('room', name, undefined, more)];
  }

  const ways = [
    ['was killed', () => server!.kill()],
    ['was told to stop', () => server!.stop()],
  ] as const;

  it.each(ways)(
    'and %s finds rooms as they were: doors, hosts, who was in and who was out',
    async (_, stop) => {
      server = await ServerProcess.start();
      const [hana, host] = await comeIn('Hana', { make: { kind: 'class' } });
      await hana.ask('changeRoom', { settings: { lobby: false, maxParticipants: 20 }, password: SECRET });
      const [ben, bens] = await comeIn('Ben', { password: SECRET });
      const [cleo, cleos] = await comeIn('Cleo', { password: SECRET });
      const [, eves] = await comeIn('Eve', { password: SECRET, deviceId: 'device-of-eve' });
      const [mallory, mallorys] = await comeIn('Mallory', { password: SECRET });
      await hana.ask('setRole', { participantId: cleos.participantId, role: 'cohost' });
      await hana.ask('ban', { participantId: eves.participantId });
      await hana.ask('remove', { participantId: mallorys.participantId });
      await mallory.told('ended');
      const { message } = await ben.ask('chat', { text: 'To all.' });
      await cleo.ask('chat', { text: 'To hosts.', to: 'hosts' });
      await hana.ask('reactToMessage', { messageId: message.id, reaction: '🎉', on: true });
      await ben.ask('raiseHand', { raised: true });
      await hana.ask('changeRoom', { settings: { locked: true } });
      await stop();
      await server.run();

      const stranger = await client();
      const join = { version: 1, room: 'room', name: 'Stranger', password: SECRET };
      expect((await stranger.refusal('join', join)).code).toBe('room-locked');
      expect((await stranger.refusal('join', { ...join, password: 'x' })).code).toBe('wrong-password');
      expect((await stranger.refusal('join', { ...join, deviceId: 'device-of-eve' })).code).toBe('banned');
      // Who was put out has no way back in that others have not.
      const out = { ...join, resume: { token: mallorys.token, lastEvent: 0 } };
      expect((await stranger.refusal('join', out)).code).toBe('room-locked');

      const again = await client();
      const resume = { token: bens.token, lastEvent: ben.lastEvent };
      const back = await again.join('room', 'Ben', resume);
      expect(back).toMatchObject({ resumed: false, role: 'participant', room: { hasPassword: true } });
      expect(back.room).toMatchObject({ openedAt: host.room.openedAt, number: host.room.number });
      expect(back.room.settings).toMatchObject({ kind: 'class', locked: true, maxParticipants: 20 });
      expect(back.chat.map(({ text }) => text)).toEqual(['To all.']);
      expect(back.chat[0]?.reactions).toEqual([{ reaction: '🎉', participantIds: [host.participantId] }]);
      // It was good for one return.
      expect((await stranger.refusal('join', { ...join, resume })).code).toBe('room-locked');

      const cohost = await client();
      const cleosReturn = await cohost.join('room', 'Cleo', { token: cleos.token, lastEvent: 0 });
      expect(cleosReturn).toMatchObject({ role: 'cohost' });
      expect(cleosReturn.chat.map(({ text }) => text)).toEqual(['To all.', 'To hosts.']);
      const [first, { role, hostKey }] = await comeIn('Hana', { hostKey: host.hostKey! });
      expect([role, hostKey]).toEqual(['host', host.hostKey]);
      await first.ask('changeRoom', { settings: { locked: false }, password: null });
      // From the address of one who was banned: such have to knock.
      expect((await stranger.knock('room', 'Stranger')).waitingFor).toBe('lobby');

      const { csv } = await first.ask('exportAttendance', {});
      const stays = csv
        .split('\r\n')
        .slice(1, -1)
        .map((line) => line.split(','));
      const ofBen = stays.filter(([name]) => name === 'Ben');
      expect(ofBen.map(([, , , , left]) => left !== '')).toEqual([true, false]);
      expect(ofBen[0]?.at(-1)).toBe('1');
    },
  );

  const successions = [
    ['longest-present', 'host'],
    ['nobody', 'participant'],
    ['end-room', null],
  ] as const;

  it.each(successions)(
    'and whose host stays away leaves the room to whom it should: %s',
    async (succession, role) => {
      server = await ServerProcess.start({ env: { RESUME_SECONDS: '2' } });
      const [hana] = await comeIn('Hana');
      await hana.ask('changeRoom', { settings: { succession } });
      const [ben, { token, participantId }] = await comeIn('Ben');
      await server.kill();
      await server.run();
      const again = await client();
      const back = await again.join('room', 'Ben', { token, lastEvent: ben.lastEvent });
      expect(back.participantId).not.toBe(participantId);
      expect(back.role).toBe('participant');
      if (role === 'host') {
        expect((await again.told('hostKey')).hostKey).not.toBe('');
      } else if (role === null) {
        expect((await again.told('ended')).reason).toBe('room-ended');
      } else {
        await sleep(3_000);
        expect((await again.refusal('endRoom', {})).code).toBe('forbidden');
      }
    },
  );

  it('leaves the room to a host who is back in time, whose token may have expired meanwhile', async () => {
    server = await ServerProcess.start({
      env: { ...{ RESUME_SECONDS: '2', ENTER_ROOMS: 'token', TOKEN_SECRET: KEY }, WORKERS: '1' },
    });
    const goodUntil = Date.now() + 3_000;
    const [token, bens] = [
      await signed({ room: 'room', role: 'host', name: 'Dr. Hana' }, goodUntil),
      await signed({ room: 'room' }, goodUntil + 60_000),
    ];
    const [hana, host] = await comeIn('Typed', { token });
    const [ben, guest] = await comeIn('Ben', { token: bens });
    await server.kill();
    await sleep(Math.max(0, goodUntil - Date.now() + 1_000));
    await server.run();
    const stranger = await client();
    const join = { version: 1, room: 'room', name: 'Typed', token };
    expect((await stranger.refusal('join', join)).code).toBe('token-refused');
    const again = await client();
    const resume = { token: host.token, lastEvent: hana.lastEvent };
    const back = await again.join('room', 'Typed', resume, { token });
    // Host for this stay, as before: a key that lasts comes with a room of one's own only.
    expect(back).toMatchObject({ role: 'host', hostKey: null });
    expect(back.participants.map(({ name }) => name)).toEqual(['Dr. Hana']);
    const next = await client();
    const { role } = await next.join(
      'room',
      'Ben',
      { token: guest.token, lastEvent: ben.lastEvent },
      { token: bens },
    );
    expect(role).toBe('participant');
    // The way back was for one.
    expect((await stranger.refusal('join', { ...join, resume })).code).toBe('token-refused');
    await sleep(3_000);
    expect((await next.refusal('endRoom', {})).code).toBe('forbidden');
  });

  it('forgets a room that was left behind when the next who come have left it', async () => {
    server = await ServerProcess.start();
    const [hana, { hostKey }] = await comeIn('Hana');
    await hana.ask('changeRoom', { password: SECRET });
    await server.kill();
    await server.run();
    const [again, { role }] = await comeIn('Hana', { hostKey: hostKey! });
    expect(role).toBe('host');
    await again.ask('leave', {});
    const [, next] = await comeIn('Somebody');
    expect(next).toMatchObject({ role: 'host', room: { hasPassword: false } });
    expect(next.hostKey).not.toBe(hostKey);
  });
});
