import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../../server/signalling/contract/words.ts';
import { room as english } from '../../../client/app/i18n/en/room.ts';
import { deviceProblems, howToAllow } from '../../../client/app/media/problem-texts.ts';
import { sendingsOf } from '../../../client/app/media/publish.ts';
import { textsFor } from '../../../client/app/meeting/problems.ts';
import { changesBetween } from '../../../client/app/room/notices/use-news.ts';
import { withSpeaker } from '../../../client/app/room/stage/use-speakers.ts';
import { person, roomState } from './room-state.ts';

describe('news', () => {
  it('tells who came, who went and whose hand went up, of others only', () => {
    const before = roomState({ participants: [person('a'), person('b'), person('c')] });
    const after = roomState({
      participants: [person('a', { handRaisedAt: 1 }), person('c', { handRaisedAt: 2 }), person('d')],
    });
    expect(changesBetween(before, after)).toEqual([
      { key: 'announce.hand', name: 'C' },
      { key: 'announce.joined', name: 'D' },
      { key: 'announce.left', name: 'B' },
    ]);
    expect(changesBetween(after, after)).toEqual([]);
  });
});

describe('the speaker in front', () => {
  it('stays while oneself speaks', () => {
    const first = withSpeaker({ held: null, lastSpoke: new Map() }, 'b', false, 1);
    const then = withSpeaker(first, 'a', true, 2);
    expect([then.held, [...then.lastSpoke]]).toEqual([
      'b',
      [
        ['b', 1],
        ['a', 2],
      ],
    ]);
  });
});

describe('problems', () => {
  it('have words for every refusal of the server', () => {
    for (const code of errorCodes) {
      const { heading, hint } = textsFor(code);
      expect(english[heading as keyof typeof english]).toBeTypeOf('string');
      if (hint !== null) expect(english[hint as keyof typeof english]).toBeTypeOf('string');
    }
    expect(textsFor('room-full')).toMatchObject({ heading: 'problem.roomFull', wayOut: 'retry' });
  });

  const on = { isOn: true, track: null };
  const denied = { code: 'permission-denied', bySystem: false } as const;

  it('with both devices are told once when the cause is the same', () => {
    const both = deviceProblems({
      microphone: { ...on, problem: denied },
      camera: { ...on, problem: denied },
      screen: null,
    });
    expect(both.map(({ heading }) => heading)).toEqual(['deviceProblem.deniedBoth']);
  });

  it('with a camera that nobody wants are not told', () => {
    expect(
      deviceProblems({
        microphone: { ...on, problem: null },
        camera: { isOn: false, track: null, problem: denied },
        screen: null,
      }),
    ).toEqual([]);
  });

  it('are mended where each browser hides it', () => {
    expect(howToAllow('Mozilla/5.0 Gecko/20100101 Firefox/153.0')).toBe('deviceProblem.allowFirefox');
    expect(howToAllow('AppleWebKit/537.36 Chrome/156.0 Safari/537.36')).toBe('deviceProblem.allowChromium');
    expect(howToAllow('AppleWebKit/605 Version/18.0 Safari/605')).toBe('deviceProblem.allowSafari');
  });
});

describe('what is sent', () => {
  it('is nothing without a device, and a muted microphone stays published', () => {
    const off = { isOn: false, track: null, problem: null };
    expect(sendingsOf({ microphone: off, camera: off, screen: null })).toEqual({});
    const track = { kind: 'audio' } as MediaStreamTrack;
    expect(sendingsOf({ microphone: { ...off, track }, camera: off, screen: null })).toEqual({
      microphone: { track, muted: true },
    });
  });
});
