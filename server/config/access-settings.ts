/** Settings of who may do what: tokens and sign-in. */
import { z } from 'zod';
import { flag, text, whole } from './setting.ts';

const whom = z.enum(['anyone', 'token']);
const httpUrl = z.url({ protocol: /^https?$/ });
const words = z.string().min(1).nullable();

/** Name of a claim, and the value that it must be or contain: `groups=teachers`. */
const claim = z
  .string()
  .regex(/^[^=\s]+=.+$/, 'must be of the form CLAIM=VALUE')
  .transform((value) => {
    const at = value.indexOf('=');
    return { name: value.slice(0, at), value: value.slice(at + 1) };
  });

export const access = {
  makeRooms: text('MAKE_ROOMS', whom, {
    byDefault: 'anyone',
    meaning: 'Who may make rooms: anyone, or token, for those who have a token or are signed in.',
  }),
  enterRooms: text('ENTER_ROOMS', whom, {
    byDefault: 'anyone',
    meaning: 'Who may come into rooms: anyone, or token, for those who have a token or are signed in.',
  }),
  tokenSecret: text('TOKEN_SECRET', z.string().min(32).nullable(), {
    byDefault: null,
    secret: true,
    meaning: 'Secret, 32 characters or more, of whoever gives out tokens (JWT) signed with HS256.',
  }),
  tokenPublicKey: text('TOKEN_PUBLIC_KEY', words, {
    byDefault: null,
    meaning: 'File with the public key (PEM) of whoever gives out tokens signed with RS256 or ES256.',
  }),
  tokenJwksUrl: text('TOKEN_JWKS_URL', httpUrl.nullable(), {
    byDefault: null,
    meaning: 'URL of the public keys (JWK Set) of whoever gives out tokens signed with RS256 or ES256.',
  }),
  tokenIssuer: text('TOKEN_ISSUER', words, {
    byDefault: null,
    meaning: 'What the claim iss of tokens must be.',
  }),
  tokenAudience: text('TOKEN_AUDIENCE', words, {
    byDefault: null,
    meaning: 'What the claim aud of tokens must be or contain.',
  }),
  oidcIssuer: text('OIDC_ISSUER', httpUrl.nullable(), {
    byDefault: null,
    meaning:
      'OpenID Connect provider that hosts sign in at. Needs PUBLIC_URL; redirects to its api/sign-in/callback.',
  }),
  oidcClientId: text('OIDC_CLIENT_ID', words, {
    byDefault: null,
    meaning: 'The name this server has there.',
  }),
  oidcClientSecret: text('OIDC_CLIENT_SECRET', words, {
    byDefault: null,
    secret: true,
    meaning: 'The password this server has there.',
  }),
  oidcHostClaim: text('OIDC_HOST_CLAIM', claim.nullable(), {
    byDefault: null,
    defaultText: 'none: everybody who signs in',
    meaning: 'Who of those is host in all rooms and may make them, such as groups=teachers.',
  }),
  oidcAdminClaim: text('OIDC_ADMIN_CLAIM', claim.nullable(), {
    byDefault: null,
    defaultText: 'none: nobody',
    meaning: 'Who of those may see the admin page, such as groups=staff.',
  }),
  allowHttpIssuers: flag('ALLOW_HTTP_ISSUERS', {
    byDefault: false,
    meaning:
      'Lets TOKEN_JWKS_URL and OIDC_ISSUER be http: whoever is on the way can then sign in as anybody.',
  }),
  apiRequestsPerMinute: whole('API_REQUESTS_PER_MINUTE', [1, 1_000_000], {
    byDefault: 600,
    meaning: 'Requests to the API from one address, a minute.',
  }),
} as const;
