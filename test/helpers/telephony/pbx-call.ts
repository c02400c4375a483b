/** A call that a PBX puts through to the bridge, message by message: what no telephone does when a test wants it. */
import type { HostilePbx } from './hostile-pbx.ts';

export interface Invitation {
  /** User part of the caller's address. */
  from: string;
  /** The number that was dialled. */
  number: string;
  sdp: string;
  headers?: readonly string[];
  /** False for a caller whose `acknowledge` comes later. */
  acknowledged?: boolean;
}

let calls = 0;

export class PbxCall {
  /** The bridge's message that made the call: its 200 to the INVITE, or its INVITE, with From and To as we write them. */
  readonly accepted: string;
  readonly #pbx: HostilePbx;
  readonly #headers: readonly string[];
  readonly #contact: string;
  readonly #callId: string;
  #sequence = 1;

  private constructor(pbx: HostilePbx, callId: string, accepted: string) {
    this.#pbx = pbx;
    this.#callId = callId;
    this.accepted = accepted;
    this.#contact = /^Contact: <([^>]+)>/m.exec(accepted)?.[1] ?? pbx.contact;
    this.#headers = [`From: ${headerOf(accepted, 'From')}`, `To: ${headerOf(accepted, 'To')}`];
  }

  /** Resolves when the bridge has answered. @throws Error when it refuses */
  static async invite(
    pbx: HostilePbx,
    { from, number, sdp, headers = [], acknowledged = true }: Invitation,
  ): Promise<PbxCall> {
    const callId = `pbx-call-${++calls}`;
    const before = pbx.received.length;
    pbx.send(
      requestText('INVITE', pbx.contact, callId, 1, sdp, [
        `From: <sip:${from}@pbx.test>;tag=of-${callId}`,
        `To: <sip:${number}@pbx.test>`,
        ...headers,
      ]),
    );
    const final = new RegExp(String.raw`^SIP/2\.0 [2-6][^]*^Call-ID: ${callId}\r$`, 'm');
    const answer = await pbx.awaits(final, before);
    if (!answer.startsWith('SIP/2.0 200 ')) throw new Error(`The call is refused:\n${answer}`);
    const call = new PbxCall(pbx, callId, answer);
    if (acknowledged) call.acknowledge();
    return call;
  }

  /**
   * Takes the call that the bridge makes with this INVITE, as a telephone that is picked up at once.
   * @param sdp answers what the INVITE offers
   */
  static take(pbx: HostilePbx, invite: string, sdp: string): PbxCall {
    const callId = headerOf(invite, 'Call-ID');
    const picked = invite.replace(/^(To: .*?)\r$/m, `$1;tag=of-${callId}\r`);
    pbx.answer(picked, sdp);
    // In what this side sends from now on, both have changed places.
    const turned = picked.replace(/^(From|To): /gm, (_, name) => (name === 'From' ? 'To: ' : 'From: '));
    return new PbxCall(pbx, callId, turned);
  }

  /** Acknowledges the last answer to an INVITE. */
  acknowledge(): void {
    this.#send('ACK', this.#sequence, '', []);
  }

  /** The same call by another server of the PBX, which knows as much of it. */
  goesOnAt(pbx: HostilePbx): PbxCall {
    const call = new PbxCall(pbx, this.#callId, this.accepted);
    call.#sequence = this.#sequence;
    return call;
  }

  /** The bridge's description of its media. */
  get sdp(): string {
    return bodyOf(this.accepted);
  }

  /** Asks within the call. @returns the final response */
  async ask(method: string, sdp = '', headers: readonly string[] = []): Promise<string> {
    this.#sequence += 1;
    const before = this.#pbx.received.length;
    this.#send(method, this.#sequence, sdp, headers);
    const cseq = `CSeq: ${this.#sequence} ${method}`;
    return this.#pbx.awaits(
      new RegExp(String.raw`^SIP/2\.0 [2-6][^]*^Call-ID: ${this.#callId}\r$[^]*^${cseq}\r$`, 'm'),
      before,
    );
  }

  /** Waits until the bridge asks something within the call, and says yes. @returns what it asked */
  async isAsked(method: string, since: number, sdp = '', timeoutMs?: number): Promise<string> {
    const question = await this.awaits(method, since, timeoutMs);
    this.#pbx.answer(question, sdp);
    return question;
  }

  /** As `isAsked`, but says nothing. */
  awaits(method: string, since: number, timeoutMs?: number): Promise<string> {
    const question = new RegExp(String.raw`^${method} [^]*^Call-ID: ${this.#callId}\r$`, 'm');
    return this.#pbx.awaits(question, since, timeoutMs);
  }

  async hangUp(): Promise<void> {
    await this.ask('BYE');
  }

  #send(method: string, sequence: number, sdp: string, headers: readonly string[]): void {
    const all = [...this.#headers, ...headers];
    this.#pbx.send(requestText(method, this.#contact, this.#callId, sequence, sdp, all));
  }
}

export function bodyOf(message: string): string {
  return message.split('\r\n\r\n').slice(1).join('\r\n\r\n');
}

function headerOf(message: string, name: string): string {
  return new RegExp(`^${name}: (.*)\r$`, 'm').exec(message)?.[1] ?? '';
}

export function requestText(
  method: string,
  uri: string,
  callId: string,
  sequence: number,
  sdp: string,
  headers: readonly string[],
): string {
  return [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/WS 127.0.0.1;branch=z9hG4bK${callId}-${sequence}${method === 'ACK' ? 'ack' : ''}`,
    ...['Max-Forwards: 70', `Call-ID: ${callId}`, `CSeq: ${sequence} ${method}`],
    'Contact: <sip:caller@127.0.0.1:5060;transport=ws>',
    ...(sdp === '' ? [] : ['Content-Type: application/sdp']),
    ...headers,
    `Content-Length: ${Buffer.byteLength(sdp)}`,
    '',
    sdp,
  ].join('\r\n');
}
