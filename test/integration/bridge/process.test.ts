/** The bridge beside the server, as a process. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BridgeProcess } from '../../../server/bridge-process.ts';
import { isRunning } from '../../helpers/process-tree.ts';
import { until } from '../../helpers/wait.ts';

const { execPath } = process;
/** Nobody listens there. */
const NOWHERE = '127.0.0.1:9';

let folder: string;
let lines: string[];

beforeEach(async () => {
  lines = [];
  folder = await mkdtemp(join(tmpdir(), 'tertulia-bridge-'));
  const trunk = { name: 'pbx', uris: [`ws://${NOWHERE}`], user: 'bridge', domain: 'pbx.test' };
  await writeFile(join(folder, 'bridge.json'), JSON.stringify({ trunks: [trunk] }));
});
afterEach(async () => {
  process.execPath = execPath;
  await rm(folder, { recursive: true });
});

function start(): BridgeProcess {
  const logger = pino({ base: null }, { write: (line) => lines.push(line) });
  return new BridgeProcess(
    {
      ...{ config: join(folder, 'bridge.json'), serverUrl: `http://${NOWHERE}`, secret: 's'.repeat(32) },
      ...{ logLevel: 'silent', compileCache: undefined },
    },
    logger,
  );
}

async function isLogged(message: string): Promise<string> {
  const { answer } = await until(
    `“${message}” is logged`,
    () => lines.find((line) => line.includes(message)),
    (line) => line !== undefined,
  );
  return answer!;
}

it('is tried again when it can not be started, until it can', async () => {
  process.execPath = '/nonexistent/node';
  const bridge = start();
  await isLogged('could not be started');
  process.execPath = execPath;
  const { pid } = JSON.parse(await isLogged('the bridge was started')) as { pid: number };
  expect(isRunning(pid)).toBe(true);
  await bridge.stop();
  expect(isRunning(pid)).toBe(false);
});

it('is no longer waited for when it could not be started', async () => {
  process.execPath = '/nonexistent/node';
  const bridge = start();
  await bridge.stop();
  await isLogged('could not be started');
  expect(lines.filter((line) => line.includes('is started again'))).toEqual([]);
});
