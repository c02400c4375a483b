/** Debian's rtpengine, with the configuration of worker-config/rtpengine, on ports of its own. */
import { createSocket } from 'node:dgram';
import { freePorts } from '../server-process.ts';
import { ROOT } from '../paths.ts';
import { Daemon } from './daemon.ts';

/** Enough for the calls of one test. */
const MEDIA_PORTS = 80;

export interface Rtpengine {
  /** Where Kamailio finds it. */
  url: string;
  log: () => string;
  stop: () => Promise<void>;
}

export async function startRtpengine(): Promise<Rtpengine> {
  const [control, mediaBase] = [await freePorts(), await freePorts(MEDIA_PORTS)];
  const daemon = await Daemon.start({
    command: 'rtpengine',
    args: [
      '--foreground',
      '--log-stderr',
      `--config-file=${ROOT}worker-config/rtpengine/rtpengine.conf`,
      `--listen-ng=127.0.0.1:${control}`,
      `--port-min=${mediaBase}`,
      `--port-max=${mediaBase + MEDIA_PORTS - 1}`,
    ],
    isReady: () => answersPing(control),
  });
  return { url: `udp:127.0.0.1:${control}`, log: () => daemon.log, stop: () => daemon.stop() };
}

/** Asks in rtpengine's own protocol: a cookie, and a bencoded dictionary. */
async function answersPing(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  try {
    return await new Promise<boolean>((resolve) => {
      socket.on('message', (answer) => resolve(answer.includes('pong')));
      socket.on('error', () => resolve(false));
      socket.send('ready d7:command4:pinge', port, '127.0.0.1');
      setTimeout(() => resolve(false), 200);
    });
  } finally {
    socket.close();
  }
}
