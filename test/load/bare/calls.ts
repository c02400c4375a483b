/** What the bare server can be asked, and a way to ask it. */
import type {
  DtlsParameters,
  RtpCapabilities,
  RtpParameters,
  TransportParameters,
} from '../../../server/signalling/contract.ts';

type Kind = 'audio' | 'video';

export interface Calls {
  capabilities: { request: null; answer: RtpCapabilities };
  transport: { request: null; answer: TransportParameters };
  connect: { request: { transportId: string; dtlsParameters: DtlsParameters }; answer: null };
  produce: {
    request: { transportId: string; kind: Kind; rtpParameters: RtpParameters };
    answer: string;
  };
  producers: { request: null; answer: string[] };
  consume: {
    /** @param spatialLayer of a camera, at most; all there are if absent */
    request: {
      transportId: string;
      producerId: string;
      rtpCapabilities: RtpCapabilities;
      spatialLayer?: number;
    };
    answer: BareConsumer;
  };
  resume: { request: string; answer: null };
  close: { request: string[]; answer: null };
}

export type Call = keyof Calls;

export interface BareConsumer {
  id: string;
  producerId: string;
  kind: Kind;
  rtpParameters: RtpParameters;
}

/** @throws Error when the server could not do it */
export async function call<N extends Call>(
  url: string,
  name: N,
  request: Calls[N]['request'],
): Promise<Calls[N]['answer']> {
  const response = await fetch(new URL(name, url), { method: 'POST', body: JSON.stringify(request) });
  if (!response.ok) throw new Error(`${name}: ${await response.text()}`);
  return (await response.json()) as Calls[N]['answer'];
}
