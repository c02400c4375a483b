import { mkdtemp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { filesIn, hashOf } from './hash.ts';
import { ROOT, inRoot } from './paths.ts';
import { withProgress } from './progress.ts';
import { run } from './run.ts';

const OUTPUT = inRoot('client/dist');
/** In the output, so that they go together; a dot-file, so that the server doesn't hand it out. */
const STAMP = '.built-from';

/** Builds the client into client/dist, unless what is there was built from the same sources. */
export async function ensureClient(): Promise<void> {
  const sources = await clientHash();
  const built = await readFile(path.join(OUTPUT, STAMP), 'utf8').catch(() => undefined);
  if (built === sources) return;

  await withProgress('Building the client', async () => {
    // Built beside and then renamed, so that neither a running server nor a run beside this one sees half of it.
    const parent = inRoot('node_modules/.cache');
    await mkdir(parent, { recursive: true });
    const temporary = await mkdtemp(path.join(parent, 'client-'));
    try {
      const fresh = path.join(temporary, 'dist');
      const vite = inRoot('node_modules/vite/bin/vite.js');
      const options = ['--config', 'client/vite.config.ts', '--outDir', fresh, '--emptyOutDir'];
      await run(process.execPath, [vite, 'build', ...options], {
        cwd: ROOT,
        env: { NODE_ENV: 'production' },
      });
      await writeFile(path.join(fresh, STAMP), sources);
      await rename(OUTPUT, path.join(temporary, 'old')).catch(ignoreMissing);
      await rename(fresh, OUTPUT);
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  });
}

/** A hash over all that the built client depends on. */
async function clientHash(): Promise<string> {
  const isGenerated = (name: string): boolean => name === 'dist';
  const sources = await filesIn(inRoot('client'), isGenerated);
  const signalling = await filesIn(inRoot('server/signalling'));
  const contract = signalling.filter((file) =>
    /^contract(\.ts$|[/\\])/.test(path.relative(inRoot('server/signalling'), file)),
  );
  return hashOf(ROOT, [...sources, ...contract, inRoot('package-lock.json')]);
}

function ignoreMissing(error: unknown): void {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
  throw error;
}
