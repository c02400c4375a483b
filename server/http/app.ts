/** The web side: the client's files, health, metrics. A Fastify app, built from plain data and functions. */
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import fastifyHelmet from '@fastify/helmet';
import fastifyRateLimit from '@fastify/rate-limit';
import Fastify, { LogController } from 'fastify';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { safeHeaders } from '../safe-headers.ts';
import { registerApi } from './api/api.ts';
import type { ApiParts } from './api/parts.ts';
import { subscriber } from './client-address.ts';
import { registerClient } from './client.ts';
import { ownServerOnly } from './content-policy.ts';
import { refuse, sendError } from './errors.ts';
import { registerHealth } from './health.ts';
import type { HealthParts } from './health.ts';
import { registerMetrics } from './metrics.ts';
import type { MetricsParts } from './metrics.ts';
import type { Credentials } from './tls.ts';

export interface HttpOptions {
  /** Path that everything is below: `` or `/meet`. */
  basePath: string;
  /** Null serves plain HTTP. */
  tls: Credentials | null;
  /** Addresses and networks of proxies whose `X-Forwarded-For` is believed. */
  trustedProxies: readonly string[];
  /** Folder with the built client. */
  clientDir: string;
  logger: FastifyBaseLogger;
}

/** Requests for what is not there, from one address, a minute. Lower: slower to be searched. */
const NOT_FOUND_PER_MINUTE = 120;
/** By when things must have come in, in ms. Lower: slow senders hold fewer connections, and slow networks fail. */
const TIMEOUTS_MS = {
  /** The head of a request; of the first one, from the beginning of the connection on. */
  headersTimeout: 15_000,
  /** All of a request. */
  requestTimeout: 30_000,
  /** The next request; longer than proxies keep connections, usually 60 s. */
  keepAliveTimeout: 72_000,
  /** How often Node looks whose time is over. */
  connectionsCheckingInterval: 5_000,
} as const;
/** By when a TLS connection must be one, in ms. */
const HANDSHAKE_TIMEOUT_MS = 15_000;
/** No route takes more than a few words yet, in bytes. */
const BODY_LIMIT = 65_536;

/** Ready to listen, or to be given requests by a test. @throws Error when the client is not built */
export async function createHttpApp(
  options: HttpOptions,
  parts: HealthParts & MetricsParts,
  api: ApiParts,
): Promise<FastifyInstance> {
  const { basePath, tls, trustedProxies, clientDir, logger } = options;
  const app = Fastify({
    // Fastify sets timeouts on servers of its own making only.
    serverFactory: (handler) =>
      tls
        ? createSecureServer({ ...tls, ...TIMEOUTS_MS, handshakeTimeout: HANDSHAKE_TIMEOUT_MS }, handler)
        : createServer(TIMEOUTS_MS, handler),
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    bodyLimit: BODY_LIMIT,
    // What goes wrong before a route is found, such as a path that cannot be decoded; helmet does not get to it.
    frameworkErrors: (error, request, reply) => sendError(error, request, reply.headers(safeHeaders)),
  });
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: { useDefaults: false, directives: ownServerOnly },
    // It would bind all ports of the host, other programs' too: that is the operator's to decide, at the proxy.
    strictTransportSecurity: false,
  });
  // Its own key generator fails for connections that have ended meanwhile.
  await app.register(fastifyRateLimit, { global: false, keyGenerator: ({ ip }) => subscriber(ip) });
  app.setErrorHandler(sendError);
  app.setNotFoundHandler(
    { preHandler: app.rateLimit({ max: NOT_FOUND_PER_MINUTE, timeWindow: 60_000 }) },
    (_request, reply) => refuse(reply, 404, 'There is nothing here.'),
  );
  registerHealth(app, basePath, parts);
  registerMetrics(app, basePath, parts);
  await registerApi(app, { ...api, basePath });
  await registerClient(app, basePath, clientDir);
  return app;
}
