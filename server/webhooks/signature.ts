/** Signed as Standard Webhooks has it, so that receivers may use any library for it: https://www.standardwebhooks.com */
import { createHmac } from 'node:crypto';

/** Secrets that were made for the standard begin so, and are base64 after it. */
const STANDARD_PREFIX = 'whsec_';

/**
 * What is signed is `ID.TIMESTAMP.BODY`, with HMAC-SHA256; the timestamp, in seconds since the epoch, lets receivers
 * refuse what is sent to them again by somebody else.
 */
export function signedHeaders(
  secret: string,
  { id, body }: { id: string; body: string },
  now: number,
): Record<string, string> {
  const timestamp = String(Math.floor(now / 1_000));
  const signature = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
}

function keyOf(secret: string): Buffer {
  return secret.startsWith(STANDARD_PREFIX)
    ? Buffer.from(secret.slice(STANDARD_PREFIX.length), 'base64')
    : Buffer.from(secret);
}
