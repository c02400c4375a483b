import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { SetupError, messageOf } from './errors.ts';
import { inRoot } from './paths.ts';
import type { Progress } from './progress.ts';
import { run } from './run.ts';

/** What we read of mediasoup's package.json. */
export type MediasoupPackage = { version: string; repositoryUrl: string };

/** Until the host answers. Short, as a build follows; long enough for a slow name server. */
const ANSWER_TIMEOUT_MS = 10_000;
/** For the whole download of about 8 MB. */
const DOWNLOAD_TIMEOUT_MS = 120_000;

/** Reads which mediasoup is installed. */
export async function readMediasoupPackage(): Promise<MediasoupPackage> {
  const text = await readFile(inRoot('node_modules/mediasoup/package.json'), 'utf8');
  const schema = z.object({ version: z.string(), repository: z.object({ url: z.string() }) });
  const { version, repository } = schema.parse(JSON.parse(text));
  return { version, repositoryUrl: repository.url };
}

/**
 * Where mediasoup's own installation script (`npm-scripts.mjs`) would fetch the prebuilt worker from. We don't run that
 * script: it has no time-out, writes into node_modules and starts a build of its own when the download fails.
 *
 * @param kernel release of the Linux kernel such as `6.1.0`
 */
export function downloadUrl(
  mediasoup: MediasoupPackage,
  {
    platform,
    arch,
    kernel,
    baseUrl,
  }: { platform: string; arch: string; kernel: string; baseUrl?: string | undefined },
): string {
  const repository = mediasoup.repositoryUrl.replace(/^git\+/, '').replace(/\.git$/, '');
  const major = kernel.split('.')[0] ?? '';
  const suffix = platform === 'linux' ? `-kernel${major}` : '';
  const file = `mediasoup-worker-${mediasoup.version}-${platform}-${arch}${suffix}.tgz`;
  return `${baseUrl ?? `${repository}/releases/download`}/${mediasoup.version}/${file}`;
}

/**
 * Downloads mediasoup's prebuilt worker into a folder.
 *
 * @returns its path
 * @throws SetupError if there is none for this machine, or it can't be reached
 */
export async function downloadWorker(
  mediasoup: MediasoupPackage,
  folder: string,
  progress: Progress,
): Promise<string> {
  if (process.env['MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD']) {
    throw new SetupError('Not downloaded, as MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD says.');
  }
  const url = downloadUrl(mediasoup, {
    platform: process.platform,
    arch: process.arch,
    kernel: os.release(),
    baseUrl: process.env['MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL'],
  });
  const archive = path.join(folder, 'prebuilt.tgz');
  try {
    await writeFile(archive, await fetchAll(url, progress));
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
    throw new SetupError(`Can't download ${url} (${messageOf(error)}${cause}).`);
  }
  const target = path.join(folder, 'prebuilt');
  await mkdir(target);
  await run('tar', ['-xzf', archive, '-C', target]);
  const worker = path.join(target, 'mediasoup-worker');
  await chmod(worker, 0o755);
  return worker;
}

async function fetchAll(url: string, progress: Progress): Promise<Buffer> {
  const abort = new AbortController();
  const stop = (reason: string) => () => {
    abort.abort(new Error(reason));
  };
  const timers = [
    setTimeout(stop('no answer in time'), ANSWER_TIMEOUT_MS),
    setTimeout(stop('too slow'), DOWNLOAD_TIMEOUT_MS),
  ];
  try {
    const response = await fetch(url, { signal: abort.signal });
    clearTimeout(timers[0]);
    if (!response.ok || !response.body) throw new Error(`HTTP status ${String(response.status)}`);
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of response.body) {
      chunks.push(chunk);
      bytes += chunk.length;
      progress.update(`${(bytes / 1e6).toFixed(1)} MB`);
    }
    return Buffer.concat(chunks);
  } finally {
    timers.forEach(clearTimeout);
  }
}
