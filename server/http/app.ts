/** The web side: the client's files, health, metrics. A Fastify app, built from plain data and functions. */
import { createServer } from 'node:http';
import fastifyHelmet from '@fastify/helmet';
import fastifyRateLimit from '@fastify/rate-limit';
import Fastify, { LogController } from 'fastify';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { safeHeaders } from '../safe-headers.ts';
import { registerApi } from './api/api.ts';
import type { ApiParts } from './api/parts.ts';
import { subscriber } from './client-address.ts';
import { registerClient, wantsPage } from './client.ts';
import { ownServerOnly } from './content-policy.ts';
import { refuse, sendError } from './errors.ts';
import { registerHealth } from './health.ts';
import type { HealthParts } from './health.ts';
import { registerMetrics } from './metrics.ts';
import type { MetricsParts } from './metrics.ts';

export interface HttpOptions {
  /** Path that everything is below: `` or `/meet`. */
  basePath: string;
  /** Addresses and networks of proxies whose `X-Forwarded-For` is believed. */
  trustedProxies: readonly string[];
  /** Folder with the built client. */
  clientDir: string;
  logger: FastifyBaseLogger;
}

/** Requests for what is not there, from one address, a minute. Lower: slower to be searched. */
const NOT_FOUND_PER_MINUTE = 120;
/** No route takes more than a few words yet, in bytes. */
const BODY_LIMIT = 65_536;

/** To be made `ready()`, and given requests by a `WebDoor` or a test. @throws Error when the client is not built */
export async function createHttpApp(
  options: HttpOptions,
  parts: HealthParts & MetricsParts,
  api: ApiParts,
): Promise<FastifyInstance> {
  const { basePath, trustedProxies, clientDir, logger } = options;
  const app = Fastify({
    // It does not listen: requests are handed to it by a door.
    serverFactory: (handler) => createServer(handler),
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
  registerHealth(app, basePath, parts);
  registerMetrics(app, basePath, parts);
  await registerApi(app, { ...api, basePath });
  const sendNothing = await registerClient(app, basePath, clientDir);
  app.setNotFoundHandler(
    { preHandler: app.rateLimit({ max: NOT_FOUND_PER_MINUTE, timeWindow: 60_000 }) },
    (request, reply) =>
      wantsPage(request, basePath)
        ? sendNothing(request, reply.code(404))
        : refuse(reply, 404, 'There is nothing here.'),
  );
  return app;
}
