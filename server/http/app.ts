/** The web side: the client's files, health, metrics. A Fastify app, built from plain data and functions. */
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import fastifyHelmet from '@fastify/helmet';
import fastifyRateLimit from '@fastify/rate-limit';
import Fastify, { LogController } from 'fastify';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { registerClient } from './client.ts';
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
/** A request that has not come in by then is dropped, in ms. */
const REQUEST_TIMEOUT_MS = 30_000;
/** No route takes more than a few words yet, in bytes. */
const BODY_LIMIT = 65_536;

/** Ready to listen, or to be given requests by a test. @throws Error when the client is not built */
export async function createHttpApp(
  options: HttpOptions,
  parts: HealthParts & MetricsParts,
): Promise<FastifyInstance> {
  const { basePath, tls, trustedProxies, clientDir, logger } = options;
  const app = Fastify({
    serverFactory: (handler) => (tls ? createSecureServer(tls, handler) : createServer(handler)),
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    requestTimeout: REQUEST_TIMEOUT_MS,
    bodyLimit: BODY_LIMIT,
    routerOptions: { ignoreTrailingSlash: false },
  });
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'self'"],
        objectSrc: ["'none'"],
        frameAncestors: ["'self'"],
        formAction: ["'self'"],
      },
    },
    // A page that is served over HTTP in a local network has no HTTPS to go to.
    strictTransportSecurity: tls ? { maxAge: 15_552_000, includeSubDomains: false } : false,
  });
  await app.register(fastifyRateLimit, { global: false });
  app.setErrorHandler<Error & { statusCode?: number }>((error, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500)
      return reply.code(status).send({ error: { code: 'bad-request', message: error.message } });
    request.log.error({ err: error, url: request.url }, 'a web request failed');
    return reply.code(status).send({ error: { code: 'internal', message: 'The server has failed.' } });
  });
  app.setNotFoundHandler(
    { preHandler: app.rateLimit({ max: NOT_FOUND_PER_MINUTE, timeWindow: 60_000 }) },
    (_request, reply) =>
      reply.code(404).send({ error: { code: 'not-found', message: 'There is nothing here.' } }),
  );
  registerHealth(app, basePath, parts);
  registerMetrics(app, basePath, parts);
  await registerClient(app, basePath, clientDir);
  return app;
}
