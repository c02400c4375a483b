import { describe, expect, it } from 'vitest';
import { Caller, inRoom } from './ivr-caller.ts';

const JOINED = { type: 'joined', count: 3, muted: false, mayUnmute: true } as const;

describe('the way into a room', () => {
  it('asks for the number, for the PIN, and says how many are there', () => {
    const caller = new Caller();
    expect(caller.hears).toEqual(['en/welcome', 'en/enter-room-number']);
    caller.press('123456789#').happens({ type: 'pinNeeded' });
    expect(caller.hears).toEqual(['en/enter-pin']);
    caller.press('4711#').happens(JOINED);
    expect(caller.hears).toEqual(['en/joined', 'en/people-here', 'en/number-3', 'en/help-hint']);
    expect(caller.done('askDoor')).toEqual([
      { type: 'askDoor', roomNumber: '123456789', pin: null },
      { type: 'askDoor', roomNumber: '123456789', pin: '4711' },
    ]);
  });

  it('is straight when the dialled number stands for a room', () => {
    const caller = new Caller({ destination: { roomNumber: '123' } });
    expect(caller.done('askDoor')).toEqual([{ type: 'askDoor', roomNumber: '123', pin: null }]);
    expect(caller.done('play')).toEqual([]);
    caller.happens({ ...JOINED, count: 1 });
    expect(caller.hears).toEqual(['en/welcome', 'en/joined', 'en/first-here', 'en/help-hint']);
  });

  it('asks nothing of somebody who has been called from the room', () => {
    const caller = new Caller({ destination: 'invited' });
    expect(caller.done('askDoor')).toEqual([]);
    expect(caller.happens(JOINED).stage).toBe('inRoom');
    const strange = new Caller({ destination: 'invited' });
    expect(strange.happens({ type: 'pinNeeded' }).wait(60_000).left).toBe('unavailable');
  });

  it('keeps what is typed while the door is asked, as a dialled `,,123#,,4711#` does', () => {
    const caller = new Caller().press('123#4711#').happens({ type: 'pinNeeded' });
    expect(caller.done('askDoor').at(-1)).toEqual({ type: 'askDoor', roomNumber: '123', pin: '4711' });
    expect(caller.done('play')).toHaveLength(1);
  });

  it('takes a pause for `#`', () => {
    expect(new Caller().press('123').wait(4_900).done('askDoor')).toEqual([]);
    expect(new Caller().press('123').wait(5_100).done('askDoor')).toHaveLength(1);
  });

  it('stops talking when a key is pressed', () => {
    const caller = new Caller().press('12');
    expect(caller.done('stopPlaying')).toHaveLength(1);
  });

  it('begins the number again after `*`', () => {
    const caller = new Caller().press('99*123#');
    expect(caller.done('askDoor')).toEqual([{ type: 'askDoor', roomNumber: '123', pin: null }]);
  });

  it('changes the language with `*`, where the trunk has several', () => {
    const caller = new Caller({ languages: ['en', 'es'] });
    expect(caller.hears).toEqual(['en/welcome', 'en/enter-room-number', 'es/this-language']);
    caller.press('*');
    expect(caller.hears).toEqual(['es/enter-room-number', 'en/this-language']);
    caller.press('123#').happens(JOINED);
    expect(caller.hears[0]).toBe('es/joined');
    expect(new Caller().press('*').hears).toEqual(['en/enter-room-number']);
  });

  it('ends after three wrong numbers', () => {
    const caller = new Caller();
    for (const tries of [1, 2]) {
      caller.press('70#').happens({ type: 'roomUnknown' });
      expect(caller.hears.slice(0, 3), `try ${tries}`).toEqual([
        'en/room-unknown',
        'en/number-7',
        'en/number-0',
      ]);
    }
    caller.press('70#').happens({ type: 'roomUnknown' });
    expect(caller.hears).toEqual(['en/too-many-tries', 'en/goodbye']);
    expect(caller.left).toBeNull();
    expect(caller.wait(2_100).left).toBe('room-unknown');
  });

  it('ends after three wrong PINs, or when the door has had enough', () => {
    const caller = new Caller({ destination: { roomNumber: '123' } }).happens({ type: 'pinNeeded' });
    for (const triesLeft of [9, 8, 7]) caller.press('1#').happens({ type: 'pinWrong', triesLeft });
    expect(caller.wait(30_000).left).toBe('pin-wrong');
    const known = new Caller({ destination: { roomNumber: '123' } }).happens({ type: 'pinNeeded' });
    known.press('1#').happens({ type: 'pinWrong', triesLeft: 0 });
    expect(known.wait(30_000).left).toBe('pin-wrong');
  });

  it('ends when nobody keys anything in', () => {
    const caller = new Caller();
    expect(caller.wait(13_000).hears).toEqual(['en/nothing-keyed', 'en/enter-room-number']);
    expect(caller.wait(60_000).left).toBe('nothing-keyed');
  });

  it('takes no number for its beginning when it is too long', () => {
    const caller = new Caller().press(`${'1'.repeat(40)}#`);
    expect(caller.done('askDoor')).toEqual([]);
    expect(caller.hears).toEqual(['en/number-too-long', 'en/enter-room-number']);
  });

  it('does not let anyone play with the menu for ever', () => {
    const caller = new Caller();
    for (let second = 0; second < 300 && caller.left === null; second += 1) caller.press('*').wait(1_000);
    expect(caller.left).toBe('nothing-keyed');
  });

  it('ends when the door does not answer', () => {
    const caller = new Caller().press('123#').wait(15_100);
    expect(caller.hears).toEqual(['en/unavailable', 'en/goodbye']);
    expect(caller.wait(5_000).left).toBe('unavailable');
  });

  it.each(['denied', 'full', 'locked', 'unavailable'] as const)('says that it is %s', (reason) => {
    const caller = new Caller().press('123#').happens({ type: 'refused', reason });
    expect(caller.hears).toEqual([`en/${reason}`, 'en/goodbye']);
    expect(caller.wait(5_000).left).toBe(reason);
  });

  it('asks to call again later when the room is at a server that another one takes over from', () => {
    const caller = new Caller().press('123#').happens({ type: 'refused', reason: 'draining' });
    expect(caller.hears).toEqual(['en/unavailable', 'en/goodbye']);
    expect(caller.wait(5_000).left).toBe('draining');
  });
});

describe('waiting', () => {
  it('is told again and again until the caller is let in', () => {
    const caller = new Caller().press('123#').happens({ type: 'waiting', waitingFor: 'lobby' });
    expect(caller.hears).toEqual(['en/waiting-lobby']);
    caller.wait(600_000);
    expect(caller.done('play').filter(({ prompts }) => prompts[0] === 'en/waiting-lobby')).toHaveLength(21);
    expect(caller.happens(JOINED).stage).toBe('inRoom');
  });

  it('may change its object, be given up and be refused', () => {
    const caller = new Caller().press('123#').happens({ type: 'waiting', waitingFor: 'host' });
    caller.happens({ type: 'waiting', waitingFor: 'lobby' });
    expect(caller.hears).toEqual(['en/waiting-lobby']);
    const other = new Caller().press('123#').happens({ type: 'waiting', waitingFor: 'host' });
    expect(other.press('*8').wait(5_000).left).toBe('left');
    expect(caller.happens({ type: 'refused', reason: 'denied' }).wait(5_000).left).toBe('denied');
  });
});

describe('keys in the room', () => {
  it('mute and unmute with *6', () => {
    const caller = inRoom().press('*6');
    expect(caller.hears).toEqual(['en/muted']);
    caller.press('*6');
    expect(caller.done('setMuted').map(({ muted }) => muted)).toEqual([true, false]);
  });

  it('do not unmute somebody who may not', () => {
    const caller = inRoom({ muted: true, mayUnmute: false });
    expect(caller.hears).toContain('en/may-not-unmute');
    expect(caller.press('*6').done('setMuted')).toEqual([]);
    expect(caller.hears).toEqual(['en/may-not-unmute']);
  });

  it('raise and lower the hand with *9', () => {
    const caller = inRoom().press('*9*9');
    expect(caller.done('raiseHand').map(({ raised }) => raised)).toEqual([true, false]);
  });

  it('make the room louder and softer with *4 and *7, within limits', () => {
    const caller = inRoom().press('*4*4*7');
    expect(caller.done('setGain').map(({ decibels }) => decibels)).toEqual([3, 6, 3]);
    expect(caller.press('*4*4*4*4*4').hears).toEqual(['en/loudest']);
    expect(caller.press('*7'.repeat(9)).hears).toEqual(['en/softest']);
  });

  it('explain themselves with *0, and leave with *8', () => {
    const caller = inRoom().press('*0');
    expect(caller.hears).toEqual(['en/help']);
    expect(caller.press('*1').hears).toEqual(['en/help-hint']);
    expect(caller.press('*8').hears).toEqual(['en/goodbye']);
    expect(caller.wait(5_000).left).toBe('left');
  });

  it('need the `*`, and that not too long ago', () => {
    const caller = inRoom().press('6#').press('*').wait(4_100).press('6').press('*#6');
    expect(caller.done('setMuted')).toEqual([]);
    expect(caller.press('**6').done('setMuted')).toHaveLength(1);
  });

  it('count once, in however many ways they come', () => {
    const caller = inRoom();
    for (const key of '*6')
      for (const via of ['info', 'rtp', 'inband'] as const)
        caller.happens({ type: 'digit', digit: key, via });
    expect(caller.done('setMuted')).toHaveLength(1);
    expect(caller.wait(2_100).press('*6', 'inband').done('setMuted')).toHaveLength(2);
  });
});

describe('the end that is near', () => {
  const near = { type: 'endIsNear' } as const;

  it('is told to those inside and at the door', () => {
    expect(inRoom().happens(near).hears).toEqual(['en/end-is-near']);
    const waiting = new Caller().press('7#').happens({ type: 'waiting', waitingFor: 'lobby' });
    expect(waiting.happens(near).hears).toEqual(['en/end-is-near']);
  });

  it('is told to those who are asked something, who are asked again, and keep what they have keyed in', () => {
    const asked = new Caller().happens(near);
    expect(asked.hears).toEqual(['en/end-is-near', 'en/enter-room-number']);
    const typing = new Caller().press('4').happens(near);
    expect(typing.hears).toEqual(['en/end-is-near']);
    expect(typing.wait(6_000).press('2#').done('askDoor')).toMatchObject([{ roomNumber: '42' }]);
  });

  it('is told with what the door says, when that is being asked', () => {
    const asking = new Caller().press('7#').happens(near);
    expect(asking.hears).not.toContain('en/end-is-near');
    expect(asking.happens({ type: 'pinNeeded' }).hears).toEqual(['en/end-is-near', 'en/enter-pin']);
  });

  it('has come, and ends the calls of those who are still asked something', () => {
    const here = { type: 'endIsHere' } as const;
    const callers = [new Caller(), new Caller().press('7#').happens({ type: 'pinNeeded' })];
    for (const caller of callers) {
      expect(caller.happens(here).hears).toEqual(['en/unavailable', 'en/goodbye']);
      expect(caller.wait(3_000).left).toBe('unavailable');
    }
    expect(inRoom().happens(here).stage).toBe('inRoom');
  });
});

describe('what hosts do', () => {
  it('is told to the caller', () => {
    const caller = inRoom();
    expect(caller.happens({ type: 'muted', mayUnmute: true }).hears).toEqual(['en/muted-by-host']);
    expect(caller.happens({ type: 'askedToUnmute' }).hears).toEqual(['en/asked-to-unmute']);
    expect(caller.press('*6').done('setMuted')).toEqual([{ type: 'setMuted', muted: false }]);
    expect(caller.happens({ type: 'held', held: true }).hears).toEqual(['en/held']);
    expect(caller.happens({ type: 'held', held: false }).hears).toEqual(['en/resumed']);
    expect(caller.press('*9').happens({ type: 'handLowered' }).hears).toEqual(['en/hand-lowered']);
    caller.happens({ type: 'refused', reason: 'removed' });
    expect(caller.hears).toEqual(['en/removed', 'en/goodbye']);
  });

  it('is not told when it changes nothing', () => {
    const caller = inRoom({ muted: true });
    const before = caller.done('play').length;
    caller.happens({ type: 'muted', mayUnmute: false }).happens({ type: 'handLowered' });
    caller.happens({ type: 'held', held: false }).happens({ type: 'mayUnmute', mayUnmute: true });
    expect(caller.done('play')).toHaveLength(before);
    expect(caller.press('*6').done('setMuted')).toHaveLength(1);
  });

  it('keeps a held caller from unmuting', () => {
    const caller = inRoom({ muted: true }).happens({ type: 'held', held: true }).press('*6');
    expect(caller.done('setMuted')).toEqual([]);
  });
});
