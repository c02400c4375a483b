/** The command line: serves, prints the help, or works on API keys. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createApiKeys } from './access/api-keys.ts';
import { keysCommand } from './access/keys-command.ts';
import { systemClock } from './clock.ts';
import { loadConfig } from './config.ts';
import { createLogger } from './log.ts';
import { createRoomLog } from './room-log.ts';
import { startServer } from './server.ts';
import { StartError } from './start-error.ts';
import { openKeyStore } from './store/store.ts';

function load(argv: readonly string[]) {
  return loadConfig({ argv, env: process.env, readFile: (path) => readFileSync(path, 'utf8') });
}

/** Beside a server that runs, or without one. */
function runKeysCommand(argv: readonly string[]): void {
  const command = keysCommand(argv);
  const loaded = load(command.configFile === null ? [] : ['--config', command.configFile]);
  if (loaded.kind === 'help') return;
  const store = openKeyStore(resolve(loaded.config.dataDir));
  try {
    console.log(command.run(createApiKeys(store.apiKeys, systemClock)));
  } finally {
    store.close();
  }
}

async function run(argv: readonly string[]): Promise<void> {
  if (argv[0] === 'keys') {
    runKeysCommand(argv.slice(1));
    return;
  }
  const loaded = load(argv);
  if (loaded.kind === 'help') {
    process.stdout.write(loaded.text);
  } else {
    const { logLevel: level, logFormat: format } = loaded.config;
    const roomLog = createRoomLog();
    await startServer(
      loaded.config,
      createLogger({ level, format }, (line) => roomLog.take(line)),
      roomLog,
    );
  }
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  // What the system refuses is the operator's to mend too: no stack for those.
  const isTheirs = error instanceof StartError || (error instanceof Error && 'syscall' in error);
  console.error(isTheirs ? error.message : error);
  process.exit(1);
}
