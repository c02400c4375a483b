import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { SetupError, messageOf } from './errors.ts';
import { aptProgress, withProgress } from './progress.ts';
import { run } from './run.ts';

/** What Debian packages are needed for: the one table of them. */
export const PACKAGES = {
  workerBuild: {
    why: 'to build the mediasoup worker, as no prebuilt one could be had',
    names: [
      ...['meson', 'ninja-build', 'pkg-config', 'g++'],
      ...['libuv1-dev', 'libssl-dev', 'libsrtp2-dev', 'libabsl-dev'],
      ...['libflatbuffers-dev', 'flatbuffers-compiler'],
    ],
  },
  integrationTests: {
    why: 'for the tests of a clock that is set',
    names: ['libfaketime'],
  },
  browserTests: {
    why: 'for the tests in real browsers and on networks of their own',
    names: ['chromium', 'firefox-esr', 'iproute2'],
  },
  telephonyTests: {
    why: 'for the tests with real telephones and a real SIP server',
    names: [
      ...['kamailio', 'kamailio-websocket-modules', 'kamailio-tls-modules', 'rtpengine-daemon'],
      ...['baresip-core', 'sip-tester', 'chromium'],
    ],
  },
} as const satisfies Record<string, { why: string; names: readonly string[] }>;

/** A key of `PACKAGES`. */
export type Purpose = keyof typeof PACKAGES;

/** Someone else's apt-get, such as unattended upgrades, is waited for this long. */
const APT_LOCK_WAIT_S = 300;

/**
 * Sees to it that the Debian packages for a purpose are installed: installs them if it may, else throws a SetupError
 * with the command that does.
 */
export async function ensurePackages(purpose: Purpose): Promise<void> {
  const { names, why } = PACKAGES[purpose];
  const isDebian = isDebianLike(await readOsRelease());
  const missing = isDebian ? missingFrom(names, await queryDpkg(names)) : names;
  if (missing.length === 0) return;
  if (!isDebian || process.getuid?.() !== 0) throw new SetupError(installHint(missing, why, isDebian));

  console.error(`Debian packages are needed ${why}: ${missing.join(' ')}`);
  await withProgress('Installing Debian packages', async (progress) => {
    const apt = (args: readonly string[]): Promise<void> =>
      run(
        'apt-get',
        ['-o', 'APT::Status-Fd=3', '-o', `DPkg::Lock::Timeout=${String(APT_LOCK_WAIT_S)}`, ...args],
        {
          env: { DEBIAN_FRONTEND: 'noninteractive' },
          hasStatusFd: true,
          onLine: (line) => {
            const step = aptProgress(line);
            if (step !== undefined) progress.update(step);
          },
        },
      );
    const install = ['install', '-y', '--no-install-recommends', ...missing];
    try {
      await apt(install);
    } catch (error) {
      // Most often the lists of packages are absent, as in a fresh container, or name versions that are gone.
      if (!(error instanceof SetupError)) throw error;
      await apt(['update']);
      await apt(install);
    }
  });
}

/** Those of the wanted packages that `dpkg-query`'s answer, lines of `name status`, doesn't show as installed. */
export function missingFrom(wanted: readonly string[], answer: string): string[] {
  const installed = new Set(
    answer
      .split('\n')
      .map((line) => line.split(' '))
      .filter(([, status]) => status === 'installed')
      .map(([name]) => name),
  );
  return wanted.filter((name) => !installed.has(name));
}

/** What to tell a person who must install packages by hand. */
export function installHint(missing: readonly string[], why: string, isDebian: boolean): string {
  const command = `sudo apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  return isDebian
    ? `These Debian packages are needed ${why}. Please run this, then the same command again:\n\n  ${command}`
    : `This is needed ${why}. Set-up can install it on Debian and its relatives only, where the command is\n\n` +
        `  ${command}\n\nPlease run Tertulia on such a system, or in Docker.`;
}

/** Says of the content of /etc/os-release whether the system has Debian's packages. */
export function isDebianLike(osRelease: string): boolean {
  return /^(?:ID|ID_LIKE)=.*\bdebian\b/m.test(osRelease);
}

/** The content of /etc/os-release, empty where there is none. */
export async function readOsRelease(): Promise<string> {
  try {
    return await readFile('/etc/os-release', 'utf8');
  } catch {
    // No such file: not a Linux distribution. The callers treat the unknown system as such.
    return '';
  }
}

async function queryDpkg(names: readonly string[]): Promise<string> {
  try {
    const format = '-f=${Package} ${db:Status-Status}\n';
    return (await promisify(execFile)('dpkg-query', ['-W', format, ...names])).stdout;
  } catch (error) {
    // It exits with 1 when it doesn't know one of the packages, and still answers for the others.
    if (error instanceof Error && 'code' in error && error.code === 1 && 'stdout' in error)
      return String(error.stdout);
    throw new SetupError(`Can't ask dpkg-query which packages are installed: ${messageOf(error)}`);
  }
}
