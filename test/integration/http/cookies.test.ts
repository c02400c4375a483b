/** What browsers are told of the cookie of those who have signed in, by how they reach the server. */
import fastifyRateLimit from '@fastify/rate-limit';
import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerApi } from '../../../server/http/api/api.ts';
import { sendError } from '../../../server/http/errors.ts';
import { ApiWithoutRooms } from '../../helpers/api.ts';

let api: ApiWithoutRooms;
let key: string;

beforeAll(async () => {
  api = await ApiWithoutRooms.open();
  key = api.parts.keys.add('page', ['admin']).text;
});
afterAll(() => api.close());

describe.each([
  { publicUrl: 'https://meet.example.org', basePath: '', name: '__Host-tertulia-session', isSecure: true },
  {
    publicUrl: 'https://example.org/meet',
    basePath: '/meet',
    name: '__Secure-tertulia-session',
    isSecure: true,
  },
  { publicUrl: 'http://localhost:3000', basePath: '', name: 'tertulia-session', isSecure: false },
])('The cookie at $publicUrl', ({ publicUrl, basePath, name, isSecure }) => {
  it(`is called ${name}, is for this server alone, and is gone after signing out`, async () => {
    const app = Fastify();
    app.setErrorHandler(sendError);
    await app.register(fastifyRateLimit, { global: false });
    await registerApi(app, { ...api.parts, publicUrl, basePath });
    const url = `${basePath}/api/session`;
    const signedIn = await app.inject({ method: 'POST', url, payload: { key } });
    const [cookie] = signedIn.cookies;
    expect(cookie).toMatchObject({ name, path: `${basePath}/`, httpOnly: true, sameSite: 'Strict' });
    expect(cookie?.secure ?? false).toBe(isSecure);
    expect(cookie?.domain).toBeUndefined();
    const statusWith = async (value: string, given = name) =>
      (await app.inject({ url: `${basePath}/api/keys`, cookies: { [given]: value } })).statusCode;
    expect(await statusWith(cookie?.value ?? '')).toBe(200);
    // One that somebody without TLS, or a neighbour, could have set.
    if (isSecure) expect(await statusWith(cookie?.value ?? '', 'tertulia-session')).toBe(401);
    const other = await app.inject({ method: 'POST', url, payload: { key } });
    const signedOut = { method: 'DELETE', url, cookies: { [name]: cookie?.value ?? '' } } as const;
    const [gone] = (await app.inject(signedOut)).cookies;
    expect(gone).toMatchObject({ name, value: '', path: `${basePath}/` });
    expect(gone?.secure ?? false).toBe(isSecure);
    // Also for whoever has made a copy of it; what the same key has opened elsewhere goes on.
    expect(await statusWith(cookie?.value ?? '')).toBe(401);
    expect(await statusWith(other.cookies[0]?.value ?? '')).toBe(200);
    await app.close();
  });
});
