/** One HTTP POST, bound in time, that follows no redirect and reads no answer but its status. */
import { request as requestPlainly } from 'node:http';
import { request as requestSecurely } from 'node:https';
import { assertPublicHost, publicLookup } from './address.ts';
import type { Resolve } from './address.ts';

export interface PostOptions {
  headers: Readonly<Record<string, string>>;
  body: string;
  /** Lets it go to private addresses too. */
  allowPrivate: boolean;
  /** Calls it off. */
  signal: AbortSignal;
  /** How names are resolved; by the system if absent. */
  resolve?: Resolve;
}

/** From the name's lookup to the status, in ms. */
const TIMEOUT_MS = 10_000;
/** A status line and headers that are longer are not read, in bytes. */
const MAX_HEADER_BYTES = 16_384;

/** @returns the status. @throws Error when there is no answer in time, and AddressError where it may not go */
export async function post(url: string, options: PostOptions): Promise<number> {
  const { headers, body, allowPrivate, resolve } = options;
  const target = new URL(url);
  if (!allowPrivate) assertPublicHost(target);
  const request = target.protocol === 'https:' ? requestSecurely : requestPlainly;
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(TIMEOUT_MS)]);
  return new Promise((resolveStatus, reject) => {
    request(target, {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      // No connection is used twice: each one's address is judged.
      agent: false,
      maxHeaderSize: MAX_HEADER_BYTES,
      signal,
      ...(allowPrivate ? {} : { lookup: publicLookup(resolve) }),
    })
      .on('response', (response) => {
        // Whatever else it says is of no interest, however long it is.
        response.destroy();
        resolveStatus(response.statusCode ?? 0);
      })
      .on('error', reject)
      .end(body);
  });
}
