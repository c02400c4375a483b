/** A failure that the person who runs set-up can understand and mend: shown as its message alone, without a stack. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}

/** The text of anything thrown, for a message. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
