/** The media process: requests come in by the channel to its parent, and it ends with it. */
import { constants, setPriority } from 'node:os';
import { cleanup } from 'node-datachannel';
import { giveBackAfterStart } from '../../memory.ts';
import { Engine } from './engine.ts';
import { MediaError, requestMessage, requests } from './protocol.ts';
import type { HandlerResult, MediaMethod, MediaParams, ParsedParams, ProcessMessage } from './protocol.ts';
import type { z } from 'zod';

const [, , promptFolder = ''] = process.argv;

const parsers: { [M in MediaMethod]: { params: z.ZodType<ParsedParams<M>, MediaParams<M>> } } = requests;

function tell(message: ProcessMessage): void {
  // A parent that is gone meanwhile hears nothing; `disconnect` ends this process then.
  if (process.connected) process.send?.(message, () => undefined);
}

function isMethod(name: string): name is MediaMethod {
  return Object.hasOwn(requests, name);
}

async function handle<M extends MediaMethod>(method: M, params: unknown): Promise<HandlerResult<M>> {
  const parser: { params: z.ZodType<ParsedParams<M>> } = parsers[method];
  const parsed = parser.params.safeParse(params);
  if (!parsed.success) throw new MediaError('malformed', `${method}: ${parsed.error.message}`);
  return engine.handlers[method](parsed.data);
}

async function answer(message: unknown): Promise<void> {
  const { id, method, params } = requestMessage.parse(message);
  try {
    if (!isMethod(method)) throw new MediaError('malformed', `There is no request ${method}.`);
    tell({ id, ok: true, result: await handle(method, params) });
  } catch (error) {
    const code = error instanceof MediaError ? error.code : 'internal';
    tell({ id, ok: false, code, message: error instanceof Error ? error.message : String(error) });
  }
}

/** What others on the machine do can wait 20 ms; sound can not. Only some users may ask for it. */
function hurry(): void {
  try {
    setPriority(constants.priority.PRIORITY_HIGH);
  } catch {
    // Then as everyone else.
  }
}

hurry();
const engine = await Engine.start({ promptFolder, tell });

process.on('message', (message) => void answer(message));
// Terminals and service managers signal all processes at once; the parent, which drains, says when it is time.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => {
  engine.close();
  cleanup();
  process.exit(0);
});
await giveBackAfterStart();
tell({ event: 'ready' });
