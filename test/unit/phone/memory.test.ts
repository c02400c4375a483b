import { describe, expect, it } from 'vitest';
import type { CallState } from '../../../client/phone/agent/call-state.ts';
import { CallLog, loggedCall, parseCalls } from '../../../client/phone/memory/call-log.ts';
import { Conversations, parseConversations } from '../../../client/phone/memory/conversations.ts';
import { duration } from '../../../client/phone/ui/names.ts';
import { toneOf } from '../../../client/phone/ui/tones/use-phone-tones.ts';

const ana = { address: 'sip:ana@pbx.test', name: 'Ana' };
const bruno = { address: 'sip:bruno@pbx.test', name: null };

function call(change: Partial<CallState>): CallState {
  return {
    id: '1',
    direction: 'inbound',
    peer: ana,
    phase: 'ended',
    startedAt: 1_000,
    answeredAt: null,
    endedAt: 9_000,
    endReason: 'cancelled',
    offersVideo: false,
    isMuted: false,
    isHeld: false,
    isHeldByPeer: false,
    sends: null,
    sound: null,
    hasSound: false,
    picture: null,
    keys: '',
    transfer: null,
    referral: null,
    ...change,
  };
}

describe('the list of calls', () => {
  it.each([
    [{ answeredAt: 2_000, endReason: 'hung-up' }, 'answered'],
    [{}, 'missed'],
    [{ endReason: 'no-answer' }, 'missed'],
    [{ endReason: 'answered-elsewhere' }, 'answered'],
    [{ endReason: 'declined' }, 'refused'],
    [{ direction: 'outbound', endReason: 'declined' }, 'failed'],
    [{ direction: 'outbound', endReason: 'cancelled' }, 'failed'],
  ] satisfies [Partial<CallState>, string][])('has %j as %s', (change, outcome) => {
    expect(loggedCall(call(change)).outcome).toBe(outcome);
  });

  it('says how long was talked', () => {
    expect(loggedCall(call({ answeredAt: 2_500 })).talkedMs).toBe(6_500);
    expect(loggedCall(call({})).talkedMs).toBe(0);
    expect(duration(6_500)).toBe('00:06');
    expect(duration(3_725_000)).toBe('1:02:05');
  });

  it('has the newest first, and no more than a hundred', () => {
    const log = new CallLog('sip:carla@pbx.test');
    for (let i = 0; i < 120; i += 1) log.add(call({ startedAt: i }));
    expect(log.state).toHaveLength(100);
    expect(log.state[0]?.startedAt).toBe(119);
  });

  it('takes from storage only what is a call', () => {
    const good = loggedCall(call({}));
    expect(parseCalls([good, { ...good, outcome: 'other' }, null, 'x', { ...good, name: 5 }])).toEqual([
      good,
    ]);
    expect(parseCalls({ calls: [good] })).toEqual([]);
  });
});

describe('conversations', () => {
  it('have the latest first, count what is unread, and tell what became of each message', () => {
    const conversations = new Conversations('sip:carla@pbx.test');
    conversations.receive(ana, 'one', 1);
    conversations.receive(ana, 'two', 2);
    const id = conversations.begin(bruno, 'three', 3);
    expect(conversations.state.map(({ address, unread }) => [address, unread])).toEqual([
      [bruno.address, 0],
      [ana.address, 2],
    ]);
    conversations.settle(id, 'failed', 'not-there');
    expect(conversations.state[0]?.messages[0]).toMatchObject({ status: 'failed', problem: 'not-there' });
    conversations.markRead(ana.address);
    expect(conversations.state.map(({ unread }) => unread)).toEqual([0, 0]);
    conversations.forget(bruno.address);
    expect(conversations.state.map(({ address }) => address)).toEqual([ana.address]);
  });

  it('keep a name that was told once', () => {
    const conversations = new Conversations('sip:carla@pbx.test');
    conversations.receive(ana, 'one', 1);
    conversations.begin({ ...ana, name: null }, 'two', 2);
    expect(conversations.state[0]?.name).toBe('Ana');
  });

  it('come back from storage, with what was on its way as failed', () => {
    const message = { id: 1, direction: 'outbound', text: 'x', at: 1, status: 'sending', problem: null };
    const stored = { ...ana, unread: 0, messages: [message] };
    expect(parseConversations([stored, { ...stored, messages: [{}] }, 5])).toEqual([
      { ...stored, messages: [{ ...message, status: 'failed', problem: 'failed' }] },
    ]);
  });
});

describe('the phone sounds', () => {
  it.each([
    ['ringing', [call({ phase: 'ringing' })], null],
    ['waiting', [call({ phase: 'talking' }), call({ phase: 'ringing' })], null],
    ['ringing', [call({ phase: 'talking', isHeld: true }), call({ phase: 'ringing' })], null],
    ['ringback', [call({ phase: 'ringing', direction: 'outbound' })], null],
    [null, [call({ phase: 'ringing', direction: 'outbound', hasSound: true })], null],
    [null, [call({ phase: 'talking' })], null],
    ['busy', [], call({ direction: 'outbound', endReason: 'busy' })],
    [null, [], call({ direction: 'outbound', endReason: 'cancelled' })],
    [null, [], call({ direction: 'outbound', answeredAt: 2_000, endReason: 'they-hung-up' })],
    [null, [], call({})],
    [null, [], null],
  ] as const)('%s', (tone, calls, lastCall) => {
    expect(toneOf(calls, lastCall)).toBe(tone);
  });
});
