import { createHmac, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { SignJWT, UnsecuredJWT, exportJWK } from 'jose';
import type { JWTPayload } from 'jose';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OwnKey } from '../../../server/access/own-key.ts';
import { createTokens } from '../../../server/access/tokens.ts';
import type { TokensParts } from '../../../server/access/tokens.ts';
import { createTrust } from '../../../server/access/trust.ts';
import type { TrustOptions } from '../../../server/access/trust.ts';

const NOW = Date.UTC(2026, 0, 1);
const SECRET = 'a secret of more than thirty-two characters';
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const otherRsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const clock = { now: () => NOW, elapsed: () => NOW, after: () => () => undefined };
const ownKey = new OwnKey(randomBytes(32), clock);

const pem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();
const secret = (text: string) => new TextEncoder().encode(text);
const inSeconds = (seconds: number) => Math.floor(NOW / 1_000) + seconds;
const GOOD: JWTPayload = { room: 'seminar', exp: inSeconds(600) };

/** Signed with the given key, whatever the claims. */
function signed(alg: string, key: KeyObject | Uint8Array, payload: JWTPayload, header = {}): Promise<string> {
  return new SignJWT(payload).setProtectedHeader({ alg, ...header }).sign(key);
}

/** By hand, as no library signs so. */
function hmacSignedWithPublicKey(payload: JWTPayload): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${part({ alg: 'HS256' })}.${part(payload)}`;
  return `${input}.${createHmac('sha256', pem(rsa.publicKey)).update(input).digest('base64url')}`;
}

function tokens(trust: Partial<TrustOptions>, parts: Partial<TokensParts> = {}) {
  return createTokens({
    makeRooms: 'token',
    enterRooms: 'token',
    trust: createTrust({
      ...{
        tokenSecret: null,
        tokenPublicKey: null,
        tokenJwksUrl: null,
        tokenIssuer: null,
        tokenAudience: null,
      },
      ...trust,
    }),
    ownKey,
    clock,
    logger: pino({ level: 'silent' }),
    ...parts,
  });
}

const refusedFor = (reason: RegExp) => ({
  code: 'token-refused',
  message: expect.stringMatching(reason) as string,
});

describe('Tokens', () => {
  let keys: Server;
  let answer: { status: number; body: string };
  let jwksUrl: string;
  let asked = 0;

  beforeAll(async () => {
    const jwks = [
      { ...(await exportJWK(rsa.publicKey)), kid: 'rsa', alg: 'RS256' },
      { ...(await exportJWK(ec.publicKey)), kid: 'ec', alg: 'ES256' },
    ];
    answer = { status: 200, body: JSON.stringify({ keys: jwks }) };
    keys = createServer((_request, response) => {
      asked += 1;
      response.writeHead(answer.status).end(answer.body);
    });
    await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve));
    jwksUrl = `http://127.0.0.1:${(keys.address() as AddressInfo).port}/jwks`;
  });
  afterAll(() => keys.close());

  describe.each([
    { by: 'a secret', trust: () => ({ tokenSecret: SECRET }), takes: ['HS256'] },
    { by: 'an RSA key', trust: () => ({ tokenPublicKey: pem(rsa.publicKey) }), takes: ['RS256'] },
    { by: 'a P-256 key', trust: () => ({ tokenPublicKey: pem(ec.publicKey) }), takes: ['ES256'] },
    { by: 'a JWKS URL', trust: () => ({ tokenJwksUrl: jwksUrl }), takes: ['RS256', 'ES256'] },
  ])('checked by $by', ({ trust, takes }) => {
    const signers: Record<string, (payload: JWTPayload) => Promise<string>> = {
      HS256: (payload) => signed('HS256', secret(SECRET), payload),
      RS256: (payload) => signed('RS256', rsa.privateKey, payload, { kid: 'rsa' }),
      ES256: (payload) => signed('ES256', ec.privateKey, payload, { kid: 'ec' }),
      'HS256 with another secret': (payload) => signed('HS256', secret(`${SECRET}!`), payload),
      'HS512 with the secret': (payload) => signed('HS512', secret(SECRET.repeat(2)), payload),
      'RS256 of another key': (payload) => signed('RS256', otherRsa.privateKey, payload, { kid: 'rsa' }),
      'RS512 of the key': (payload) => signed('RS512', rsa.privateKey, payload, { kid: 'rsa' }),
      'an unknown key id': (payload) => signed('RS256', rsa.privateKey, payload, { kid: 'gone' }),
      none: async (payload) => new UnsecuredJWT(payload).encode(),
      'HS256 with the public key': async (payload) => hmacSignedWithPublicKey(payload),
    };

    it.each(Object.keys(signers))('%s', async (name) => {
      const token = await signers[name]!(GOOD);
      // A single key is taken whatever the id that the token gives it.
      const isTaken = takes.includes(name) || (name === 'an unknown key id' && takes.join() === 'RS256');
      const identity = tokens(trust()).identify(token, 'seminar');
      if (isTaken) await expect(identity).resolves.toMatchObject({ mayMakeRooms: true });
      else await expect(identity).rejects.toMatchObject({ code: 'token-refused' });
    });

    it.each<[string, JWTPayload, RegExp | null]>([
      ['expired', { ...GOOD, exp: inSeconds(-60) }, /expired/],
      ['expired by less than clocks differ', { ...GOOD, exp: inSeconds(-10) }, null],
      ['without an end', { room: 'seminar' }, /no exp/],
      ['not valid yet', { ...GOOD, nbf: inSeconds(300) }, /nbf/],
      ['for another room', { ...GOOD, room: 'seminary' }, /another room/],
      ['for no room', { exp: inSeconds(600) }, /room does not fit/],
      ['for all rooms', { ...GOOD, room: '*' }, null],
      ['for rooms that begin alike', { ...GOOD, room: 'semi*' }, null],
      ['for rooms that begin otherwise', { ...GOOD, room: 'demi*' }, /another room/],
      ['for the same room in capitals', { ...GOOD, room: 'SEMINAR' }, null],
      ['with a pattern that is none', { ...GOOD, room: '*nar' }, /room does not fit/],
      ['with a role', { ...GOOD, role: 'viewer' }, null],
      ['with a role that there is not', { ...GOOD, role: 'root' }, /role does not fit/],
      ['with a picture', { ...GOOD, avatar: 'https://example.org/a.png' }, null],
      ['with a script for a picture', { ...GOOD, avatar: 'javascript:alert(1)' }, /avatar does not fit/],
      ['with a name of control characters', { ...GOOD, name: 'a\u202eb' }, /name does not fit/],
      ['with claims of others', { ...GOOD, email: 'a@example.org', features: { record: true } }, null],
    ])('%s', async (_, payload, reason) => {
      const token = await signers[takes[0]!]!(payload);
      const identity = tokens(trust()).identify(token, 'seminar');
      if (reason) await expect(identity).rejects.toMatchObject(refusedFor(reason));
      else await expect(identity).resolves.toHaveProperty('subject', null);
    });

    it.each([
      ['mine', 'us', null],
      ['other', 'us', /iss/],
      ['mine', 'them', /aud/],
      [undefined, 'us', /iss/],
      ['mine', undefined, /aud/],
    ])('by the issuer %s for the audience %s', async (iss, aud, reason) => {
      const payload = { ...GOOD, ...(iss ? { iss } : {}), ...(aud ? { aud: [aud, 'others'] } : {}) };
      const token = await signers[takes[0]!]!(payload);
      const strict = tokens({ ...trust(), tokenIssuer: 'mine', tokenAudience: 'us' });
      const identity = strict.identify(token, 'seminar');
      if (reason) await expect(identity).rejects.toMatchObject(refusedFor(reason));
      else await expect(identity).resolves.toHaveProperty('role', null);
    });
  });

  it('say who somebody is, the same at each visit', async () => {
    const payload = {
      ...GOOD,
      ...{ iss: 'school', sub: '17', name: ' Ana ', role: 'host', avatar: 'https://example.org/a.png' },
      features: { makeRooms: false },
    };
    const token = await signed('HS256', secret(SECRET), payload);
    await expect(tokens({ tokenSecret: SECRET }).identify(token, 'seminar')).resolves.toEqual({
      ...{ subject: 'school#17', name: 'Ana', avatar: 'https://example.org/a.png', role: 'host' },
      mayMakeRooms: false,
    });
  });

  it.each(['', 'x', 'a.b.c', 'é'.repeat(100), `${'e30.'.repeat(2)}x`])(
    'that are none are refused: %s',
    async (token) => {
      const open = tokens({ tokenSecret: SECRET }, { enterRooms: 'anyone', makeRooms: 'anyone' });
      await expect(open.identify(token, 'seminar')).rejects.toMatchObject({ code: 'token-refused' });
    },
  );

  it.each([
    ['anyone', 'anyone', true],
    ['token', 'anyone', false],
    ['token', 'token', null],
    ['anyone', 'token', null],
  ] as const)('rooms made by %s, entered by %s: without one', async (makeRooms, enterRooms, mayMakeRooms) => {
    const identity = tokens({ tokenSecret: SECRET }, { makeRooms, enterRooms }).identify(
      undefined,
      'seminar',
    );
    if (mayMakeRooms === null) await expect(identity).rejects.toMatchObject({ code: 'token-required' });
    else await expect(identity).resolves.toMatchObject({ mayMakeRooms, role: null });
  });

  it('of strangers are refused where no key is set, also when everybody may come in', async () => {
    const open = tokens({}, { enterRooms: 'anyone', makeRooms: 'anyone' });
    const token = await signed('HS256', secret(''.padEnd(32, '\0')), GOOD);
    await expect(open.identify(token, 'seminar')).rejects.toMatchObject(refusedFor(/no key/));
  });

  it('of this server are taken beside those of others, and only for what they were signed for', async () => {
    const own = tokens({ tokenSecret: SECRET });
    const token = await own.mint({ room: 'seminar', role: 'cohost', sub: 'x' }, 60_000);
    await expect(own.identify(token, 'seminar')).resolves.toMatchObject({
      role: 'cohost',
      subject: 'tertulia#x',
    });
    await expect(own.identify(token, 'other')).rejects.toMatchObject(refusedFor(/another room/));
    const cookie = await ownKey.sign('tertulia-session+jwt', GOOD, 60_000);
    await expect(own.identify(cookie, 'seminar')).rejects.toMatchObject({ code: 'token-refused' });
    const expired = await own.mint({ room: 'seminar' }, -60_000);
    await expect(own.identify(expired, 'seminar')).rejects.toMatchObject(refusedFor(/expired/));
    const forged = await signed('HS256', secret(SECRET), GOOD, { typ: 'tertulia-room+jwt' });
    await expect(own.identify(forged, 'seminar')).rejects.toMatchObject(refusedFor(/not signed/));
  });

  it('are refused, whatever is sent as one', async () => {
    const open = tokens({ tokenSecret: SECRET }, { enterRooms: 'anyone', makeRooms: 'anyone' });
    const good = await signed('HS256', secret(SECRET), GOOD);
    // In what is signed: the same signature can be written in several ways.
    const broken = fc.tuple(fc.nat(good.lastIndexOf('.')), fc.string()).map(([at, text]) => {
      return good.slice(0, at) + text + good.slice(at + 1);
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), broken), async (given) => {
        fc.pre(given !== good);
        await expect(open.identify(given, 'seminar')).rejects.toMatchObject({ code: 'token-refused' });
      }),
    );
  });

  it('bring no keys along: what their headers name is neither asked for nor believed', async () => {
    const jwk = await exportJWK(otherRsa.publicKey);
    const before = asked;
    for (const header of [{ jku: jwksUrl }, { x5u: jwksUrl }, { jwk }, { jku: jwksUrl, kid: 'rsa' }]) {
      const token = await signed('RS256', otherRsa.privateKey, GOOD, header);
      const identity = tokens({ tokenPublicKey: pem(rsa.publicKey) }).identify(token, 'seminar');
      await expect(identity).rejects.toMatchObject(refusedFor(/not signed/));
    }
    expect(asked).toBe(before);
  });

  it('with unknown keys make nobody ask for the keys again and again', async () => {
    const checked = tokens({ tokenJwksUrl: jwksUrl });
    const before = asked;
    for (let n = 0; n < 20; n += 1) {
      const token = await signed('RS256', otherRsa.privateKey, GOOD, { kid: `unknown-${n}` });
      await expect(checked.identify(token, 'seminar')).rejects.toMatchObject(refusedFor(/not signed/));
    }
    expect(asked - before).toBeLessThanOrEqual(2);
  });

  it('are refused, and it is logged, while the keys cannot be had', async () => {
    const lines: string[] = [];
    const logger = pino({ level: 'warn' }, { write: (line) => void lines.push(line) });
    const token = await signed('RS256', rsa.privateKey, GOOD, { kid: 'rsa' });
    const before = answer;
    for (const wrong of [
      { status: 503, body: '' },
      { status: 302, body: '' },
      { status: 200, body: 'no keys' },
    ]) {
      answer = wrong;
      const identity = tokens({ tokenJwksUrl: jwksUrl }, { logger }).identify(token, 'seminar');
      await expect(identity).rejects.toMatchObject(refusedFor(/can not be had/));
    }
    const nowhere = tokens({ tokenJwksUrl: 'http://127.0.0.1:9/jwks' }, { logger }).identify(
      token,
      'seminar',
    );
    await expect(nowhere).rejects.toMatchObject(refusedFor(/can not be had/));
    expect(lines).toHaveLength(4);
    expect(lines.join()).not.toContain(token);
    answer = before;
    await expect(tokens({ tokenJwksUrl: jwksUrl }).identify(token, 'seminar')).resolves.toHaveProperty(
      'role',
      null,
    );
  });

  it.each([
    ['no key', 'hello', /no public key/],
    ['a private key', rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), /private/],
    [
      'a key for something else',
      pem(generateKeyPairSync('ed25519').publicKey),
      /RSA key, or one of the curve/,
    ],
  ])('need a key that is one: %s', (_, tokenPublicKey, problem) => {
    expect(() => tokens({ tokenPublicKey })).toThrow(problem);
  });
});
