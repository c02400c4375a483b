/** Our bridge's media process as a mixer: its room also sends each caller's voice to the SFU, and hears a browser. */
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { parse } from 'sdp-transform';
import { openDecoder } from '../../../server/bridge/media/codec.ts';
import { MediaThread } from '../../../server/bridge/media/media-thread.ts';
import { readRtp, writeRtpWithLevel } from '../../../server/bridge/media/rtp.ts';
import { FRAME_SAMPLES, levelOf } from '../../../server/bridge/media/sound.ts';
import { childrenOf } from '../../helpers/process-tree.ts';
import type { Browser, Mixer } from './mixer.ts';
import { Ear, LOOP_FRAMES, openSocket } from './phones.ts';

const PROMPTS = fileURLToPath(new URL('../../../server/bridge/prompts', import.meta.url));
const OPUS = 100;
const LEVEL_ID = 10;
/** By which the SFU knows its browser, and the first phone. */
const BROWSER_SSRC = 4_000;
export const FIRST_PHONE_SSRC = 1;

/** As many voices as the SFU forwards to anybody, unless configured otherwise. */
const LOUDEST = 6;

/** @param hasOthers whether anybody but telephones is in the room */
export async function openBridge(hasOthers: boolean): Promise<Mixer & { browser: Browser }> {
  const others = new Set(childrenOf(process.pid).map(({ pid }) => pid));
  const thread = await MediaThread.start({ promptFolder: PROMPTS, logger: pino({ level: 'warn' }) });
  const pid = childrenOf(process.pid).find((child) => !others.has(child.pid))!.pid;
  const sfu = await openSocket();
  const ear = new Ear(await openDecoder('opus'));
  sfu.on('message', (packet) => {
    const rtp = readRtp(packet, LEVEL_ID);
    if (rtp?.ssrc === FIRST_PHONE_SSRC && rtp.payloadType === OPUS) ear.hear(rtp.payload);
  });
  const room = await thread.request('openRoom', {
    wantedVoices: hasOthers ? LOUDEST : 0,
    roomId: 'room',
    listenIp: '127.0.0.1',
    remote: { ip: '127.0.0.1', port: sfu.address().port },
    opusPayloadType: OPUS,
    levelExtensionId: LEVEL_ID,
  });
  await thread.request('addVoice', { roomId: 'room', ssrc: BROWSER_SSRC });
  const loud = levelOf(new Float32Array(FRAME_SAMPLES).fill(0.4));
  return {
    pid,
    browser: {
      ear,
      send(frame, isPulse, { pulse, silence, ticks }) {
        const payload = isPulse ? pulse : silence[frame % LOOP_FRAMES]!;
        const header = {
          ...{ payloadType: OPUS, ssrc: BROWSER_SSRC, marker: false },
          ...{ sequence: frame & 0xffff, timestamp: frame * ticks },
        };
        const packet = writeRtpWithLevel(header, payload, LEVEL_ID, isPulse ? loud : 127);
        sfu.send(packet, room.port, room.ip);
      },
    },
    async call(phone, codec) {
      const callId = `call-${phone.ssrc}`;
      const rate = codec === 'opus' ? '48000/2' : '8000';
      const offer = [
        'v=0',
        'o=- 1 1 IN IP4 127.0.0.1',
        's=-',
        'c=IN IP4 127.0.0.1',
        't=0 0',
        `m=audio ${phone.port} RTP/AVP ${phone.payloadType}`,
        `a=rtpmap:${phone.payloadType} ${codec}/${rate}`,
        '',
      ].join('\r\n');
      await thread.request('openCall', { callId, options: { listenIp: '127.0.0.1' } });
      const { sdp } = await thread.request('answer', { callId, sdp: offer });
      phone.answered('127.0.0.1', parse(sdp).media[0]!.port);
      await thread.request('placeCall', { callId, place: { roomId: 'room', ssrc: phone.ssrc } });
    },
    async lateness() {
      const { latenessP50Ms, latenessP99Ms } = await thread.request('stats', {});
      return { p50: latenessP50Ms, p99: latenessP99Ms };
    },
    async close() {
      sfu.close();
      await thread.close();
    },
  };
}
