/** Sign-in: of hosts at an OpenID Connect provider, and of whoever has an API key to the admin page. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Person } from '../../access/person.ts';
import { FLOW_LASTS_MS, SignInError } from '../../access/sign-in.ts';
import { normalizeRoomName, roomName } from '../../signalling/contract.ts';
import { HttpRefusal } from '../errors.ts';
import { answers, done, problem } from './answers.ts';
import { Cookie } from './cookies.ts';
import type { Guard } from './guard.ts';
import { startUrl } from './parts.ts';
import type { ApiOptions } from './parts.ts';
import { typed } from './route.ts';

const FLOW_COOKIE = 'tertulia-sign-in';
/** A page asks for one right before it joins. */
const TOKEN_LASTS_MS = 600_000;

/** A page of ours, from below the start page. */
const returnTo = z
  .string()
  .refine(
    (to) => to === '' || to === 'admin' || (to.startsWith('r/') && roomName.safeParse(to.slice(2)).success),
    'must be empty, admin, or r/ROOM',
  );

const redirect = { description: 'Goes on there.', headers: z.object({ location: z.string() }) };

export function signInRoutes(app: FastifyInstance, options: ApiOptions, guard: Guard): void {
  const { signIn, sessions, tokens } = options;
  const api = typed(app);

  // Comes along when the provider's page sends the browser back, as a strict one would not.
  const flowCookie = new Cookie({ name: FLOW_COOKIE, lastsMs: FLOW_LASTS_MS, sameSite: 'lax' }, options);

  api.get(
    '/me',
    {
      schema: {
        summary: 'Who is signed in in this browser, with a token for one room',
        querystring: z.strictObject({ room: roomName.transform(normalizeRoomName).exactOptional() }),
        response: answers(
          z.object({
            person: z
              .object({
                name: z.string().nullable(),
                avatar: z.string().nullable(),
                isHost: z.boolean(),
                isAdmin: z.boolean(),
              })
              .nullable(),
            canSignIn: z.boolean().describe('Whether there is a provider to sign in at: sign-in?to=r/ROOM'),
            token: z.string().nullable().describe('For the room that was asked about; for a few minutes.'),
          }),
        ),
      },
    },
    async (request) => {
      const person = (await guard.identify(request))?.person ?? null;
      const { room } = request.query;
      return {
        person: person && {
          name: person.name,
          avatar: person.avatar,
          isHost: person.isHost,
          isAdmin: person.isAdmin,
        },
        canSignIn: signIn !== null,
        token: person && room !== undefined ? await tokenFor(person, room) : null,
      };
    },
  );

  function tokenFor({ subject: sub, name, avatar, isHost }: Person, room: string): Promise<string> {
    const claims = {
      sub,
      room,
      ...(name === null ? {} : { name }),
      ...(avatar === null ? {} : { avatar }),
      ...(isHost ? { role: 'host' as const } : {}),
      features: { makeRooms: isHost },
    };
    return tokens.mint(claims, TOKEN_LASTS_MS);
  }

  api.get(
    '/sign-in',
    {
      schema: {
        summary: 'For browsers: goes to the provider, and comes back signed in',
        querystring: z.strictObject({ to: returnTo.default('') }),
        response: { 302: z.null().describe(redirect.description), '4xx': problem, '5xx': problem },
      },
    },
    async (request, reply) => {
      if (!signIn) throw new HttpRefusal(404, 'not-found', 'Nobody can sign in here.');
      const { url, flow } = await asRefusal(signIn.begin(request.query.to));
      return flowCookie.set(request, reply, flow).redirect(url);
    },
  );

  api.get(
    '/sign-in/callback',
    {
      schema: {
        summary: 'Where the provider sends browsers to',
        response: { 302: z.null().describe(redirect.description), '4xx': problem, '5xx': problem },
      },
    },
    async (request, reply) => {
      if (!signIn) throw new HttpRefusal(404, 'not-found', 'Nobody can sign in here.');
      const query = new URL(request.url, 'http://localhost').search;
      const flow = flowCookie.read(request) ?? '';
      flowCookie.clear(request, reply);
      const { person, returnTo: to } = await asRefusal(signIn.finish(query, flow));
      guard.cookie.set(request, reply, await sessions.ofPerson(person));
      const { subject, isHost, isAdmin } = person;
      request.log.info({ subject, isHost, isAdmin, address: request.ip }, 'somebody has signed in');
      // Names of rooms may have letters that have to be written otherwise in a header.
      return reply.redirect(new URL(to, `${startUrl(options, request)}/`).href);
    },
  );

  api.post(
    '/session',
    {
      schema: {
        summary: 'For the admin page: signs a browser in by an API key with the scope admin',
        body: z.strictObject({ key: z.string().max(200) }),
        response: answers(done),
      },
    },
    async (request, reply) => {
      const session = await sessions.ofKey(request.body.key);
      if (session === null) {
        throw new HttpRefusal(401, 'unauthenticated', 'This is no API key with the scope admin.');
      }
      request.log.info({ address: request.ip }, 'somebody has signed in by a key');
      return guard.cookie.set(request, reply, session).send({});
    },
  );

  api.delete(
    '/session',
    { schema: { summary: 'Signs this browser out', response: answers(done) } },
    async (request, reply) => {
      await sessions.end(guard.cookie.read(request) ?? '');
      return guard.cookie.clear(request, reply).send({});
    },
  );
}

async function asRefusal<T>(promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    if (!(error instanceof SignInError)) throw error;
    const { isTheirs, message, cause } = error;
    throw isTheirs
      ? new HttpRefusal(403, 'sign-in-failed', message, { cause })
      : new HttpRefusal(502, 'sign-in-unavailable', message, { cause });
  }
}
