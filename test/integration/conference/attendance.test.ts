import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { comeAs, comeIn } from '../../helpers/assembly.ts';
import { SignalledServer } from '../../helpers/signalled-server.ts';

describe('Attendance', () => {
  let server: SignalledServer;

  beforeAll(async () => {
    server = await SignalledServer.start();
  });
  afterEach(() => server.empty());
  afterAll(() => server.close());

  it('says who was there, as what, from when to when, and how often with the hand up', async () => {
    const before = Date.now();
    const hana = await comeIn(server, 'room', 'Hana');
    const ben = await comeIn(server, 'room', 'Ben, "the" =1+1');
    for (const raised of [true, true, false, true]) await ben.client.ask('raiseHand', { raised });
    await ben.client.ask('rename', { name: '=HYPERLINK("http://x","y")' });
    const cleo = await comeAs(server, 'room', 'cohost', hana, 'Cleo; "C"');
    await cleo.client.ask('leave', {});
    const { csv } = await hana.client.ask('exportAttendance', {});
    const [head, ...rows] = csv.split('\r\n');
    expect(head).toBe('name,kind,role,joined,left,minutes,hands');
    expect(rows.at(-1)).toBe('');
    const time = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/.source;
    expect(rows).toHaveLength(4);
    expect(rows[0]).toMatch(new RegExp(`^Hana,browser,host,${time},,0,0$`));
    // A formula begins with = at the latest after a quotation mark; here a letter does not let it be one.
    expect(rows[1]).toMatch(/^"'=HYPERLINK\(""http:\/\/x"",""y""\)",browser,participant,/);
    expect(rows[1]).toMatch(/,,0,2$/);
    expect(rows[2]).toMatch(new RegExp(`^"Cleo; ""C""",browser,cohost,${time},${time},0,0$`));
    const [first] = server.store.attendance.since('room', 0);
    expect(first!.joinedAt).toBeGreaterThanOrEqual(before);
  });

  it('of a room that is over is known to whoever runs the server, and not to the next in a room of that name', async () => {
    const hana = await comeIn(server, 'again', 'Hana');
    await hana.client.ask('leave', {});
    const ben = await comeIn(server, 'again', 'Ben');
    expect(ben.answer.role).toBe('host');
    const { csv } = await ben.client.ask('exportAttendance', {});
    expect(csv).not.toContain('Hana');
    const all = server.store.attendance.since('again', 0);
    expect(all.map(({ name, leftAt }) => [name, leftAt !== null])).toEqual([
      ['Hana', true],
      ['Ben', false],
    ]);
  });
});
