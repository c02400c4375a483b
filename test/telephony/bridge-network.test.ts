/** Callers on bad networks, as another caller in the room hears them: loss, jitter and reordering on real sockets. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RtpPhone } from '../helpers/rtp-phone.ts';
import type { RtpPhoneOptions } from '../helpers/rtp-phone.ts';
import { RtpRelay } from '../helpers/rtp-relay.ts';
import type { Weather } from '../helpers/rtp-relay.ts';
import { startBridge } from '../helpers/telephony/bridge.ts';
import type { TestBridge } from '../helpers/telephony/bridge.ts';
import { HostilePbx } from '../helpers/telephony/hostile-pbx.ts';
import { PbxCall } from '../helpers/telephony/pbx-call.ts';
import { levelOf, levelsOf, loudness } from '../helpers/telephony/tones.ts';
import { sleep, until } from '../helpers/wait.ts';

const ROOM = '12';
const NUMBER = '810';
const TONE = 440;
const RATE = 16_000;
/** In dB: what is louder is no hole in a tone of -14. */
const HOLE = -40;
const LISTEN_MS = 4_000;
/** A busy machine makes holes of its own, but not each time. */
const MOST_TRIES = 5;

let pbx: HostilePbx;
let bridge: TestBridge;

beforeAll(async () => {
  pbx = await HostilePbx.open();
  bridge = await startBridge({
    kamailio: pbx,
    rooms: { [ROOM]: null },
    trunk: { rooms: { [NUMBER]: ROOM } },
    settings: { pingSeconds: 60 },
  });
});
afterAll(async () => {
  await bridge.stop();
  pbx.close();
});

interface Caller {
  phone: RtpPhone;
  relay: RtpRelay;
  /** How long the bridge holds the caller's packets, in ms. */
  bufferMs: () => Promise<number>;
  hangUp: () => Promise<void>;
}

/** Calls the room by a network that can get bad. */
async function call(from: string, options: RtpPhoneOptions): Promise<Caller> {
  const relay = await RtpRelay.open();
  const phone = await RtpPhone.open({ ...options, saysPort: relay.portOfPhone });
  const guests = bridge.door.guests.length;
  const made = await PbxCall.invite(pbx, { from, number: NUMBER, sdp: phone.description() });
  const bridgePort = Number(/^m=audio (\d+) /m.exec(made.sdp)?.[1]);
  const port = relay.connect(bridgePort);
  phone.connect(made.sdp.replace(`m=audio ${bridgePort} `, `m=audio ${port} `));
  await until(
    `${from} arrives`,
    () => bridge.door.guests.length,
    (count) => count > guests,
  );
  const { id: callId } = bridge.door.last.caller;
  return {
    ...{ phone, relay },
    bufferMs: async () => (await bridge.thread.request('callStats', { callId })).bufferMs,
    hangUp: async () => {
      await made.hangUp();
      phone.close();
      relay.close();
    },
  };
}

describe.each(['PCMU', 'opus'] as const)('a caller with %s', (codec) => {
  let speaker: Caller;
  let listener: Caller;

  beforeAll(async () => {
    listener = await call('listener', {});
    speaker = await call('speaker', { codec, tone: TONE });
    await until(
      'the prompts are over, and the tone is all that is heard',
      async () => {
        listener.phone.heard();
        await sleep(500);
        const heard = listener.phone.heard();
        return loudness(heard) - levelOf(TONE, heard, RATE);
      },
      (others) => others < 2,
      { timeoutMs: 25_000 },
    );
  });
  afterAll(async () => {
    await speaker.hangUp();
    await listener.hangUp();
  });

  /** Listens once. @returns the tone's level in dB as it mostly is, and the part of the time in which it is not heard */
  async function listen(): Promise<{ level: number; holes: number }> {
    listener.phone.heard();
    await sleep(LISTEN_MS);
    const heard = listener.phone.heard();
    const levels = levelsOf(TONE, heard, RATE);
    return {
      level: levels[levels.length >> 1] ?? -120,
      holes: levels.filter((each) => each < HOLE).length / levels.length,
    };
  }

  /** Expects to hear the tone with no more than so many holes. */
  async function isHeard(weather: Weather, mostHoles: number): Promise<void> {
    const { relay } = speaker;
    relay.weather = weather;
    Object.assign(relay.counts, { passed: 0, lost: 0, overtaken: 0 });
    // The buffer learns what jitter there is.
    await sleep(2_000);
    for (let tries = 1; ; tries += 1) {
      const { level, holes } = await listen();
      const { passed, lost, overtaken } = relay.counts;
      console.log(
        `${codec}, ${JSON.stringify(weather)}: tone ${level.toFixed(1)} dB, ${(100 * holes).toFixed(1)} % holes; ` +
          `${lost} of ${lost + passed} lost, ${overtaken} overtaken, held for ${await speaker.bufferMs()} ms`,
      );
      if (holes > mostHoles && tries < MOST_TRIES) continue;
      expect(holes).toBeLessThanOrEqual(mostHoles);
      expect(level).toBeGreaterThan(-20);
      return;
    }
  }

  test.each([0.05, 0.1])('of whose packets %f are lost is heard without holes', async (loss) => {
    // Without concealment, there would be as many holes as losses.
    await isHeard({ loss, jitterMs: 0 }, loss / 3);
    const { lost, passed } = speaker.relay.counts;
    expect(lost / (lost + passed), 'the relay loses').toBeGreaterThan(loss / 2);
  });

  test('whose packets are delayed, and overtake each other, is heard without holes', async () => {
    await isHeard({ loss: 0, jitterMs: 80 }, 0.02);
    expect(speaker.relay.counts.overtaken, 'the relay reorders').toBeGreaterThan(50);
    const bufferMs = await speaker.bufferMs();
    expect(bufferMs).toBeGreaterThanOrEqual(80);
    expect(bufferMs).toBeLessThanOrEqual(200);
  });
});
