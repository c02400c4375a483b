/** What keeps the server from starting and is the operator's to mend: it is told in words, without a stack. */
export class StartError extends Error {
  override readonly name: string = 'StartError';
}
