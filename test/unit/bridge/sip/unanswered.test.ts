import { describe, expect, test } from 'vitest';
import { Unanswered } from '../../../../server/bridge/sip/unanswered.ts';

const request = (method: string, branch: string): string =>
  `${method} sip:x SIP/2.0\r\nVia: SIP/2.0/WS a.invalid;branch=${branch}\r\nCSeq: 1 ${method}\r\n\r\n`;
const response = (status: number, method: string, branch: string): string =>
  `SIP/2.0 ${status} x\r\nVia: SIP/2.0/WS a.invalid;branch=${branch};rport=1\r\nCSeq: 1 ${method}\r\n\r\n`;

describe('on a new connection is sent again', () => {
  test('a request that nobody has answered, until somebody does', () => {
    const unanswered = new Unanswered();
    unanswered.note(request('BYE', 'z1'), true, 0);
    expect(unanswered.takeAll(1_000)).toHaveLength(1);
    expect(unanswered.takeAll(2_000)).toHaveLength(1);
    unanswered.heard(response(100, 'BYE', 'z1'));
    expect(unanswered.takeAll(3_000)).toEqual([]);
  });

  test('not what is answered, acknowledges or answers itself', () => {
    const unanswered = new Unanswered();
    unanswered.note(request('REGISTER', 'z1'), true, 0);
    unanswered.note(request('ACK', 'z2'), true, 0);
    unanswered.note(response(200, 'INVITE', 'z3'), true, 0);
    unanswered.heard(response(200, 'REGISTER', 'z1'));
    expect(unanswered.takeAll(0)).toEqual([]);
  });

  test('all that there was no connection for, once, in order', () => {
    const unanswered = new Unanswered();
    const texts = [response(200, 'INVITE', 'z1'), request('ACK', 'z2'), request('INFO', 'z3')];
    for (const text of texts) unanswered.note(text, false, 0);
    expect(unanswered.takeAll(0)).toEqual(texts);
    expect(unanswered.takeAll(0)).toEqual([texts[2]]);
  });

  test('nothing that is older than anybody waits', () => {
    const unanswered = new Unanswered();
    unanswered.note(request('BYE', 'z1'), true, 0);
    unanswered.note(request('INFO', 'z2'), true, 10_000);
    expect(unanswered.takeAll(33_000)).toEqual([request('INFO', 'z2')]);
  });
});

test('an answer to a CANCEL is none to its INVITE, which has the same branch', () => {
  const unanswered = new Unanswered();
  unanswered.note(request('INVITE', 'z1'), true, 0);
  unanswered.note(request('CANCEL', 'z1'), true, 0);
  unanswered.heard(response(200, 'CANCEL', 'z1'));
  expect(unanswered.takeAll(0)).toEqual([request('INVITE', 'z1')]);
});

test('no more is kept than a bridge full of calls sends', () => {
  const unanswered = new Unanswered();
  for (let i = 0; i < 5_000; i += 1) unanswered.note(request('INFO', `z${i}`), false, 0);
  const kept = unanswered.takeAll(0);
  expect(kept).toHaveLength(1_000);
  expect(kept.at(-1)).toBe(request('INFO', 'z4999'));
});
