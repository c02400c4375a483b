/** The cookies of this server: what they are called, and for whom they are. */
import '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { startUrl } from './parts.ts';
import type { ApiOptions } from './parts.ts';

export interface CookieTraits {
  name: string;
  lastsMs: number;
  /** `lax` also comes along when another site sends the browser here. */
  sameSite: 'strict' | 'lax';
}

export class Cookie {
  readonly #traits: CookieTraits;
  readonly #options: Pick<ApiOptions, 'publicUrl' | 'basePath'>;

  constructor(traits: CookieTraits, options: Pick<ApiOptions, 'publicUrl' | 'basePath'>) {
    this.#traits = traits;
    this.#options = options;
  }

  read(request: FastifyRequest): string | undefined {
    return request.cookies[this.#name(request)];
  }

  set(request: FastifyRequest, reply: FastifyReply, value: string): FastifyReply {
    const { sameSite, lastsMs } = this.#traits;
    const maxAge = lastsMs / 1_000;
    return reply.setCookie(this.#name(request), value, { ...this.#scope(request), sameSite, maxAge });
  }

  clear(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    return reply.clearCookie(this.#name(request), this.#scope(request));
  }

  #scope(request: FastifyRequest) {
    return { path: `${this.#options.basePath}/`, httpOnly: true, secure: this.#isSecure(request) };
  }

  /**
   * With a prefix by which browsers take it from nobody but this host, or at least from nobody without TLS
   * (RFC 6265bis, 4.1.3): neighbours below the same domain could else put one of theirs in its place.
   */
  #name(request: FastifyRequest): string {
    const { name } = this.#traits;
    if (!this.#isSecure(request)) return name;
    return `${this.#options.basePath === '' ? '__Host-' : '__Secure-'}${name}`;
  }

  #isSecure(request: FastifyRequest): boolean {
    return startUrl(this.#options, request).startsWith('https:');
  }
}
