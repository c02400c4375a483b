/** One call of a PBX that keeps to no rules: SIP messages of a dialog in whatever order, each sound but for its changes. */
import fc from 'fast-check';

const OFFER = [
  ...['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0'],
  ...['m=audio 40000 RTP/AVP 0 101', 'a=rtpmap:0 PCMU/8000', 'a=rtpmap:101 telephone-event/8000', ''],
].join('\r\n');

/** What a PBX sends in and around calls, with a body where there is one. */
const MESSAGES = {
  INVITE: ['application/sdp', OFFER],
  UPDATE: ['application/sdp', OFFER],
  INFO: ['application/dtmf-relay', 'Signal=5\r\nDuration=160\r\n'],
  MESSAGE: ['text/plain', 'Hello'],
  NOTIFY: ['message/sipfrag', 'SIP/2.0 200 OK'],
  ACK: null,
  BYE: null,
  CANCEL: null,
  OPTIONS: null,
  REFER: null,
  SUBSCRIBE: null,
} as const;
type Method = keyof typeof MESSAGES;

const HEADERS = [
  'Via',
  'From',
  'To',
  'Call-ID',
  'CSeq',
  'Contact',
  'Max-Forwards',
  'Content-Type',
  'Content-Length',
];
const VALUES = [
  ...[
    '',
    '0',
    '-1',
    '4294967296',
    ' ',
    '<',
    '"',
    '<sip:',
    'sip:%00@x;;;',
    '<sip:a@b>;tag=',
    '1 INVITE',
    '1 BYE',
  ],
  ...[
    'SIP/2.0/WS x;branch=',
    'application/sdp; x="',
    'multipart/mixed',
    '100rel',
    '90;refresher=uas',
    'x'.repeat(4_000),
  ],
];
const OTHERS = [
  'Require',
  'Session-Expires',
  'Min-SE',
  'Replaces',
  'Refer-To',
  'Event',
  'Expires',
  'Record-Route',
  'Route',
];

type Change = (message: string) => string;

const change: fc.Arbitrary<Change> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(...HEADERS),
      fc.oneof(fc.constantFrom(...VALUES), fc.string({ unit: 'binary', maxLength: 20 })),
    )
    .map(
      ([name, value]) =>
        (text: string) =>
          text.replace(new RegExp(`^${name}: .*$`, 'm'), () => `${name}: ${value}`),
    ),
  fc
    .constantFrom(...HEADERS)
    .map((name) => (text: string) => text.replace(new RegExp(`^${name}: .*\r\n`, 'm'), '')),
  fc
    .constantFrom(...HEADERS)
    .map((name) => (text: string) => text.replace(new RegExp(`^${name}: .*\r\n`, 'm'), '$&$&')),
  fc.tuple(fc.constantFrom(...OTHERS), fc.constantFrom(...VALUES)).map(
    ([name, value]) =>
      (text: string) =>
        text.replace(/^Max-Forwards/m, () => `${name}: ${value}\r\nMax-Forwards`),
  ),
  fc.tuple(fc.nat(900), fc.nat(6), fc.string({ unit: 'binary', maxLength: 8 })).map(
    ([at, cut, put]) =>
      (text: string) =>
        text.slice(0, at) + put + text.slice(at + cut),
  ),
  fc
    .constantFrom(
      'SIP/2.0 200 OK',
      'SIP/2.0 401 Unauthorized',
      'SIP/2.0 487 x',
      'SIP/2.0 999 x',
      'SIP/2.0 100 Trying',
    )
    .map((line) => (text: string) => text.replace(/^.*/, () => line)),
);

export interface SipStep {
  call: number;
  method: Method;
  changes: readonly Change[];
  /** Whether what comes next comes after the bridge has had time to answer. */
  pause: boolean;
}

/** @param calls how many go on at a time */
export function sipSteps(calls: number): fc.Arbitrary<SipStep[]> {
  const methods = fc.oneof(
    fc.constantFrom<Method>('INVITE', 'ACK', 'BYE'),
    fc.constantFrom(...(Object.keys(MESSAGES) as Method[])),
  );
  return fc.array(
    fc.record({
      call: fc.nat(calls - 1),
      method: methods,
      changes: fc.oneof(fc.constant([]), fc.array(change, { maxLength: 3, size: 'max' })),
      pause: fc.boolean(),
    }),
    { minLength: 1, maxLength: 20, size: 'max' },
  );
}

export class FuzzedCall {
  readonly #callId: string;
  readonly #contact: string;
  #sequence = 0;
  #invite = 0;

  /** @param contact of the bridge */
  constructor(callId: string, contact: string) {
    this.#callId = callId;
    this.#contact = contact;
  }

  /** The next message. @param received all that the bridge has sent */
  message({ method, changes }: Pick<SipStep, 'method' | 'changes'>, received: readonly string[]): string {
    if (method !== 'ACK' && method !== 'CANCEL') this.#sequence += 1;
    if (method === 'INVITE') this.#invite = this.#sequence;
    const sequence = method === 'ACK' || method === 'CANCEL' ? this.#invite : this.#sequence;
    const [type, body] = MESSAGES[method] ?? [null, ''];
    const sound = [
      `${method} ${this.#contact} SIP/2.0`,
      `Via: SIP/2.0/WS 127.0.0.1;branch=z9hG4bK${this.#callId}${sequence}${method === 'CANCEL' ? 'INVITE' : method}`,
      'Max-Forwards: 70',
      'From: "Mallory" <sip:mallory@pbx.test>;tag=m',
      this.#to(received),
      `Call-ID: ${this.#callId}`,
      `CSeq: ${sequence} ${method}`,
      'Contact: <sip:mallory@127.0.0.1:5060;transport=ws>',
      ...(type === null ? [] : [`Content-Type: ${type}`]),
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n');
    return changes.reduce((text, change) => change(text), sound);
  }

  /** With the tag that the bridge has given the call, if it has. */
  #to(received: readonly string[]): string {
    const own = received.findLast(
      (text: string) => text.includes(`Call-ID: ${this.#callId}`) && /^To: .*;tag=/m.test(text),
    );
    return /^To: .*$/m.exec(own ?? '')?.[0] ?? 'To: <sip:800@pbx.test>';
  }
}
