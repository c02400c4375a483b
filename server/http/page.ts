/** The client's one page: made for where it is served, and compressed, once. */
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { z } from 'zod';

/** What the client's build tells of its files: https://vite.dev/guide/backend-integration */
export const manifest = z.record(
  z.string(),
  z.object({
    file: z.string(),
    imports: z.array(z.string()).default([]),
    css: z.array(z.string()).default([]),
  }),
);
type Manifest = z.output<typeof manifest>;

/** The page as it is sent, by its content coding. */
export interface Page {
  plain: Buffer;
  br: Buffer;
  gzip: Buffer;
}

const BASE = '<base href="/" />';

/** The page with its links relative to the path that it is served below. @throws Error when it names no base */
export function based(page: string, basePath: string): string {
  if (!page.includes(BASE)) throw new Error(`The client's page has no ${BASE}.`);
  return page.replace(BASE, `<base href="${basePath}/" />`);
}

/**
 * The page with links to what this module needs and the page does not name itself: it comes a round trip sooner.
 * @throws Error when the build has no such module
 */
export function withPreloads(page: string, files: Manifest, module: string): string {
  if (!files[module]) throw new Error(`The client's build has no ${module}.`);
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
  visit(module);
  const links = [...needed]
    .filter(([file]) => !page.includes(file))
    .map(([file, kind]) =>
      kind === 'js'
        ? `<link rel="modulepreload" crossorigin href="./${file}">`
        : `<link rel="preload" as="style" crossorigin href="./${file}">`,
    );
  return page.replace('</head>', `${links.join('')}</head>`);
}

export async function compressed(page: string): Promise<Page> {
  const plain = Buffer.from(page);
  const [br, zipped] = await Promise.all([promisify(brotliCompress)(plain), promisify(gzip)(plain)]);
  return { plain, br, gzip: zipped };
}
