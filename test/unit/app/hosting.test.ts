import { describe, expect, it } from 'vitest';
import { room as english } from '../../../client/app/i18n/en/room.ts';
import { createText } from '../../../client/app/i18n/text.ts';
import { offByHost, offByRules } from '../../../client/app/media/follow-rules.ts';
import { endFrom } from '../../../client/app/meeting/room-end.ts';
import {
  audienceOfReply,
  audiencesOf,
  fittingAudience,
  mayWriteTo,
} from '../../../client/app/room/chat/audiences.ts';
import { isSameBreath } from '../../../client/app/room/chat/message-list.tsx';
import { withSources } from '../../../client/app/room/dialogs/room-settings.tsx';
import { whyNotAllowed } from '../../../client/app/room/not-allowed.ts';
import { moderatedWords } from '../../../client/app/room/notices/moderated-words.ts';
import { actionsFor } from '../../../client/app/room/people/person-actions.ts';
import type { ParticipantInfo, Role, RoomState } from '../../../client/sdk/types.ts';
import { presets } from '../../../client/sdk/words.ts';
import { camera, message, microphone, person, roomInfo, roomState, screen } from './room-state.ts';

const text = createText('en', english);

/** A room as `a` sees it, in that role, together with others. */
function seenAs(role: Role, others: ParticipantInfo[], change: Partial<RoomState> = {}): RoomState {
  const { self: _self, ...rest } = change;
  const state = roomState({ participants: [person('a', { role }), ...others], ...rest });
  return { ...state, self: { participantId: 'a', role } };
}
const offered = (state: RoomState, one: ParticipantInfo) => actionsFor(state, one).flat();

describe('what may be done with somebody', () => {
  it('is for a telephone to be held, and nothing else while it is', () => {
    const phone = person('b', { kind: 'phone', number: '+541155550000' });
    const loud = seenAs('host', [phone], { publications: [microphone('b')] });
    expect(offered(loud, phone).slice(0, 3)).toEqual(['mute', 'muteFirmly', 'hold']);
    expect(offered(loud, phone)).not.toContain('makeHost');
    const held = person('b', { kind: 'phone', held: true });
    const silent = seenAs('host', [held], { publications: [microphone('b', { muted: true })] });
    expect(actionsFor(silent, held)[0]).toEqual(['resume']);
    expect(offered(seenAs('host', [person('c')]), person('c'))).not.toContain('hold');
  });

  it('is nothing but to write to them, for those who are no hosts', () => {
    const b = person('b');
    expect(offered(seenAs('participant', [b]), b)).toEqual(['write']);
    expect(offered(seenAs('viewer', [b]), b)).toEqual(['write']);
  });

  it('is only what changes something', () => {
    const silent = person('b');
    const state = seenAs('host', [silent]);
    expect(offered(state, silent)).toEqual([
      'askToUnmute',
      'spotlight',
      'write',
      'rename',
      'makeHost',
      'makeCohost',
      'makeViewer',
      'remove',
      'ban',
    ]);
    const loud = { ...state, publications: [microphone('b'), camera('b'), screen('b')] };
    expect(offered(loud, silent).slice(0, 5)).toEqual([
      'mute',
      'muteFirmly',
      'stopCamera',
      'stopCameraFirmly',
      'stopScreen',
    ]);
    const muted = { ...state, publications: [microphone('b', { muted: true })] };
    expect(offered(muted, silent)).not.toContain('mute');
  });

  it('is to give the floor where nobody has it, and to take it back from who has', () => {
    const room = roomInfo({ settings: presets.class });
    const asking = person('b', { allowed: [], handRaisedAt: 1 });
    expect(offered(seenAs('host', [asking], { room }), asking)).toEqual(
      expect.arrayContaining(['giveFloor', 'lowerHand']),
    );
    const talking = person('b', { allowed: ['microphone', 'camera'] });
    const offers = offered(seenAs('host', [talking], { room }), talking);
    expect(offers).toContain('takeFloor');
    expect(offers).not.toContain('giveFloor');
  });

  it('is to allow again what was forbidden to them alone', () => {
    const b = person('b', { allowed: ['camera', 'screen', 'screenAudio'] });
    expect(offered(seenAs('host', [b]), b)).toEqual(expect.arrayContaining(['allow', 'giveFloor']));
  });

  it('is to invite a viewer to the stage, and to send back who came from there', () => {
    const room = roomInfo({ settings: presets.webinar });
    const viewer = person('b', { role: 'viewer', allowed: [] });
    expect(offered(seenAs('cohost', [viewer], { room }), viewer)).toContain('inviteToStage');
    const speaker = person('b');
    expect(offered(seenAs('cohost', [speaker], { room }), speaker)).toContain('putOffStage');
  });

  it('spares hosts from co-hosts, and leaves a room its last host', () => {
    const host = person('b', { role: 'host' });
    expect(offered(seenAs('cohost', [host], { publications: [microphone('b')] }), host)).toEqual([
      'spotlight',
      'write',
    ]);
    const self = person('a', { role: 'host' });
    expect(offered(seenAs('host', []), self)).toEqual(['spotlight']);
    expect(offered(seenAs('host', [host]), host)).toContain('makeParticipant');
  });

  it('never makes a telephone host', () => {
    const phone = person('b', { kind: 'phone' });
    expect(offered(seenAs('host', [phone]), phone)).not.toContain('makeHost');
  });
});

describe('whom one may write to', () => {
  const host = person('b', { role: 'host' });
  const guest = person('c');
  const names = (state: RoomState) => audiencesOf(state).people.map(({ id }) => id);
  const withChat = (chat: 'everyone' | 'hosts' | 'nobody', directChat: boolean, role: Role = 'participant') =>
    seenAs(role, [host, guest], { room: roomInfo({ settings: { ...presets.meeting, chat, directChat } }) });

  it('is as the room has it', () => {
    expect(audiencesOf(withChat('everyone', false))).toEqual({ everyone: true, hosts: true, people: [] });
    expect(names(withChat('everyone', true))).toEqual(['b', 'c']);
    expect(audiencesOf(withChat('hosts', true))).toMatchObject({ everyone: false, hosts: true });
    expect(names(withChat('hosts', true))).toEqual(['b']);
    expect(audiencesOf(withChat('nobody', true))).toEqual({ everyone: false, hosts: false, people: [] });
  });

  it('is anybody for hosts', () => {
    expect(audiencesOf(withChat('nobody', false, 'cohost'))).toMatchObject({ everyone: true, hosts: true });
    expect(names(withChat('nobody', false, 'host'))).toEqual(['b', 'c']);
  });

  it('falls back to the widest that is left', () => {
    const audiences = audiencesOf(withChat('hosts', false));
    expect(mayWriteTo(audiences, { participantId: 'c' })).toBe(false);
    expect(fittingAudience(audiences, { participantId: 'c' })).toBe('hosts');
    expect(fittingAudience(audiencesOf(withChat('nobody', false)), 'everyone')).toBeNull();
  });

  it('are, with an answer, those who have read the question', () => {
    expect(audienceOfReply(message('1', { to: 'hosts' }), 'a')).toBe('hosts');
    const toMe = message('2', { participantId: 'c', to: { participantId: 'a' } });
    expect(audienceOfReply(toMe, 'a')).toEqual({ participantId: 'c' });
    const byMe = message('3', { participantId: 'a', to: { participantId: 'c' } });
    expect(audienceOfReply(byMe, 'a')).toEqual({ participantId: 'c' });
  });
});

describe('messages in one breath', () => {
  it('are of one person, for the same people, and no answers', () => {
    const first = message('1');
    expect(isSameBreath(first, message('2', { at: 1_000 }))).toBe(true);
    expect(isSameBreath(first, message('2', { at: 121_000 }))).toBe(false);
    expect(isSameBreath(first, message('2', { participantId: 'b' }))).toBe(false);
    expect(isSameBreath(first, message('2', { to: 'hosts' }))).toBe(false);
    expect(isSameBreath(first, message('2', { replyTo: '1' }))).toBe(false);
    expect(isSameBreath(undefined, first)).toBe(false);
  });
});

describe('one’s own devices', () => {
  const { allowed } = person('a');

  it('are off where the room does not let one send', () => {
    expect(offByRules({ role: 'participant', allowed }, presets.meeting, false)).toEqual([]);
    expect(offByRules({ role: 'participant', allowed: ['camera'] }, presets.meeting, false)).toEqual([
      'microphone',
      'screen',
    ]);
  });

  it('are off at first in a room of quiet entry, but for hosts', () => {
    const quiet = { quietEntry: true };
    expect(offByRules({ role: 'participant', allowed }, quiet, true)).toEqual(['microphone', 'camera']);
    expect(offByRules({ role: 'participant', allowed }, quiet, false)).toEqual([]);
    expect(offByRules({ role: 'host', allowed }, quiet, true)).toEqual([]);
  });

  it('are off when a host has said so, and only then', () => {
    expect(offByHost({ action: 'muted', mayUnmute: true })).toEqual(['microphone']);
    expect(offByHost({ action: 'floor-taken' })).toContain('camera');
    expect(offByHost({ action: 'asked-to-unmute' })).toEqual([]);
  });

  it('that stay off are explained: by one’s role, by the room, or by a host', () => {
    const state = (role: Role, settings = presets.meeting) =>
      roomState({ participants: [person('a', { role, allowed: [] })], room: roomInfo({ settings }) });
    expect(whyNotAllowed(state('viewer'), 'microphone')).toBe('notAllowed.viewer');
    expect(whyNotAllowed(state('participant'), 'microphone')).toBe('notAllowed.microphoneByHost');
    expect(whyNotAllowed(state('participant', presets.class), 'screen')).toBe('notAllowed.screenByRoom');
    expect(whyNotAllowed(roomState(), 'camera')).toBeNull();
  });
});

describe('what is told', () => {
  it('of what a host did names the host', () => {
    expect(moderatedWords({ action: 'muted', mayUnmute: true }, 'Ana', 'participant')?.(text)).toBe(
      'Ana muted you.',
    );
    expect(moderatedWords({ action: 'role-changed' }, 'Ana', 'cohost')?.(text)).toBe('Ana made you co-host.');
    expect(moderatedWords({ action: 'renamed', name: 'B' }, 'Ana', 'participant')?.(text)).toBe(
      'Ana renamed you to B.',
    );
    expect(moderatedWords({ action: 'invited-to-stage' }, 'Ana', 'viewer')).toBeNull();
  });

  it('of the end names who brought it about, unless it was oneself', () => {
    const by = { participantId: 'b', name: 'Ana' };
    expect(endFrom({ reason: 'removed', by }, 'a')).toEqual({
      reason: 'removed',
      by: 'Ana',
      attendance: null,
    });
    expect(endFrom({ reason: 'room-ended', by }, 'b', 'csv')).toEqual({
      reason: 'room-ended',
      by: null,
      attendance: 'csv',
    });
  });
});

describe('a switch of what everybody may send', () => {
  it('takes a screen together with its sound', () => {
    expect(withSources(['microphone'], ['screen', 'screenAudio'], true)).toEqual([
      'microphone',
      'screen',
      'screenAudio',
    ]);
    expect(withSources(['microphone', 'screen', 'screenAudio'], ['screen', 'screenAudio'], false)).toEqual([
      'microphone',
    ]);
  });
});
