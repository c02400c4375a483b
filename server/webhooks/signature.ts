/** Signed as Standard Webhooks has it, so that receivers may use any library for it: https://www.standardwebhooks.com */
import { createHmac } from 'node:crypto';

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
  const signature = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
}
