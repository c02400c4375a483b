/**
 * What the two servers say to each other while one takes over from the other: the successor asks, the predecessor
 * tells; a line of JSON each. Both are Tertulia, of neighbouring versions: what is new is optional, and told apart by
 * `VERSION` where it can not be.
 */
import { createInterface } from 'node:readline';
import type { Socket } from 'node:net';
import { z } from 'zod';

export const VERSION = 1;

/** In this order. After `hold` the predecessor opens no more rooms and is off the port; the end of the connection undoes it. */
export const request = z.discriminatedUnion('ask', [
  z.object({ ask: z.literal('facts') }),
  z.object({ ask: z.literal('hold') }),
  /** From here on it is final: the predecessor ends with its last room, or after so many seconds. */
  z.object({ ask: z.literal('yield'), seconds: z.int().min(1) }),
]);

export const facts = z.object({
  tell: z.literal('facts'),
  version: z.int(),
  /** Whether it has rooms at a predecessor of its own, or another successor. */
  busy: z.boolean(),
  /** Its media ports; null for any that were free. */
  rtcPorts: z.object({ first: z.int(), count: z.int() }).nullable(),
  /** Where requests about its rooms are passed on to, a unix socket. */
  passTo: z.string(),
});

export const telling = z.discriminatedUnion('tell', [
  facts,
  z.object({ tell: z.literal('held'), rooms: z.array(z.string()) }),
  z.object({ tell: z.literal('yielded') }),
  z.object({ tell: z.literal('gone'), room: z.string() }),
  /** Webhooks wait in the queue, and it delivers none any more. */
  z.object({ tell: z.literal('webhooks') }),
]);

export type Request = z.output<typeof request>;
export type Facts = z.output<typeof facts>;
export type Telling = z.output<typeof telling>;

export function send(socket: Socket, message: Request | Telling): void {
  socket.write(`${JSON.stringify(message)}\n`);
}

/** Calls back for each message. One that does not fit ends the connection with an error. */
export function receive<S extends z.ZodType>(
  socket: Socket,
  schema: S,
  take: (message: z.output<S>) => void,
): void {
  const lines = createInterface({ input: socket });
  lines.on('line', (line) => {
    const message = schema.safeParse(parsed(line));
    if (message.success) take(message.data);
    else socket.destroy(new Error(`It is not understood: ${message.error.message}`));
  });
  // What goes wrong with the socket is its owner's to handle, and told here as well.
  lines.on('error', () => undefined);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
