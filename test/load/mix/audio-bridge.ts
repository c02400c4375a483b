/** Janus's AudioBridge as a mixer, with the same plain RTP, at the same 16 kHz. */
import { JanusSession } from '../generator/systems/janus-session.ts';
import { JanusProcess } from '../janus/process.ts';
import type { Mixer } from './mixer.ts';

const PLUGIN = 'janus.plugin.audiobridge';
const ROOM = 1;

interface Place {
  ip: string;
  port: number;
}

export async function openAudioBridge(): Promise<Mixer> {
  const janus = await JanusProcess.start();
  const session = await JanusSession.open(janus.url);
  const room = { room: ROOM, sampling_rate: 16_000, allow_rtp_participants: true };
  await session.request(await session.attach(PLUGIN), { request: 'create', ...room });
  return {
    pid: janus.pid,
    async call(phone, codec) {
      const rtp = { ip: '127.0.0.1', port: phone.port, payload_type: phone.payloadType };
      const body = { request: 'join', room: ROOM, codec: codec.toLowerCase(), rtp };
      const { data } = await session.request(await session.attach(PLUGIN), body);
      const { ip, port } = data['rtp'] as Place;
      phone.answered(ip, port);
    },
    lateness: () => Promise.resolve(null),
    async close() {
      await session.close();
      await janus.close();
    },
  };
}
