/**
 * The media process as the SIP side sees it: a promise for each request, typed events, and a new process when one
 * dies.
 *
 * It is a process, not a worker_thread: its clock shares neither event loop nor garbage collector with SIP, and
 * native code that crashes (DTLS, Opus) costs the media of its calls, but not the dialogs, which can still say BYE.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { z } from 'zod';
import { MediaError, processMessage, requests } from './protocol.ts';
import type { Answer, MediaEvent, MediaMethod, MediaParams, MediaResult } from './protocol.ts';

const ENTRY = fileURLToPath(new URL('main.ts', import.meta.url));

/** How long a process may take until it is ready, in ms; it takes some hundreds. */
const LONGEST_START_MS = 15_000;
/** Pause before a dead process is replaced, in ms. Shorter: a machine out of memory is hit harder. */
const RESTART_MS = 500;
/**
 * For an answer, in ms; most take a few. Longer: whoever calls waits for longer before he hears that it can not be.
 * Shorter: slow look-ups of a phone's address fail.
 */
const LONGEST_ANSWER_MS = 10_000;
/**
 * How often a process is asked whether it lives, in ms, and how many times in a row it may leave that unanswered.
 * Fewer: a busy machine costs all calls. More: those calls have no sound for longer before they end.
 */
const HEARTBEAT_MS = 1_000;
const MOST_UNANSWERED = 5;
/** How long a process may take to end when it is told to, in ms. */
const LONGEST_END_MS = 2_000;

export interface MediaThreadEvents {
  /** What the process tells by itself; to be told apart by `event`. */
  event: [MediaEvent];
  /** The process ended by itself. All its calls and rooms are gone; a new process is on its way. */
  died: [];
}

export interface MediaThreadOptions {
  /** Folder of the prompts: it holds `en/welcome.wav` and so on. */
  promptFolder: string;
  logger: Logger;
}

interface Waiting {
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
}

const resultSchemas: { [M in MediaMethod]: { result: z.ZodType<MediaResult<M>> } } = requests;

export class MediaThread extends EventEmitter<MediaThreadEvents> {
  readonly #options: MediaThreadOptions;
  readonly #waiting = new Map<number, Waiting>();
  #child: ChildProcess | null = null;
  #heartbeat: NodeJS.Timeout | null = null;
  #ready: Promise<undefined> = Promise.resolve(undefined);
  #restart: NodeJS.Timeout | null = null;
  #lastId = 0;
  #closed = false;

  private constructor(options: MediaThreadOptions) {
    super();
    this.#options = options;
  }

  /** @throws Error when the process does not become ready. */
  static async start(options: MediaThreadOptions): Promise<MediaThread> {
    const thread = new MediaThread(options);
    thread.#spawn();
    try {
      await thread.#ready;
    } catch (error) {
      await thread.close();
      throw error;
    }
    return thread;
  }

  /**
   * Asks the media process; while it is being replaced, waits for the new one.
   * @throws MediaError when it refuses, ends before it has answered (`process-ended`), or does not answer (`timed-out`)
   */
  async request<M extends MediaMethod>(method: M, params: MediaParams<M>): Promise<MediaResult<M>> {
    const id = (this.#lastId += 1);
    const { promise: answer, resolve, reject } = Promise.withResolvers<unknown>();
    const late = setTimeout(
      () => reject(new MediaError('timed-out', `The media process does not answer to ${method}.`)),
      LONGEST_ANSWER_MS,
    );
    try {
      await Promise.race([this.#ready, answer]);
      const child = this.#child;
      if (!child?.connected) throw new MediaError('process-ended', 'The media process is not running.');
      this.#waiting.set(id, { resolve, reject });
      child.send({ id, method, params });
      const schemas: { result: z.ZodType<MediaResult<M>> } = resultSchemas[method];
      return schemas.result.parse(await answer);
    } finally {
      clearTimeout(late);
      this.#waiting.delete(id);
    }
  }

  /** Idempotent. Ends the process, and with it the media of all calls. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#restart) clearTimeout(this.#restart);
    const child = this.#child;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const kill = setTimeout(() => child.kill('SIGKILL'), LONGEST_END_MS);
    if (child.connected) child.disconnect();
    await ended;
    clearTimeout(kill);
  }

  #spawn(): void {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    this.#awaitReady(promise);
    let child: ChildProcess;
    try {
      child = fork(ENTRY, [this.#options.promptFolder], { serialization: 'advanced' });
    } catch (error) {
      // Some of what the machine lacks is thrown, as memory, and some is told later, as descriptors.
      reject(new MediaError('process-ended', 'The media process can not be started.'));
      this.#ended({ err: error });
      return;
    }
    this.#child = child;
    const late = setTimeout(() => child.kill('SIGKILL'), LONGEST_START_MS);
    const over = (how: object): void => {
      clearTimeout(late);
      reject(new MediaError('process-ended', 'The media process ended before it was ready.'));
      this.#ended(how);
    };
    child.on('message', (message) => {
      const parsed = processMessage.safeParse(message);
      if (!parsed.success) {
        this.#options.logger.error({ err: parsed.error }, 'the media process is not understood');
      } else if ('id' in parsed.data) {
        this.#answered(parsed.data);
      } else {
        const event = parsed.data;
        if (event.event === 'ready') {
          clearTimeout(late);
          resolve(undefined);
          this.#watch(child);
        }
        // After whoever waited for an answer that came just before: both come at once if this process stood still.
        setImmediate(() => this.emit('event', event));
      }
    });
    child.on('error', (error) => {
      this.#options.logger.error({ err: error }, 'the media process can not be reached');
      // There is no end of what has never run.
      if (child.pid === undefined) over({});
    });
    child.once('exit', (code, signal) => over({ code, signal }));
  }

  /** Whoever asks for something meanwhile learns of a failure; nobody has to. */
  #awaitReady(ready: Promise<undefined>): void {
    ready.catch(() => undefined);
    this.#ready = ready;
  }

  /** Ends a process that is there and does nothing, so that another one takes its place. */
  #watch(child: ChildProcess): void {
    let unanswered = 0;
    this.#heartbeat = setInterval(() => {
      if (unanswered >= MOST_UNANSWERED) {
        this.#options.logger.error({ unanswered }, 'the media process does not answer');
        child.kill('SIGKILL');
        return;
      }
      // Counted, not timed: if it was this process that stood still, nothing is to be learnt of the other.
      unanswered += 1;
      this.request('heartbeat', {}).then(
        () => (unanswered = 0),
        () => undefined,
      );
    }, HEARTBEAT_MS);
  }

  #answered(message: Answer): void {
    const waiting = this.#waiting.get(message.id);
    if (message.ok) waiting?.resolve(message.result);
    else waiting?.reject(new MediaError(message.code, message.message));
  }

  /** @param how for the log */
  #ended(how: object): void {
    if (this.#heartbeat) clearInterval(this.#heartbeat);
    for (const { reject } of this.#waiting.values()) {
      reject(new MediaError('process-ended', 'The media process ended before it answered.'));
    }
    this.#waiting.clear();
    if (this.#closed) return;
    this.#options.logger.error(how, 'the media process ended and will be replaced');
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    this.#restart = setTimeout(() => {
      this.#spawn();
      this.#ready.then(resolve, reject);
    }, RESTART_MS);
    this.#awaitReady(promise);
    this.emit('died');
  }
}
