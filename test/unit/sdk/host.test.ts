import { describe, expect, it } from 'vitest';
import type { Ask } from '../../../client/sdk/connection.ts';
import { createHost } from '../../../client/sdk/host.ts';
import type { Host } from '../../../client/sdk/types.ts';
import { requests } from '../../../server/signalling/contract.ts';
import type { RequestName } from '../../../server/signalling/contract.ts';

/** What each call asks for: it has to fit the schema. */
const CALLS: Record<keyof Host, { call: (host: Host) => Promise<unknown>; asks: RequestName }> = {
  mute: { call: (host) => host.mute('all', true), asks: 'moderate' },
  allow: { call: (host) => host.allow({ participantId: 'b' }, ['microphone']), asks: 'moderate' },
  stopCamera: { call: (host) => host.stopCamera({ participantId: 'b' }, false), asks: 'moderate' },
  stopScreen: { call: (host) => host.stopScreen('all'), asks: 'moderate' },
  askToUnmute: { call: (host) => host.askToUnmute('all'), asks: 'moderate' },
  giveFloor: { call: (host) => host.giveFloor('b'), asks: 'moderate' },
  giveFloorToNext: { call: (host) => host.giveFloorToNext(), asks: 'moderate' },
  takeFloor: { call: (host) => host.takeFloor('b'), asks: 'moderate' },
  lowerHand: { call: (host) => host.lowerHand('all'), asks: 'moderate' },
  hold: { call: (host) => host.hold('b', true), asks: 'moderate' },
  inviteToStage: { call: (host) => host.inviteToStage('b'), asks: 'moderate' },
  putOffStage: { call: (host) => host.putOffStage('b'), asks: 'moderate' },
  remove: { call: (host) => host.remove('b'), asks: 'remove' },
  ban: { call: (host) => host.ban('b'), asks: 'ban' },
  rename: { call: (host) => host.rename('b', 'Bruno'), asks: 'renameOther' },
  setRole: { call: (host) => host.setRole('b', 'cohost'), asks: 'setRole' },
  spotlight: { call: (host) => host.spotlight(null), asks: 'spotlight' },
  admit: { call: (host) => host.admit(['k']), asks: 'admit' },
  deny: { call: (host) => host.deny('all'), asks: 'deny' },
  writeToWaiting: { call: (host) => host.writeToWaiting(null, 'Soon.'), asks: 'writeToWaiting' },
  changeRoom: {
    call: (host) =>
      host.changeRoom({ settings: { lobby: true, allowed: ['camera'] }, password: null, pin: '4711' }),
    asks: 'changeRoom',
  },
  callOut: { call: (host) => host.callOut('+54 11 5252-5252'), asks: 'callOut' },
  cancelCallOut: { call: (host) => host.cancelCallOut('d'), asks: 'cancelCallOut' },
  endRoom: { call: (host) => host.endRoom(), asks: 'endRoom' },
  exportChat: { call: (host) => host.exportChat(), asks: 'exportChat' },
  exportAttendance: { call: (host) => host.exportAttendance(), asks: 'exportAttendance' },
};

describe.each(Object.entries(CALLS))('%s', (_, { call, asks }) => {
  it(`asks for ${asks}, as the contract has it`, async () => {
    const asked: [RequestName, unknown][] = [];
    const ask = (async (name: RequestName, payload: unknown) => {
      asked.push([name, payload]);
      return { text: 'chat', csv: 'attendance' };
    }) as unknown as Ask;
    await call(createHost(ask));
    expect(asked.map(([name]) => name)).toEqual([asks]);
    expect(requests[asks].safeParse(asked[0]![1]).success).toBe(true);
  });
});
