/**
 * Media ports, fuzzed while people speak: STUN, DTLS, RTP and RTCP, changed or made up, from strangers by UDP and TCP, and
 * from somebody in the room whose packets are encrypted as they should be. Media goes on, and no worker is lost. The
 * same for the bridge, beside a telephone call. For longer runs see `test/helpers/fuzz.ts`.
 */
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestMedia } from '../../helpers/bridge-media.ts';
import { FUZZ_TIMEOUT_MS, fuzzRun } from '../../helpers/fuzz.ts';
import { mediaPackets } from '../../helpers/media-packets.ts';
import { RtcEnd, closeLibrary } from '../../helpers/rtc-end.ts';
import type { RtpPhone } from '../../helpers/rtp-phone.ts';
import { SignalClient } from '../../helpers/signal-client.ts';
import { SignalledParticipant } from '../../helpers/signalled-participant.ts';
import { SignalledServer } from '../../helpers/signalled-server.ts';
import { SyntheticCamera } from '../../helpers/synthetic-media.ts';
import { loudness } from '../../helpers/telephony/tones.ts';
import { closed, sleep, until } from '../../helpers/wait.ts';

const MOST_PACKETS = 40;
/** Within which the media process answers if it is not stuck, however busy the machine is. */
const ANSWER_MS = 15_000;

afterAll(closeLibrary);

/** What is too little of a packet to be encrypted never leaves its sender, whose library says so in many ways. */
function ifPossible(send: () => void): void {
  try {
    send();
  } catch {
    // As good as lost on the way.
  }
}

describe('The media ports of workers', () => {
  let server: SignalledServer;
  let speaker: SignalledParticipant;
  let listener: SignalledParticipant;
  let voice: string;
  let mallory: SignalClient;
  let inside: RtcEnd;
  let stranger: Socket;
  let udpPort: number;
  let tcpPort: number;
  let context: { ssrc: number; stunUsername: string };

  beforeAll(async () => {
    server = await SignalledServer.start();
    speaker = await SignalledParticipant.join(server.url, 'room', 'Speaker');
    listener = await SignalledParticipant.join(server.url, 'room', 'Listener');
    const { microphone, publicationId } = await speaker.microphone();
    voice = publicationId;
    microphone.speak();
    mallory = await SignalClient.connect(server.url);
    const { transports } = await mallory.join('room', 'Mallory');
    inside = new RtcEnd(transports.send);
    await mallory.ask('connectTransport', { direction: 'send', dtlsParameters: inside.dtlsParameters });
    await inside.connected();
    const camera = new SyntheticCamera(inside);
    const { rtpParameters } = camera;
    await mallory.ask('publish', { source: 'camera', rtpParameters, muted: false });
    context = {
      ssrc: rtpParameters.encodings?.[0]?.ssrc ?? 0,
      stunUsername: `${transports.send.iceParameters.usernameFragment}:x`,
    };
    const portOf = (wanted: string) =>
      transports.send.iceCandidates.find(({ protocol }) => protocol === wanted)?.port ?? 0;
    [udpPort, tcpPort] = [portOf('udp'), portOf('tcp')];
    stranger = createSocket('udp4');
  });
  afterAll(async () => {
    stranger.close();
    inside.close();
    mallory.close();
    speaker.vanish();
    listener.vanish();
    await server.close();
  });

  /** As ICE has it over TCP: each packet after its length (RFC 4571). */
  async function sendByTcp(packets: readonly Buffer[]): Promise<void> {
    const socket = connect(tcpPort, '127.0.0.1');
    for (const packet of packets) {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(packet.length);
      socket.write(Buffer.concat([length, packet]));
    }
    socket.end();
    socket.resume();
    await closed(socket);
  }

  const ways: Record<string, (packets: readonly Buffer[]) => void | Promise<void>> = {
    'strangers by UDP': (packets) => {
      for (const packet of packets) stranger.send(packet, udpPort, '127.0.0.1');
    },
    'strangers by TCP': sendByTcp,
    'somebody in the room': (packets) => {
      for (const packet of packets) ifPossible(() => inside.send(packet));
    },
  };

  it.each(Object.entries(ways))(
    'go on with whatever comes from %s',
    async (_, send) => {
      const [worker] = server.sfu.sfu.workers;
      const packets = fc.array(
        mediaPackets(() => context),
        { minLength: 1, maxLength: MOST_PACKETS, size: 'max' },
      );
      await fc.assert(
        fc.asyncProperty(packets, async (all) => {
          await send(all);
          const before = listener.packetsOf(voice);
          await until(
            'the speaker is heard',
            () => listener.packetsOf(voice),
            (count) => count > before,
            { everyMs: 5 },
          );
        }),
        fuzzRun(),
      );
      expect(server.sfu.sfu.workers[0]?.pid).toBe(worker?.pid);
      expect(listener.signal.events.map(({ type }) => type)).not.toContain('mediaReset');
      expect(server.logged.filter((line) => line.includes('"level":50'))).toEqual([]);
    },
    FUZZ_TIMEOUT_MS,
  );
});

describe.each(['plain', 'sdes', 'dtls'] as const)('The media port of a call, %s', (kind) => {
  let media: TestMedia;
  let stranger: Socket;
  let phone: RtpPhone;
  let callId: string;

  beforeAll(async () => {
    media = await TestMedia.start();
    stranger = createSocket('udp4');
    ({ phone, callId } = await media.call({ kind, tone: 440 }));
    await media.hears(callId);
  });
  afterAll(async () => {
    stranger.close();
    await media.close();
  });

  /** The phone hears what the bridge plays, and the bridge understands its keys. */
  async function isWell(): Promise<void> {
    phone.heard();
    await media.thread.request('play', { callId, prompts: ['en/welcome'] });
    await until(
      'the phone hears the prompt',
      () => loudness(phone.heard()),
      (level) => level > -50,
    );
    // The first may look like an older one than what was sent in its name.
    await until(
      'a key is understood',
      async () => {
        await phone.key('7');
        return media.told('digit', callId).at(-1)?.digit;
      },
      (digit) => digit === '7',
    );
  }

  it(
    'goes on with whatever comes from strangers, and from the phone',
    async () => {
      // In the clear as the phone itself. Encrypted beside it, or the phone could count its own packets no more.
      const ssrcOf = (own: number) => (kind === 'plain' ? own : own ^ 1) >>> 0;
      const packets = mediaPackets(() => ({ ssrc: ssrcOf(phone.ssrc), stunUsername: 'x:y' }));
      const batch = fc.array(fc.record({ packet: packets, isPhone: fc.boolean() }), {
        ...{ minLength: 1, maxLength: MOST_PACKETS, size: 'max' },
      });
      await fc.assert(
        fc.asyncProperty(batch, async (all) => {
          for (const { packet, isPhone } of all) {
            if (isPhone) ifPossible(() => phone.sendRaw(packet));
            else stranger.send(packet, phone.remotePort, '127.0.0.1');
          }
          const answered = media.thread.request('stats', {}).then(() => true);
          expect(await Promise.race([answered, sleep(ANSWER_MS).then(() => false)])).toBe(true);
        }),
        fuzzRun(),
      );
      await isWell();
    },
    FUZZ_TIMEOUT_MS,
  );
});
