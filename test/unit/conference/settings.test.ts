import { describe, expect, it } from 'vitest';
import { may, powers, roles } from '../../../server/conference/roles.ts';
import { allowedSources, changedSettings, presets } from '../../../server/conference/settings.ts';

describe('Settings', () => {
  it('change where something is given, and nowhere else', () => {
    const changed = changedSettings(presets.meeting, { lobby: true, locked: undefined });
    expect(changed).toEqual({ ...presets.meeting, lobby: true });
  });

  it('of another kind are its preset, under what else is given', () => {
    const own = { ...presets.meeting, locked: true };
    expect(changedSettings(own, { kind: 'class', lobby: false })).toEqual({ ...presets.class, lobby: false });
  });

  it('say what may be published, unless a host has said otherwise to one', () => {
    const settings = { ...presets.class, allowed: ['camera'] as const };
    expect(allowedSources('participant', settings, {})).toEqual(['camera']);
    expect(allowedSources('participant', settings, { camera: false, microphone: true })).toEqual([
      'microphone',
    ]);
    expect(allowedSources('cohost', settings, { camera: false })).toHaveLength(4);
    expect(allowedSources('viewer', settings, { microphone: true })).toEqual([]);
  });
});

describe('Each role', () => {
  it('may all that the next one may', () => {
    for (const [index, role] of roles.slice(0, -1).entries()) {
      const next = roles[index + 1]!;
      const lost = powers.filter((power) => may(next, power) && !may(role, power));
      expect(lost).toEqual([]);
    }
    expect(powers.filter((power) => !may('host', power))).toEqual([]);
    expect(may('viewer', 'publish')).toBe(false);
  });
});
