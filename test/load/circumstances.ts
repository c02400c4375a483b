/** What figures are true of: the machine, what else it does, and the versions of what is compared. */
import { spawnSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { version as mediasoup } from 'mediasoup';

/** One line each. */
export function circumstances(): string[] {
  const processors = cpus();
  const gigabytes = (totalmem() / 2 ** 30).toFixed(0);
  const janus = janusVersion();
  return [
    `${processors.length} × ${processors[0]?.model ?? 'unknown processor'}, ${gigabytes} GiB, Linux ${release()}`,
    `Node ${process.versions.node}, mediasoup ${mediasoup}, ${janus === null ? 'no Janus' : `Janus ${janus}`}`,
    `Load of the machine before: ${loadavg()
      .map((load) => load.toFixed(1))
      .join(', ')}; ${new Date().toISOString()}`,
  ];
}

/** Null when there is no Janus on this machine. */
export function janusVersion(): string | null {
  // It tells its version and fails all the same.
  const { error, stdout } = spawnSync('janus', ['--version'], { encoding: 'utf8' });
  return error ? null : (/\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? null);
}
