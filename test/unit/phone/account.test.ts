import { describe, expect, it } from 'vitest';
import { checkAccount, emptyDraft, withoutSecrets } from '../../../client/phone/agent/account.ts';
import type { AccountDraft } from '../../../client/phone/agent/account.ts';
import { parseRemembered } from '../../../client/phone/memory/account.ts';

const draft: AccountDraft = {
  ...emptyDraft,
  url: 'wss://pbx.example.org:8443/ws',
  user: 'ana',
  password: 'of ana',
};
const check = (change: Partial<AccountDraft>, isSecurePage = true) =>
  checkAccount({ ...draft, ...change }, isSecurePage);

describe('an account', () => {
  it('takes what is missing from what is there', () => {
    expect(check({}).account).toEqual({
      url: draft.url,
      user: 'ana',
      password: 'of ana',
      domain: 'pbx.example.org',
      address: 'sip:ana@pbx.example.org',
      displayName: '',
      iceServers: [],
    });
    expect(check({ user: 'sip:ana@example.net' }).account).toMatchObject({
      user: 'ana',
      domain: 'example.net',
    });
    expect(check({ user: 'ana@example.net', domain: 'own.org' }).account?.domain).toBe('own.org');
  });

  it('reads STUN and TURN servers, one a line', () => {
    const iceServers = 'stun:a.org:3478\n\n turn:b.org:3478  me  secret ';
    expect(check({ iceServers }).account?.iceServers).toEqual([
      { urls: 'stun:a.org:3478' },
      { urls: 'turn:b.org:3478', username: 'me', credential: 'secret' },
    ]);
    expect(check({ iceServers: 'turn:b.org:3478' }).problems).toEqual({ iceServers: 'malformed' });
  });

  it('says of each field what is wrong with it', () => {
    expect(checkAccount(emptyDraft, true).problems).toEqual({
      url: 'missing',
      user: 'missing',
      password: 'missing',
    });
    expect(check({ url: 'https://pbx.example.org', user: 'a b', domain: 'x y' }).problems).toEqual({
      url: 'malformed',
      user: 'malformed',
      domain: 'malformed',
    });
  });

  it('is not sent in the clear from an encrypted page, which browsers refuse', () => {
    expect(check({ url: 'ws://pbx.example.org' }).problems).toEqual({ url: 'insecure' });
    expect(check({ url: 'ws://pbx.example.org' }, false).problems).toBeNull();
    expect(check({ url: 'ws://127.0.0.1:5066' }).problems).toBeNull();
  });
});

describe('what is remembered of an account', () => {
  it('has no password and no TURN secret', () => {
    const kept = withoutSecrets({
      ...draft,
      iceServers: 'stun:a.org\nturn:b.org me secret\nturns:c.org me secret',
    });
    expect(kept).toEqual({ ...draft, password: '', iceServers: 'stun:a.org' });
  });

  it('is an empty form when it is not what was stored', () => {
    for (const stored of [undefined, null, 7, [], 'text', { url: 5, keepsSecrets: 'yes' }])
      expect(parseRemembered(stored)).toEqual({ draft: emptyDraft, keepsSecrets: false });
    expect(parseRemembered({ ...draft, keepsSecrets: true, more: 1 })).toEqual({ draft, keepsSecrets: true });
  });
});
