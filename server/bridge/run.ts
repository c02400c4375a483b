/** The composition root of the bridge: settings in, parts built in order, and stopped in reverse. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { createLifecycle } from '../lifecycle.ts';
import type { StopWhen } from '../lifecycle.ts';
import { createLogger } from '../log.ts';
import { giveBackAfterStart } from '../memory.ts';
import { StartError } from '../start-error.ts';
import { Bridge } from './bridge.ts';
import { closedDoor } from './closed-door.ts';
import { loadBridgeConfig } from './config.ts';
import type { BridgeConfig } from './config.ts';
import { RoomLink } from './link/room-link.ts';
import { MediaThread } from './media/media-thread.ts';
import { provideGlobals } from './sip/globals.ts';

const PROMPT_FOLDER = fileURLToPath(new URL('prompts', import.meta.url));

/** What the process ends with. */
export interface End {
  stopWhen: StopWhen;
  /** Whether it ends with the server that it was started for. */
  endsWithServer: boolean;
}

async function start(config: BridgeConfig, { stopWhen, endsWithServer }: End, logger: Logger): Promise<void> {
  const lifecycle = createLifecycle(logger);
  try {
    const authorities = readAuthorities(config);
    provideGlobals();
    const thread = await MediaThread.start({ promptFolder: PROMPT_FOLDER, logger });
    lifecycle.onStop('media', () => thread.close());

    const link = linkTo(config, endsWithServer, thread, logger);
    const bridge = new Bridge(config, authorities, { thread, door: link ?? closedDoor(logger), logger });
    // Stopped after the calls have ended, so that their records arrive.
    lifecycle.onStop('link', () => link?.close());
    lifecycle.onStop('trunks', () => bridge.stop());
    bridge.start();
    link?.open(bridge);

    stopWhen(
      async () => {
        await bridge.drain(config.drainSeconds * 1_000);
        await lifecycle.stop();
      },
      logger,
      isOfOneCall,
    );
  } catch (error) {
    await lifecycle.stop();
    throw error;
  }
}

/** The way to the server, if one is given. */
function linkTo(
  { serverUrl, bridgeSecret, serverListen: listenIp }: BridgeConfig,
  endsWithServer: boolean,
  thread: MediaThread,
  logger: Logger,
): RoomLink | null {
  if (serverUrl === null || bridgeSecret === null) return null;
  return new RoomLink({ serverUrl, secret: bridgeSecret, listenIp, endsWithServer }, thread, logger);
}

/** The authorities of all trunks, by the path of their file. */
function readAuthorities({ trunks }: BridgeConfig): Map<string, string> {
  const paths = trunks.flatMap(({ ca }) => (ca === null ? [] : [ca]));
  return new Map(paths.map((path) => [path, readFileSync(path, 'utf8')]));
}

/**
 * Whether a mistake was made by JsSIP, which keeps its state by call: SIP that it did not expect costs the call that
 * it came for, and not all others.
 */
function isOfOneCall(error: unknown): boolean {
  return error instanceof Error && /[/\\]node_modules[/\\]jssip[/\\]/.test(error.stack ?? '');
}

/** Runs the bridge by the command line and the environment of this process, which it ends. */
export async function runBridge(end: End): Promise<void> {
  try {
    const loaded = loadBridgeConfig({
      argv: process.argv.slice(2),
      env: process.env,
      readFile: (path) => readFileSync(path, 'utf8'),
    });
    if (loaded.kind === 'help') {
      process.stdout.write(loaded.text);
    } else {
      const { logLevel: level, logFormat: format } = loaded.config;
      await start(loaded.config, end, createLogger({ level, format }));
      await giveBackAfterStart();
    }
  } catch (error) {
    // What the system refuses is the operator's to mend too: no stack for those.
    const isTheirs = error instanceof StartError || (error instanceof Error && 'syscall' in error);
    console.error(isTheirs ? error.message : error);
    process.exit(1);
  }
}
