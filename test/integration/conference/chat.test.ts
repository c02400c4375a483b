import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { caughtUp, comeAs, comeIn } from '../../helpers/assembly.ts';
import type { Person } from '../../helpers/assembly.ts';
import { SignalledServer } from '../../helpers/signalled-server.ts';

describe('The chat of a room', () => {
  let server: SignalledServer;

  beforeAll(async () => {
    server = await SignalledServer.start();
  });
  afterEach(async () => {
    expect(server.logged.filter((line) => line.includes('"level":50'))).toEqual([]);
    await server.empty();
  });
  afterAll(() => server.close());

  async function four() {
    const hana = await comeIn(server, 'room', 'Hana');
    const cleo = await comeAs(server, 'room', 'cohost', hana, 'Cleo');
    const ben = await comeIn(server, 'room', 'Ben');
    const vic = await comeAs(server, 'room', 'viewer', hana, 'Vic');
    return { hana, cleo, ben, vic };
  }

  /** What somebody has been told so far. */
  async function readBy(person: Person): Promise<string[]> {
    await caughtUp(person);
    return person.client.events.flatMap((event) =>
      event.type === 'chatMessage' ? [event.message.text] : [],
    );
  }

  it('brings each message to those whom it is for, now and after a dropped socket', async () => {
    const { hana, cleo, ben, vic } = await four();
    await ben.client.ask('chat', { text: 'all' });
    await ben.client.ask('chat', { text: 'hosts', to: 'hosts' });
    await ben.client.ask('chat', { text: 'vic', to: { participantId: vic.id } });
    await cleo.client.ask('chat', { text: 'ben', to: { participantId: ben.id } });
    expect(await readBy(hana)).toEqual(['all', 'hosts']);
    expect(await readBy(cleo)).toEqual(['all', 'hosts', 'ben']);
    expect(await readBy(ben)).toEqual(['all', 'hosts', 'vic', 'ben']);
    expect(await readBy(vic)).toEqual(['all', 'vic']);
    vic.client.cut();
    await ben.client.ask('chat', { text: 'hosts again', to: 'hosts' });
    await ben.client.ask('chat', { text: 'vic again', to: { participantId: vic.id } });
    const back = await server.client();
    const { token } = vic.answer;
    const answer = await back.join('room', 'Vic', { token, lastEvent: vic.client.lastEvent });
    expect(answer.chat.map(({ text }) => text)).toEqual(['all', 'vic', 'vic again']);
    expect(await readBy({ ...vic, client: back })).toEqual(['vic again']);
    const late = await comeIn(server, 'room', 'Late');
    expect(late.answer.chat.map(({ text }) => text)).toEqual(['all']);
    const host = await comeIn(server, 'room', 'Host', { hostKey: hana.answer.hostKey! });
    expect(host.answer.chat.map(({ text }) => text)).toEqual(['all', 'hosts', 'hosts again']);
    const { text } = await hana.client.ask('exportChat', {});
    expect(text).not.toContain('vic');
    expect(text).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z Ben: all\n\S+ Ben \(to hosts\): hosts\n/);
    expect((await ben.client.refusal('chat', { text: 'x', to: { participantId: 'none' } })).code).toBe(
      'unknown-participant',
    );
  });

  it('goes as far as the settings let those who are no hosts', async () => {
    const { hana, cleo, ben, vic } = await four();
    const refusal = async (payload: object) => (await ben.client.refusal('chat', payload)).message;
    await hana.client.ask('changeRoom', { settings: { directChat: false } });
    expect(await refusal({ text: 'x', to: { participantId: vic.id } })).toContain('directChat');
    expect(await refusal({ text: 'x', to: { participantId: hana.id } })).toContain('directChat');
    await hana.client.ask('changeRoom', { settings: { directChat: true, chat: 'hosts' } });
    expect(await refusal({ text: 'x' })).toContain('chat is hosts');
    expect(await refusal({ text: 'x', to: { participantId: vic.id } })).toContain('chat is hosts');
    await ben.client.ask('chat', { text: 'a question', to: 'hosts' });
    await ben.client.ask('chat', { text: 'to one host', to: { participantId: cleo.id } });
    await hana.client.ask('changeRoom', { settings: { chat: 'nobody' } });
    expect(await refusal({ text: 'x', to: 'hosts' })).toContain('chat is nobody');
    await hana.client.ask('chat', { text: 'Quiet, please.' });
    await cleo.client.ask('chat', { text: 'Psst.', to: { participantId: ben.id } });
    expect(await readBy(ben)).toEqual(['a question', 'to one host', 'Quiet, please.', 'Psst.']);
  });

  it('keeps from late comers what was written before, where the room says so, and shows it to hosts', async () => {
    const { hana, ben } = await four();
    await hana.client.ask('changeRoom', { settings: { chatHistory: false } });
    const { message } = await ben.client.ask('chat', { text: 'before' });
    const late = await comeIn(server, 'room', 'Late');
    expect(late.answer.chat).toEqual([]);
    expect(
      (await late.client.refusal('reactToMessage', { messageId: message.id, reaction: '👍', on: true })).code,
    ).toBe('unknown-message');
    const host = await comeIn(server, 'room', 'Host', { hostKey: hana.answer.hostKey! });
    expect(host.answer.chat.map(({ text }) => text)).toEqual(['before']);
    await ben.client.ask('chat', { text: 'after' });
    expect(await readBy(late)).toEqual(['after']);
  });

  it('has replies to what one may see, and reactions that last', async () => {
    const { hana, ben, vic } = await four();
    const { message } = await ben.client.ask('chat', { text: 'Shall we?' });
    const secret = await ben.client.ask('chat', { text: 'secret', to: 'hosts' });
    const reply = await vic.client.ask('chat', { text: 'Yes.', replyTo: message.id });
    expect(reply.message.replyTo).toBe(message.id);
    const id = secret.message.id;
    expect((await vic.client.refusal('chat', { text: 'x', replyTo: id })).code).toBe('unknown-message');
    const react = (person: Person, reaction: string, on: boolean, messageId = message.id) =>
      person.client.say('reactToMessage', { messageId, reaction, on });
    expect(await react(vic, '👍', true, id)).toMatchObject({ error: { code: 'unknown-message' } });
    await react(hana, '👍', true, id);
    for (const [person, reaction, on] of [
      [vic, '👍', true],
      [hana, '🎉', true],
      [hana, '👍', true],
      [hana, '👍', true],
      [hana, '🎉', false],
    ] as const) {
      expect(await react(person, reaction, on)).toMatchObject({ ok: true });
    }
    const late = await comeIn(server, 'room', 'Late');
    const [first] = late.answer.chat;
    expect(first?.reactions).toEqual([{ reaction: '👍', participantIds: [vic.id, hana.id] }]);
    await caughtUp(vic);
    const changed = vic.client.events.flatMap((event) =>
      event.type === 'chatMessageChanged' ? [event.message.id] : [],
    );
    expect(new Set(changed)).toEqual(new Set([message.id]));
    expect(vic.client.events.findLast(({ type }) => type === 'chatMessageChanged')).toMatchObject({
      message: { reactions: [{ reaction: '👍', participantIds: [vic.id, hana.id] }] },
    });
  });

  it('cannot be flooded, by reactions as little as by messages', async () => {
    const { ben, vic } = await four();
    const { message } = await ben.client.ask('chat', { text: 'Hello' });
    const payload = { messageId: message.id, reaction: '👍', on: true } as const;
    const results = await Promise.all(
      Array.from({ length: 40 }, () => vic.client.say('reactToMessage', payload)),
    );
    const refused = results.filter(({ ok }) => !ok);
    expect(refused.length).toBeGreaterThan(10);
    expect(refused[0]).toMatchObject({ error: { code: 'rate-limited' } });
    await ben.client.ask('chat', { text: 'Others go on.' });
  });

  it('is exported so that nobody can write another one’s line', async () => {
    const { hana, ben } = await four();
    await ben.client.ask('chat', { text: 'Hello\n2026-01-01T00:00:00.000Z Hana: I resign.\r\nReally.' });
    const { text } = await hana.client.ask('exportChat', {});
    expect(text.split('\n').filter((line) => /^\d{4}/.test(line))).toHaveLength(1);
    expect(text).toContain('\n    2026-01-01T00:00:00.000Z Hana: I resign.\n    Really.\n');
  });
});
