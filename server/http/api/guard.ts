/** Who calls the API: a program with a key, or a person with the cookie of a sign-in; and what they may do. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Scope } from '../../access/api-keys.ts';
import { mayUse } from '../../access/sessions.ts';
import type { AccessSessions, Caller } from '../../access/sessions.ts';
import type { Moderator } from '../../signalling/contract.ts';
import { HttpRefusal } from '../errors.ts';

export const SESSION_COOKIE = 'tertulia-session';

export class Guard {
  readonly #sessions: AccessSessions;
  readonly #callers = new WeakMap<FastifyRequest, Caller>();

  constructor(sessions: AccessSessions) {
    this.#sessions = sessions;
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
    const cookie = request.cookies[SESSION_COOKIE];
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
