/** The telephone exchange of a soak: puts calls through, both ways, and keeps to the rules. */
import { HostilePbx } from '../../helpers/telephony/hostile-pbx.ts';
import { PbxCall } from '../../helpers/telephony/pbx-call.ts';
import type { RtpPhone } from '../../helpers/rtp-phone.ts';
import { until } from '../../helpers/wait.ts';

/** Leads to the question for a room's number. */
const CONFERENCE = '800';

export interface Call {
  /** The phone puts down the receiver. */
  hangUp: () => Promise<void>;
  /** Whether the bridge has hung up. */
  hasEnded: () => boolean;
}

export class Exchange {
  readonly #pbx: HostilePbx;
  /** Call-IDs of calls that the bridge has ended. */
  readonly #ended = new Set<string>();
  /** The bridge's INVITEs that nobody has picked up yet, by the number that is called. */
  readonly #ringing = new Map<string, string>();

  private constructor(pbx: HostilePbx) {
    this.#pbx = pbx;
    pbx.onMessage((message) => this.#take(message));
  }

  static async open(): Promise<Exchange> {
    return new Exchange(await HostilePbx.open());
  }

  get wsUrl(): string {
    return this.#pbx.wsUrl;
  }

  /** Calls the conference. Resolves when it has answered. */
  async call(phone: RtpPhone, from: string): Promise<Call> {
    const call = await PbxCall.invite(this.#pbx, { from, number: CONFERENCE, sdp: phone.description() });
    phone.connect(call.sdp);
    return this.#callOf(call);
  }

  /** Waits until the bridge calls the number, and picks up. */
  async pickUp(phone: RtpPhone, number: string): Promise<Call> {
    const { answer: invite } = await until(
      `${number} is called`,
      () => this.#ringing.get(number) ?? '',
      (found) => found !== '',
    );
    this.#ringing.delete(number);
    phone.connect(invite.split('\r\n\r\n')[1] ?? '', 'offer');
    return this.#callOf(PbxCall.take(this.#pbx, invite, phone.description()));
  }

  close(): void {
    this.#pbx.close();
  }

  #callOf(call: PbxCall): Call {
    const callId = headerOf(call.accepted, 'Call-ID');
    return { hangUp: () => call.hangUp(), hasEnded: () => this.#ended.has(callId) };
  }

  #take(message: string): void {
    const method = /^[A-Z]+(?= sip:)/.exec(message)?.[0];
    if (method === undefined || method === 'REGISTER' || method === 'ACK') return;
    const number = /^INVITE sip:([^@]+)@/.exec(message)?.[1];
    const isWithinCall = /^To: .*;tag=/m.test(message);
    if (number !== undefined && !isWithinCall) this.#ringing.set(number, message);
    else this.#pbx.answer(message);
    if (method === 'BYE') this.#ended.add(headerOf(message, 'Call-ID'));
  }
}

function headerOf(message: string, name: string): string {
  return new RegExp(`^${name}: (.*)\r$`, 'm').exec(message)?.[1] ?? '';
}
