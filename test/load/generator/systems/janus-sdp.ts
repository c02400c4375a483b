/** Session descriptions as Janus wants them. Its media is known by streams, as with the other systems. */
import { isIPv4 } from 'node:net';
import { parse } from 'sdp-transform';
import type { RtcEnd } from '../../../helpers/rtc-end.ts';
import { EXTENSIONS, PAYLOAD_TYPES } from '../packets.ts';
import type { Kind } from '../packets.ts';
import { Camera } from '../sources.ts';

const CODECS: Readonly<Record<Kind, readonly string[]>> = {
  audio: [
    `rtpmap:${PAYLOAD_TYPES.audio} opus/48000/2`,
    `fmtp:${PAYLOAD_TYPES.audio} useinbandfec=1;usedtx=1`,
  ],
  video: [
    `rtpmap:${PAYLOAD_TYPES.video} VP8/90000`,
    `rtcp-fb:${PAYLOAD_TYPES.video} nack`,
    `rtcp-fb:${PAYLOAD_TYPES.video} nack pli`,
  ],
};

const extmap = ({ id, uri }: { id: number; uri: string }): string => `extmap:${id} ${uri}`;

/** Offers a microphone, a camera of three layers, or both. Media lines are named as `Microphone` and `Camera` are. */
export function offerOf(end: RtcEnd, sources: { microphoneSsrc: number | null; camera: boolean }): string {
  const { microphoneSsrc, camera } = sources;
  const lines: string[][] = [];
  if (microphoneSsrc !== null) {
    const own = [extmap(EXTENSIONS.mid), extmap(EXTENSIONS.level), `ssrc:${microphoneSsrc} cname:voice`];
    lines.push(mediaLine(end, 'audio', '0', 'sendonly', own));
  }
  if (camera) {
    // The highest first, as Janus reads them.
    const rids = Camera.rids.toReversed();
    const own = [
      ...[extmap(EXTENSIONS.mid), extmap(EXTENSIONS.rid)],
      ...[...rids.map((rid) => `rid:${rid} send`), `simulcast:send ${rids.join(';')}`],
    ];
    lines.push(mediaLine(end, 'video', '1', 'sendonly', own));
  }
  const mids = [...(microphoneSsrc === null ? [] : ['0']), ...(camera ? ['1'] : [])];
  return description(mids, lines);
}

/** Takes all that is offered; what is inactive stays so. */
export function answerOf(end: RtcEnd, offer: string): string {
  const { media } = parse(offer);
  const lines = media.map(({ type, mid, direction }) =>
    mediaLine(end, type as Kind, String(mid), direction === 'inactive' ? 'inactive' : 'recvonly', []),
  );
  return description(
    media.map(({ mid }) => String(mid)),
    lines,
  );
}

/** Where Janus is. It begins DTLS, as it is deaf to whoever begins before it has seen the way work. */
export function farEndOf(sdp: string): Parameters<RtcEnd['connect']>[0] {
  const { media, fingerprint: ofSession } = parse(sdp);
  const first = media[0]!;
  const fingerprint = first.fingerprint ?? ofSession!;
  return {
    iceParameters: { usernameFragment: first.iceUfrag!, password: first.icePwd! },
    iceCandidates: (first.candidates ?? [])
      .filter(
        ({ transport, type, component, ip }) =>
          transport.toLowerCase() === 'udp' && type === 'host' && component === 1 && isIPv4(ip),
      )
      .map(({ foundation, priority, ip, port }) => ({
        ...{ foundation, priority, address: ip, ip, port },
        ...({ protocol: 'udp', type: 'host' } as const),
      })),
    dtlsParameters: { role: 'client', fingerprints: [{ algorithm: 'sha-256', value: fingerprint.hash }] },
  };
}

/** The streams that Janus will send. */
export function streamsOf(sdp: string): { kind: Kind; ssrc: number }[] {
  return parse(sdp).media.flatMap(({ type, direction, ssrcs }) => {
    const ssrc = ssrcs?.[0]?.id;
    return direction === 'inactive' || ssrc === undefined ? [] : [{ kind: type as Kind, ssrc }];
  });
}

function mediaLine(
  end: RtcEnd,
  kind: Kind,
  mid: string,
  direction: string,
  own: readonly string[],
): string[] {
  const { usernameFragment, password } = end.iceParameters;
  return [
    `m=${kind} 9 UDP/TLS/RTP/SAVPF ${PAYLOAD_TYPES[kind]}`,
    'c=IN IP4 127.0.0.1',
    ...[
      ...[`mid:${mid}`, direction, 'rtcp-mux', `ice-ufrag:${usernameFragment}`, `ice-pwd:${password}`],
      `fingerprint:sha-256 ${end.dtlsParameters.fingerprints[0]!.value}`,
      ...['setup:passive', ...CODECS[kind], ...own, `candidate:${end.iceCandidate}`, 'end-of-candidates'],
    ].map((attribute) => `a=${attribute}`),
  ];
}

function description(mids: readonly string[], lines: readonly string[][]): string {
  const head = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0', `a=group:BUNDLE ${mids.join(' ')}`];
  return [...head, ...lines.flat(), ''].join('\r\n');
}
