/** The built client: its files, and its two pages, under every path that they know, and for people who are lost. */
import { readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { negotiate } from '@fastify/accept-negotiator';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { anyPbx } from './content-policy.ts';
import { based, compressed, manifest, withPreloads } from './page.ts';
import type { Page } from './page.ts';

/** The module that `/r/…` is shown by; the page loads it anyway, and sooner when it is told before. */
const ROOM_MODULE = 'app/meeting/meeting.tsx';
/** The same for `/phone`. */
const PHONE_MODULE = 'phone/ui/phone.tsx';

/** Answers with a page, in the coding that fits. */
type Answer = (request: FastifyRequest, reply: FastifyReply) => FastifyReply;

/**
 * @returns answers with the page for an address that leads nowhere: it says so by itself
 * @throws Error when the client is not built
 */
export async function registerClient(app: FastifyInstance, basePath: string, dir: string): Promise<Answer> {
  const files = manifest.parse(JSON.parse(await readFile(join(dir, '.vite/manifest.json'), 'utf8')));
  const page = based(await readFile(join(dir, 'index.html'), 'utf8'), basePath);
  const adminFile = await readFile(join(dir, 'admin.html'), 'utf8');
  const [startPage, roomPage, phonePage, adminPage] = await Promise.all([
    compressed(page),
    compressed(withPreloads(page, files, ROOM_MODULE)),
    compressed(withPreloads(page, files, PHONE_MODULE)),
    compressed(based(adminFile, basePath)),
  ]);
  const assets = join(dir, 'assets') + sep;

  await app.register(fastifyStatic, {
    root: dir,
    prefix: `${basePath}/`,
    preCompressed: true,
    index: false,
    dotfiles: 'ignore',
    // As they are built, the pages know nothing of the base path.
    allowedPath: (path) => !/^\/(index|admin)\.html/.test(path),
    cacheControl: false,
    setHeaders: (reply, path) => {
      // Files below assets/ have a hash of their content in their name.
      const isHashed = path.startsWith(assets);
      reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  app.get(`${basePath}/`, (request, reply) => send(startPage, request, reply));
  const phonePolicy = { contentSecurityPolicy: { useDefaults: false, directives: anyPbx } };
  // A slash at the end comes with addresses that people copy.
  for (const end of ['', '/']) {
    app.get(`${basePath}/r/:room${end}`, (request, reply) => send(roomPage, request, reply));
    app.get(`${basePath}/phone${end}`, { helmet: phonePolicy }, (request, reply) =>
      send(phonePage, request, reply),
    );
    app.get(`${basePath}/admin${end}`, (request, reply) => send(adminPage, request, reply));
  }
  if (basePath !== '') app.get(basePath, (_request, reply) => reply.redirect(`${basePath}/`));
  return (request, reply) => send(startPage, request, reply);
}

/** Whether it is a person who asks, below the base path: browsers ask for HTML first, where a page is to be shown. */
export function wantsPage({ method, url, headers }: FastifyRequest, basePath: string): boolean {
  const type = negotiate(headers.accept ?? '', ['application/json', 'text/html']);
  return method === 'GET' && url.startsWith(`${basePath}/`) && type === 'text/html';
}

function send(page: Page, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const coding = negotiate(request.headers['accept-encoding'] ?? '', ['br', 'gzip']);
  if (coding) reply.header('content-encoding', coding);
  return reply
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-cache')
    .header('vary', 'accept-encoding')
    .send(page[coding ?? 'plain']);
}
