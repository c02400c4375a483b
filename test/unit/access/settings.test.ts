import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from '../../../server/config.ts';

const SECRET = 'a secret of more than thirty-two characters';
const OIDC = {
  ...{ OIDC_ISSUER: 'https://id.example', OIDC_CLIENT_ID: 'x', OIDC_CLIENT_SECRET: 'y' },
  PUBLIC_URL: 'https://meet.example/',
};

function problemsOf(env: Record<string, string>): string {
  try {
    loadConfig({ argv: [], env, readFile: () => '' });
    return '';
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

describe('Settings of access and webhooks', () => {
  it.each<[Record<string, string>, string]>([
    [{ ENTER_ROOMS: 'token' }, 'ENTER_ROOMS: needs TOKEN_SECRET'],
    [{ MAKE_ROOMS: 'token' }, 'MAKE_ROOMS: needs TOKEN_SECRET'],
    [{ ENTER_ROOMS: 'token', TOKEN_SECRET: '' }, 'ENTER_ROOMS: needs TOKEN_SECRET'],
    [{ ENTER_ROOMS: 'tokens', TOKEN_SECRET: SECRET }, 'ENTER_ROOMS: '],
    [{ TOKEN_SECRET: 'short' }, 'TOKEN_SECRET: '],
    [
      { TOKEN_SECRET: SECRET, TOKEN_PUBLIC_KEY: 'a.pem' },
      'TOKEN_PUBLIC_KEY: tokens are checked with one key',
    ],
    [{ TOKEN_ISSUER: 'x' }, 'TOKEN_ISSUER: there is no key'],
    [{ TOKEN_AUDIENCE: 'x' }, 'TOKEN_AUDIENCE: there is no key'],
    [{ TOKEN_JWKS_URL: 'http://keys.example' }, 'TOKEN_JWKS_URL: must be https'],
    [{ TOKEN_JWKS_URL: 'file:///etc/passwd' }, 'TOKEN_JWKS_URL: '],
    [{ ...OIDC, OIDC_ISSUER: 'http://id.example' }, 'OIDC_ISSUER: must be https'],
    [{ ...OIDC, PUBLIC_URL: '' }, 'OIDC_ISSUER: needs PUBLIC_URL too'],
    [{ ...OIDC, OIDC_CLIENT_SECRET: '' }, 'OIDC_ISSUER: needs OIDC_CLIENT_SECRET too'],
    [{ ...OIDC, OIDC_HOST_CLAIM: 'teachers' }, 'OIDC_HOST_CLAIM: must be of the form CLAIM=VALUE'],
    [{ OIDC_ADMIN_CLAIM: 'groups=staff' }, 'OIDC_ADMIN_CLAIM: needs OIDC_ISSUER too'],
    [{ WEBHOOK_URLS: 'https://a.example' }, 'WEBHOOK_URLS: needs WEBHOOK_SECRET too'],
    [{ WEBHOOK_SECRET: SECRET }, 'WEBHOOK_SECRET: needs WEBHOOK_URLS too'],
    [{ WEBHOOK_URLS: 'ftp://a.example', WEBHOOK_SECRET: SECRET }, 'WEBHOOK_URLS.0: '],
  ])('%j keep the server from starting', (env, problem) => {
    const message = problemsOf(env);
    expect(message).toContain(problem);
    expect(message).not.toContain(SECRET);
  });

  it.each<Record<string, string>>([
    {},
    {
      ENTER_ROOMS: 'token',
      MAKE_ROOMS: 'token',
      TOKEN_SECRET: SECRET,
      TOKEN_ISSUER: 'x',
      TOKEN_AUDIENCE: 'y',
    },
    { ENTER_ROOMS: 'token', TOKEN_JWKS_URL: 'https://keys.example/jwks' },
    { TOKEN_JWKS_URL: 'http://keys.example/jwks', ALLOW_HTTP_ISSUERS: 'true' },
    { ...OIDC, MAKE_ROOMS: 'token', OIDC_HOST_CLAIM: 'groups=a=b' },
    { WEBHOOK_URLS: 'https://a.example,http://b.example', WEBHOOK_SECRET: SECRET },
  ])('%j are fine', (env) => expect(problemsOf(env)).toBe(''));

  it('have the start page without a slash at its end, and a claim in two parts', () => {
    const loaded = loadConfig({
      argv: [],
      env: { ...OIDC, OIDC_HOST_CLAIM: 'groups=a=b' },
      readFile: () => '',
    });
    expect(loaded).toMatchObject({
      config: { publicUrl: 'https://meet.example', oidcHostClaim: { name: 'groups', value: 'a=b' } },
    });
  });
});
