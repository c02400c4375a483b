/** The built client: its files, and the one page, under every path that the client knows. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';

/** What the client's build tells of its files: https://vite.dev/guide/backend-integration */
const manifest = z.record(
  z.string(),
  z.object({
    file: z.string(),
    imports: z.array(z.string()).default([]),
    css: z.array(z.string()).default([]),
  }),
);
type Manifest = z.output<typeof manifest>;

/** The module that `/r/…` is shown by; the page loads it anyway, and sooner when it is told before. */
const ROOM_MODULE = 'app/meeting/meeting.tsx';

/** @throws Error when the client is not built */
export async function registerClient(app: FastifyInstance, basePath: string, dir: string): Promise<void> {
  const page = await readFile(join(dir, 'index.html'), 'utf8');
  const files = manifest.parse(JSON.parse(await readFile(join(dir, '.vite/manifest.json'), 'utf8')));
  const based = page.replace('<base href="/" />', `<base href="${basePath}/" />`);
  const roomPage = based.replace('</head>', `${preloads(files, based).join('')}</head>`);

  await app.register(fastifyStatic, {
    root: dir,
    prefix: `${basePath}/`,
    preCompressed: true,
    index: false,
    dotfiles: 'ignore',
    cacheControl: false,
    setHeaders: (reply, path) => {
      // Files below assets/ have a hash of their content in their name.
      const isHashed = path.includes('/assets/');
      reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  app.get(`${basePath}/`, (_request, reply) => send(reply, based));
  app.get(`${basePath}/r/:room`, (_request, reply) => send(reply, roomPage));
  if (basePath !== '') app.get(basePath, (_request, reply) => reply.redirect(`${basePath}/`));
}

function send(reply: FastifyReply, page: string): FastifyReply {
  return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(page);
}

/** Links for what the room page needs and the page itself does not name. */
function preloads(files: Manifest, page: string): string[] {
  const needed = new Map<string, 'js' | 'css'>();
  const visited = new Set<string>();
  const visit = (name: string): void => {
    const chunk = files[name];
    if (!chunk || visited.has(name)) return;
    visited.add(name);
    needed.set(chunk.file, 'js');
    for (const css of chunk.css) needed.set(css, 'css');
    for (const imported of chunk.imports) visit(imported);
  };
  visit(ROOM_MODULE);
  return [...needed]
    .filter(([file]) => !page.includes(file))
    .map(([file, kind]) =>
      kind === 'js'
        ? `<link rel="modulepreload" crossorigin href="./${file}">`
        : `<link rel="preload" as="style" crossorigin href="./${file}">`,
    );
}
