/** Who calls the API: a program with a key, or a person with the cookie of a sign-in; and what they may do. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Scope } from '../../access/api-keys.ts';
import { SESSION_LASTS_MS, mayUse } from '../../access/sessions.ts';
import type { AccessSessions, Caller } from '../../access/sessions.ts';
import type { Moderator } from '../../signalling/contract.ts';
import { HttpRefusal } from '../errors.ts';
import { Cookie } from './cookies.ts';
import type { ApiOptions } from './parts.ts';

export const SESSION_COOKIE = 'tertulia-session';

export class Guard {
  /** Of those who have signed in. */
  readonly cookie: Cookie;
  readonly #sessions: AccessSessions;
  readonly #callers = new WeakMap<FastifyRequest, Caller>();

  constructor(options: Pick<ApiOptions, 'sessions' | 'publicUrl' | 'basePath'>) {
    this.#sessions = options.sessions;
    this.cookie = new Cookie(
      { name: SESSION_COOKIE, lastsMs: SESSION_LASTS_MS, sameSite: 'strict' },
      options,
    );
  }

  /** A hook for routes that take this scope; it comes before the request is read any further. */
  needs(scope: Scope): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
    return async (request) => {
      const caller = await this.identify(request);
      if (!caller)
        throw new HttpRefusal(401, 'unauthenticated', 'Send an API key: Authorization: Bearer KEY.');
      if (!mayUse(caller.scopes, scope)) {
        throw new HttpRefusal(403, 'forbidden', `This takes the scope ${scope}.`);
      }
      this.#callers.set(request, caller);
    };
  }

  /** Null for nobody in particular. @throws HttpRefusal for a key that is none, and for requests of other sites' pages */
  async identify(request: FastifyRequest): Promise<Caller | null> {
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const [, key = ''] = /^Bearer (\S+)$/i.exec(authorization) ?? [];
      const caller = this.#sessions.byKey(key);
      if (!caller) throw new HttpRefusal(401, 'unauthenticated', 'This is no API key, or none any more.');
      return caller;
    }
    const cookie = this.cookie.read(request);
    if (cookie === undefined) return null;
    // The cookie is not sent along by other sites' pages, but may be by those of a neighbour below the same domain.
    const site = request.headers['sec-fetch-site'];
    if (request.method !== 'GET' && site !== undefined && site !== 'same-origin') {
      throw new HttpRefusal(403, 'forbidden', 'Pages of other sites may not do this.');
    }
    return this.#sessions.read(cookie);
  }

  /** How people in a room are told who acted on them. */
  moderatorOf(request: FastifyRequest): Moderator {
    return { participantId: null, name: this.#callers.get(request)?.name ?? 'API' };
  }
}
