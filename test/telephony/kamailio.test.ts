/** Kamailio as worker-config/kamailio configures it: who gets in, and who gets through. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startBridge } from '../helpers/telephony/bridge.ts';
import { Baresip } from '../helpers/telephony/baresip.ts';
import { DOMAIN, startKamailio } from '../helpers/telephony/kamailio.ts';
import type { Kamailio } from '../helpers/telephony/kamailio.ts';
import { USERS } from '../helpers/telephony/lines.ts';
import { RawPhone } from '../helpers/telephony/raw-phone.ts';
import { writeBySipp } from '../helpers/telephony/sipp.ts';
import { until } from '../helpers/wait.ts';

/** Another address of this machine, for the telephone network's gateway. */
const GATEWAY = '127.0.0.3';

let kamailio: Kamailio;
let phone: RawPhone;
let gateway: RawPhone;
beforeAll(async () => {
  // The gateway sends to the port that Kamailio gets, and Kamailio to the gateway's.
  const first = await startKamailio({ users: USERS });
  gateway = await RawPhone.open(first.ports.sip, GATEWAY);
  await first.stop();
  kamailio = await startKamailio({
    users: USERS,
    ports: first.ports,
    pstnGateway: { host: GATEWAY, port: gateway.port },
  });
  phone = await RawPhone.open(kamailio.ports.sip);
});
afterAll(async () => {
  phone.close();
  gateway.close();
  await kamailio.stop();
});

describe('a WebSocket', () => {
  /** @returns the status of the handshake */
  async function handshake(options: { origin?: string; protocol?: string }): Promise<number> {
    const { origin, protocol = 'sip' } = options;
    const socket = new WebSocket(kamailio.wsUrl, protocol, origin === undefined ? {} : { origin });
    socket.on('error', () => undefined);
    const status = await new Promise<number>((resolve) => {
      socket.on('open', () => resolve(101));
      socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
    });
    socket.terminate();
    return status;
  }

  test('is for pages of sites that are named, and for what is no browser', async () => {
    expect(await handshake({ origin: 'http://localhost:3000' })).toBe(101);
    expect(await handshake({})).toBe(101);
    expect(await handshake({ origin: 'https://evil.example' })).toBe(403);
    expect(await handshake({ origin: 'http://localhost.evil.example' })).toBe(403);
    expect(await handshake({ protocol: 'msrp' })).toBe(400);
  });

  test('is all there is: other requests get nothing', async () => {
    expect((await fetch(kamailio.wsUrl.replace('ws:', 'http:'))).status).toBe(404);
  });
});

describe('whoever has no password', () => {
  test.each([
    ['REGISTER', `sip:${DOMAIN}`, 401],
    ['INVITE', `sip:bob@${DOMAIN}`, 407],
    ['INVITE', `sip:05491112345678@${DOMAIN}`, 407],
    ['MESSAGE', `sip:bob@${DOMAIN}`, 407],
    ['INVITE', 'sip:somebody@elsewhere.example', 407],
  ])('is asked for it: %s %s', async (method, uri, status) => {
    expect(await phone.ask({ method, uri, from: 'alice' })).toMatch(new RegExp(`^SIP/2.0 ${status} `));
  });

  test('can not pretend to be part of a call', async () => {
    const route = `Route: <sip:127.0.0.1:${kamailio.ports.sip};lr;mark=00000000000000000000000000000000>`;
    for (const method of ['INVITE', 'BYE', 'MESSAGE', 'REFER']) {
      const answer = await phone.ask({
        method,
        uri: `sip:05491112345678@${GATEWAY}:${gateway.port}`,
        headers: [route],
        toTag: 'x',
      });
      expect(answer).toMatch(/^SIP\/2\.0 481 /);
    }
    expect(gateway.received).toEqual([]);
  });

  test('does not get to guess for long', async () => {
    const wrong = { kamailio, user: 'carol', password: 'wrong' };
    for (let tries = 0; tries <= 10; tries += 1) await writeBySipp(wrong, 'bob', 'x', 407);
    await writeBySipp(wrong, 'bob', 'x', 403);
  });
});

test('nobody sends in the name of another, nor to other domains', async () => {
  const alice = { kamailio, user: 'alice', password: USERS.alice };
  await writeBySipp({ ...alice, from: 'bob' }, 'bob', 'x', 403);
  await writeBySipp({ ...alice, domain: 'elsewhere.example' }, 'bob', 'x', 403);
});

test.each([
  [{ method: 'OPTIONS' }, 200],
  [{ method: 'SUBSCRIBE' }, 405],
  [{ method: 'PUBLISH' }, 405],
  [{ method: 'BYE', toTag: 'x' }, 481],
])('%o', async (request, status) => {
  expect(await phone.ask(request)).toMatch(new RegExp(`^SIP/2.0 ${status} `));
});

describe('the telephone network', () => {
  test('is reached by its prefix, without it, and without credentials', async () => {
    const alice = await Baresip.start({ user: 'alice', password: USERS.alice, kamailio, tone: 440 });
    try {
      alice.dial('05491112345678');
      const { answer: invite = '' } = await until(
        'the gateway is called',
        () => gateway.received.find((text) => text.startsWith('INVITE ')),
        (text) => text !== undefined,
      );
      expect(invite).toMatch(new RegExp(`^INVITE sip:5491112345678@${GATEWAY}:${gateway.port} `));
      expect(invite).not.toMatch(/authorization/i);
      alice.hangUp();
    } finally {
      await alice.close();
    }
  });

  test('reaches us without a password, but not itself by us', async () => {
    // Nobody is registered.
    expect(await gateway.ask({ method: 'INVITE', uri: `sip:800@${DOMAIN}` })).toMatch(/^SIP\/2\.0 480 /);
    expect(await gateway.ask({ method: 'INVITE', uri: `sip:05491112345678@${DOMAIN}` })).toMatch(
      /^SIP\/2\.0 480 /,
    );
  });
});

test('floods: calls beyond so many a second are refused, and whoever sends too much gets no answer', async () => {
  const strict = await startKamailio({
    users: USERS,
    settings: { REQUESTS_PER_ADDRESS: 40, CALLS_PER_SECOND: 5 },
  });
  const flooder = await RawPhone.open(strict.ports.sip);
  try {
    const invite = { method: 'INVITE', uri: `sip:bob@${DOMAIN}` };
    const answers = await Promise.all(Array.from({ length: 20 }, () => flooder.ask(invite)));
    const refused = answers.filter((text) => /^SIP\/2\.0 503 [^]*^Retry-After: \d+/m.test(text));
    expect(refused.length).toBeGreaterThanOrEqual(10);
    const before = flooder.received.length;
    for (let i = 0; i < 200; i += 1) flooder.send({ method: 'OPTIONS' });
    await until(
      'it is noticed',
      () => strict.log().includes('too many requests from 127.0.0.1'),
      (isNoticed) => isNoticed,
    );
    expect(flooder.received.length - before).toBeLessThan(100);
  } finally {
    flooder.close();
    await strict.stop();
  }
});

test('secure WebSocket: a bridge comes by it if it knows who has signed the certificate', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tertulia-tls-'));
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  });
  const [certificate, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  await writeFile(certificate, cert);
  await writeFile(keyFile, key);
  const secure = await startKamailio({ users: USERS, tls: { certificate, key: keyFile } });
  const wsUrl = `wss://localhost:${secure.ports.wss}`;
  try {
    const bridge = await startBridge({
      kamailio: { wsUrl },
      authorities: { [certificate]: cert },
      trunk: { ca: certificate },
    });
    expect(bridge.bridge.state.trunks['pbx']).toMatchObject({ server: wsUrl, registration: 'registered' });
    await bridge.stop();
    await expect(startBridge({ kamailio: { wsUrl }, timeoutMs: 2_000 })).rejects.toThrow(
      /self-signed certificate/,
    );
  } finally {
    await secure.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
