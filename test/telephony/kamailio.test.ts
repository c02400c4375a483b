/** Kamailio as worker-config/kamailio configures it: who gets in, and who gets through. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startKamailio } from '../helpers/telephony/kamailio.ts';
import type { Kamailio } from '../helpers/telephony/kamailio.ts';

let kamailio: Kamailio;
beforeAll(async () => {
  kamailio = await startKamailio({ users: { alice: 'secret-of-alice', bob: 'secret-of-bob' } });
});
afterAll(() => kamailio.stop());

describe('a WebSocket', () => {
  const handshake = (headers: Record<string, string>): Promise<Response> =>
    fetch(kamailio.wsUrl.replace('ws:', 'http:'), { headers });

  test('is refused to pages of other sites, and plain requests get nothing', async () => {
    expect((await handshake({})).status).toBe(404);
  });
});
