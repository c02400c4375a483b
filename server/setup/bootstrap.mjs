// The way in for `npm start`, `npm test`, `npm run check` and `npm run build`: finds or installs a suitable Node,
// installs packages, then runs the wanted step (start.ts, test.ts …) under that Node and stays as its parent.
// Plain JavaScript without dependencies, as it must run on whatever Node the machine has.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { NODE_VERSION, cacheFolder, isInstalled, isSuitableNode, signalFilter } from './runtime.mjs';

/** How long another set-up of the same checkout is waited for. */
const LOCK_WAIT_MS = 10 * 60_000;
const STEPS = {
  start: 'start.ts',
  test: 'test.ts',
  check: 'check.ts',
  build: 'build.ts',
  bench: 'bench.ts',
  worker: 'worker-only.ts',
};
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const HERE = path.dirname(fileURLToPath(import.meta.url));
const ROOT = path.resolve(HERE, '../..');
const CACHE = cacheFolder(process.env, os.homedir());

const step = process.argv[2] ?? '';

try {
  if (!Object.hasOwn(STEPS, step)) {
    throw new Error(`Usage: node server/setup/bootstrap.mjs ${Object.keys(STEPS).join('|')} [arguments]`);
  }
  const node = isSuitableNode(process.versions.node) ? process.execPath : await installedNode();
  const env = { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env['PATH'] ?? ''}` };
  await installPackages(env);
  runStep(node, env);
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

/** Returns the path of a Node of version NODE_VERSION, from the cache or installed into it by npm. */
async function installedNode() {
  const folder = path.join(CACHE, `node-${NODE_VERSION}`);
  const inFolder = path.join(
    'node_modules',
    'node',
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  const node = path.join(folder, inFolder);
  if (fs.existsSync(node)) return node;

  fs.mkdirSync(CACHE, { recursive: true });
  const temporary = fs.mkdtempSync(path.join(CACHE, 'installing-node-'));
  try {
    // Its install script fetches the binary for this platform, from the same registry. No other script may run.
    await npm(
      `Node ${process.versions.node} is not 22.18+ or 24+: installing Node ${NODE_VERSION} beside it`,
      temporary,
      [...['install', `node@${NODE_VERSION}`, '--prefix', temporary, '--ignore-scripts=false', '--no-save']],
    );
    if (!fs.existsSync(path.join(temporary, inFolder))) {
      throw new Error(
        `The npm package node@${NODE_VERSION} brought no binary for ${process.platform}-${process.arch}. ` +
          'Please install Node 24 yourself and run the command again.',
      );
    }
    try {
      fs.renameSync(temporary, folder);
    } catch (error) {
      // A run beside this one was faster.
      if (!fs.existsSync(node)) throw error;
    }
    return node;
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true });
  }
}

/** Runs `npm ci` unless node_modules is what package-lock.json asks for. One run at a time works on a checkout. */
async function installPackages(env) {
  const done = () =>
    isInstalled(
      fs.readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8'),
      readIfThere(path.join(ROOT, 'node_modules', '.package-lock.json')),
    );
  if (done()) return;

  const lock = path.join(CACHE, `npm-ci-${createHash('sha256').update(ROOT).digest('hex').slice(0, 16)}.pid`);
  await takeLock(lock);
  try {
    if (done()) return;
    // The client is built here, so the packages for development are needed whatever NODE_ENV says.
    await npm('Installing npm packages', ROOT, ['ci', '--include=dev', '--ignore-scripts'], env);
  } finally {
    fs.rmSync(lock, { force: true });
  }
}

/** Waits until no other living process holds the lock, then takes it by writing our process id into the file. */
async function takeLock(file) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const giveUpAtMs = Date.now() + LOCK_WAIT_MS;
  for (let told = false; ; told = true) {
    try {
      fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = Number(readIfThere(file));
    if (holder > 0 && !isAlive(holder)) {
      fs.rmSync(file, { force: true });
      continue;
    }
    if (Date.now() > giveUpAtMs)
      throw new Error(`If no other set-up runs, remove ${file} and run the command again.`);
    if (!told) console.error(`Waiting for process ${holder}, which installs npm packages (lock: ${file}) …`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Runs npm in a folder, telling every few seconds that it still works; throws with its output if it fails. */
async function npm(label, cwd, args, env = process.env) {
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  console.error(`${label} …`);
  const ticker = setInterval(() => console.error(`${label} … ${seconds()}`), 5000);
  const cli = process.env['npm_execpath'];
  const [command, first] = cli?.endsWith('npm-cli.js') ? [process.execPath, [cli]] : ['npm', []];
  const quiet = ['--loglevel=error', '--no-audit', '--no-fund', '--no-update-notifier'];
  const child = spawn(command, [...first, ...args, ...quiet], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = (signal) => child.kill(signal);
  for (const signal of SIGNALS) process.on(signal, stop);
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  try {
    const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
    if (code !== 0) throw new Error(`${output}\n'npm ${args.join(' ')}' failed in ${cwd}.`);
  } finally {
    clearInterval(ticker);
    for (const signal of SIGNALS) process.off(signal, stop);
  }
  console.error(`${label}: done in ${seconds()}`);
}

/**
 * Runs a step and passes signals on to it, and its end to our parent. The step gets a process group of its own:
 * otherwise Ctrl-C would also hit the media workers, which the server wants to stop itself, and in order.
 */
function runStep(node, env) {
  const file = (name) => path.join(HERE, name);
  const flags = ['--disable-warning=ExperimentalWarning', '--import', file('follow-parent.ts')];
  const child = spawn(node, [...flags, file(STEPS[step]), ...process.argv.slice(3)], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  });

  const passesOn = signalFilter(300);
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (passesOn(signal, Date.now())) child.kill(signal);
    });
  }

  // A parent killed by SIGKILL can't tell us: then we have a new one.
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    child.kill('SIGTERM');
  }, 500);

  child.once('error', (error) => {
    clearInterval(watch);
    console.error(`Can't run ${node}: ${error.message}`);
    process.exitCode = 1;
  });
  child.once('exit', (code, signal) => {
    clearInterval(watch);
    process.exitCode = code ?? 1;
    if (signal === null) return;
    for (const name of SIGNALS) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and is another user's.
    return error.code === 'EPERM';
  }
}

function readIfThere(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
