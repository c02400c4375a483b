/** What handlers of requests are made with. */
import type { z } from 'zod';
import type { Answers, RequestName } from './contract.ts';
import type { Stay } from './sessions.ts';

/** What handles requests of these names. */
export type Handlers<N extends RequestName> = {
  [K in N]: (stay: Stay, payload: unknown) => Promise<Answers[K]>;
};

export const DONE = {} as const;

/** A handler that gets what the schema lets through. @throws ZodError */
export function on<S extends z.ZodType, A>(
  schema: S,
  handle: (stay: Stay, request: z.output<S>) => A | Promise<A>,
): (stay: Stay, payload: unknown) => Promise<A> {
  return async (stay, payload) => handle(stay, schema.parse(payload));
}
