/**
 * What no PBX should send, sent to the bridge by its own socket: messages that are legal and strange, or neither (in the
 * manner of RFC 4475), and floods. Nothing of it may cost more than itself.
 */
import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startBridge } from '../helpers/telephony/bridge.ts';
import type { TestBridge } from '../helpers/telephony/bridge.ts';
import { HostilePbx } from '../helpers/telephony/hostile-pbx.ts';
import { sleep, until } from '../helpers/wait.ts';

const MOST_CALLS = 20;
const FLOOD = 1_000;

let pbx: HostilePbx;
let bridge: TestBridge;
async function open(): Promise<void> {
  pbx = await HostilePbx.open();
  bridge = await startBridge({
    kamailio: pbx,
    rooms: { '1': null },
    settings: { maxCalls: MOST_CALLS, pingSeconds: 60 },
  });
}
async function close(): Promise<void> {
  await bridge.stop();
  pbx.close();
}
beforeAll(open);
afterAll(close);

/** Mistakes that nobody handled end the process; here they are counted. */
const mistakes: unknown[] = [];
process.on('unhandledRejection', (error) => mistakes.push(error));
process.on('uncaughtException', (error) => mistakes.push(error));
beforeEach(() => {
  mistakes.length = 0;
});

let calls = 0;

const OFFER = [
  ...['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0'],
  ...['m=audio 40000 RTP/AVP 0 101', 'a=rtpmap:0 PCMU/8000', 'a=rtpmap:101 telephone-event/8000', ''],
].join('\r\n');

interface Parts {
  method?: string;
  callId?: string;
  headers?: readonly string[];
  body?: string;
  /** In place of the right one. */
  length?: string;
}

/** A request to the bridge that is sound but for what is asked for. */
function request({
  method = 'INVITE',
  callId = `call-${++calls}`,
  headers = [],
  body = '',
  length,
}: Parts): string {
  return [
    `${method} ${pbx.contact} SIP/2.0`,
    `Via: SIP/2.0/WS 127.0.0.1;branch=z9hG4bK${callId}${method}`,
    'Max-Forwards: 70',
    'From: "Mallory" <sip:mallory@pbx.test>;tag=m',
    'To: <sip:800@pbx.test>',
    `Call-ID: ${callId}`,
    `CSeq: 1 ${method}`,
    'Contact: <sip:mallory@127.0.0.1:5060;transport=ws>',
    ...(body === '' ? [] : ['Content-Type: application/sdp']),
    ...headers,
    `Content-Length: ${length ?? String(Buffer.byteLength(body))}`,
    '',
    body,
  ].join('\r\n');
}

/** Says that the bridge is as well as before: it answers, and it calls nobody's mistake unhandled. */
async function isWell(): Promise<void> {
  const before = pbx.received.length;
  pbx.send(request({ method: 'OPTIONS' }));
  await pbx.awaits(/^SIP\/2\.0 200 /, before);
  expect(mistakes).toEqual([]);
}

const torture: Record<string, () => string | Buffer> = {
  nothing: () => '',
  'keep-alive': () => '\r\n\r\n',
  'bytes of no text': () => Buffer.from([0, 255, 254, 0, 13, 10, 13, 10]),
  'text that is no SIP': () => 'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
  'a request line alone': () => `INVITE ${pbx.contact} SIP/2.0\r\n`,
  'headers without an end': () => request({}).replace(/\r\n\r\n$/, '\r\nX: '),
  'a wrong version': () => request({}).replace('SIP/2.0\r\n', 'SIP/7.0\r\n'),
  'no headers': () => `INVITE ${pbx.contact} SIP/2.0\r\n\r\n`,
  'no Call-ID': () => request({}).replace(/^Call-ID: .*\r\n/m, ''),
  'no Via': () => request({}).replace(/^Via: .*\r\n/m, ''),
  'no Contact': () => request({ body: OFFER }).replace(/^Contact: .*\r\n/m, ''),
  'a From that is none': () => request({ body: OFFER }).replace(/^From: .*\r\n/m, 'From: <<<>>>;;;\r\n'),
  'a quote that does not end': () => request({}).replace('"Mallory"', '"Mallory'),
  'more body than there is': () => request({ body: OFFER, length: '9999' }),
  'a negative length': () => request({ body: OFFER, length: '-999' }),
  'a length of no number': () => request({ body: OFFER, length: 'many' }),
  'a huge CSeq': () => request({ body: OFFER }).replace('CSeq: 1 ', 'CSeq: 36893488147419103232 '),
  'another method in CSeq': () => request({ body: OFFER }).replace('CSeq: 1 INVITE', 'CSeq: 1 BYE'),
  'a method nobody knows': () => request({ method: 'NEWMETHOD' }),
  'folded headers, and short forms': () =>
    request({ method: 'OPTIONS', headers: ['s: a\r\n  folded\r\n\tsubject', 'k: x', 'l: 0'] }),
  'escapes and signs in addresses': () =>
    request({ method: 'OPTIONS' }).replace('sip:mallory@', "sip:%00%ff%zz!~*'()&=+$,;?/@"),
  'an expiry that is none': () => request({ body: OFFER, headers: ['Expires: now', 'Session-Expires: -5'] }),
  'a session interval of nothing': () =>
    request({ body: OFFER, headers: ['Session-Expires: 0;refresher=x'] }),
  'a body of another kind': () =>
    request({ body: 'x' }).replace('application/sdp', 'multipart/mixed;boundary=0'),
  'SDP that is none': () => request({ body: 'hello\r\n' }),
  'SDP without media': () => request({ body: 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n' }),
  'SDP with numbers that are none': () =>
    request({ body: OFFER.replaceAll('40000', '-1').replaceAll('101', '99999') }),
  'SDP of video alone': () => request({ body: OFFER.replace('m=audio', 'm=video') }),
  'SDP of many media': () => request({ body: OFFER + 'm=audio 9 RTP/AVP 0\r\n'.repeat(500) }),
  'many headers': () =>
    request({ method: 'OPTIONS', headers: Array.from({ length: 500 }, (_, i) => `X-${i}: ${i}`) }),
  'a REFER from nowhere': () => request({ method: 'REFER', headers: ['Refer-To: <sip:x@y>'] }),
  'a Replaces of nothing': () => request({ body: OFFER, headers: ['Replaces: a;to-tag=b;from-tag=c'] }),
  'a Replaces that is none': () => request({ body: OFFER, headers: ['Replaces: ;;;'] }),
  'a NOTIFY from nowhere': () =>
    request({ method: 'NOTIFY', headers: ['Event: refer', 'Subscription-State: x'] }),
  'a SUBSCRIBE': () => request({ method: 'SUBSCRIBE', headers: ['Event: conference'] }),
  'a CANCEL of nothing': () => request({ method: 'CANCEL' }),
  'a BYE of nothing': () =>
    request({ method: 'BYE' }).replace('@pbx.test>\r\nCall', '@pbx.test>;tag=t\r\nCall'),
  'an ACK of nothing': () => request({ method: 'ACK' }),
  'an answer to nothing': () => request({}).replace(/^INVITE .*\r\n/, 'SIP/2.0 200 OK\r\n'),
  'an answer with a huge status': () => request({}).replace(/^INVITE .*\r\n/, 'SIP/2.0 4294967301 ?\r\n'),
  'a message in pieces of bytes': () => Buffer.from(request({ method: 'MESSAGE', body: '\ud800\0\x07' })),
};

describe('a message with or of', () => {
  test.each(Object.entries(torture))('%s', async (_, make) => {
    pbx.send(make());
    await isWell();
  });
});

test('whatever is changed in a sound message', async () => {
  const seed = Number(process.env['FUZZ_SEED'] ?? randomInt(2 ** 31));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(800), fc.string({ maxLength: 8, unit: 'binary' })), {
        minLength: 1,
        maxLength: 4,
      }),
      async (changes) => {
        let text = request({ body: OFFER });
        for (const [at, put] of changes) text = text.slice(0, at) + put + text.slice(at + put.length);
        pbx.send(text);
      },
    ),
    { numRuns: 300, seed },
  );
  await isWell().catch((cause: unknown) => {
    throw new Error(`FUZZ_SEED=${seed} sends the same again.`, { cause });
  });
});

/** Acknowledges an answer of the bridge's, and ends the call. */
function hangUp(answer: string): void {
  const header = (name: string): string => new RegExp(`^${name}: (.*)$`, 'im').exec(answer)?.[1] ?? '';
  for (const [method, sequence] of [
    ['ACK', 1],
    ['BYE', 2],
  ] as const) {
    pbx.send(
      request({ method, callId: header('Call-ID') })
        .replace(/^From: .*$/m, `From: ${header('From')}`)
        .replace(/^To: .*$/m, `To: ${header('To')}`)
        .replace(/^CSeq: .*$/m, `CSeq: ${sequence} ${method}`),
    );
  }
}

test('a flood of calls: so many are taken as may be, the others refused, and then all is as before', async () => {
  // What became a call before, of which nobody knows the end, is not to count.
  await close();
  await open();
  const before = pbx.received.length;
  /** The last answer of a status to each call: those that take a call are sent again until they are acknowledged. */
  const answers = (status: number): Map<string | undefined, string> =>
    new Map(
      pbx.received
        .slice(before)
        .filter((text) => text.startsWith(`SIP/2.0 ${status} `))
        .map((text) => [/^Call-ID: .*$/m.exec(text)?.[0], text]),
    );
  for (let i = 0; i < FLOOD; i += 1) pbx.send(request({ body: OFFER }));
  await until(
    'all are answered',
    () => answers(200).size + answers(503).size,
    (answered) => answered >= FLOOD,
    // As long as it takes: how fast it is depends on the machine.
    { timeoutMs: 45_000 },
  );
  const taken = answers(200);
  expect(taken.size).toBe(MOST_CALLS);
  for (const refusal of answers(503).values()) expect(refusal).toMatch(/^Retry-After: \d+/m);
  for (const answer of taken.values()) hangUp(answer);
  await until(
    'all calls are over',
    () => bridge.bridge.state.calls,
    (left) => left === 0,
  );
  await sleep(100);
  await isWell();
});
