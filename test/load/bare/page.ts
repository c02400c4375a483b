/**
 * The least that joins: camera and microphone are open already; a click sends them and receives what others send.
 * It says in `document.body.dataset.state` how far it is.
 */
import { Device } from 'mediasoup-client';
import type { types } from 'mediasoup-client';
import { call } from './calls.ts';

/** The same layers and sound as the room client's. */
const CAMERA: Pick<types.ProducerOptions, 'encodings'> = {
  encodings: [
    { scaleResolutionDownBy: 4, maxBitrate: 150_000, scalabilityMode: 'L1T3' },
    { scaleResolutionDownBy: 2, maxBitrate: 500_000, scalabilityMode: 'L1T3' },
    { scaleResolutionDownBy: 1, maxBitrate: 1_700_000, scalabilityMode: 'L1T3' },
  ],
};
const MICROPHONE: Pick<types.ProducerOptions, 'codecOptions'> = {
  codecOptions: { opusFec: true, opusDtx: true, opusMaxAverageBitrate: 40_000 },
};

const url = location.href;
const stream = await navigator.mediaDevices.getUserMedia({
  audio: true,
  video: { width: { ideal: 1_280 }, height: { ideal: 720 } },
});
const button = document.createElement('button');
button.textContent = 'Join now';
button.onclick = () => void join();
document.body.append(button);
document.body.dataset['state'] = 'preview';

async function join(): Promise<void> {
  const device = new Device();
  await device.load({ routerRtpCapabilities: await call(url, 'capabilities', null) });
  const [sendOptions, receiveOptions, others] = await Promise.all([
    call(url, 'transport', null),
    call(url, 'transport', null),
    call(url, 'producers', null),
  ]);
  const receive = device.createRecvTransport(receiveOptions);
  const send = device.createSendTransport(sendOptions);
  for (const transport of [send, receive]) {
    transport.on('connect', ({ dtlsParameters }, done, failed) => {
      call(url, 'connect', { transportId: transport.id, dtlsParameters }).then(done, failed);
    });
  }
  send.on('produce', ({ kind, rtpParameters }, done, failed) => {
    call(url, 'produce', { transportId: send.id, kind, rtpParameters }).then((id) => done({ id }), failed);
  });
  await Promise.all([
    ...others.map((producerId) => show(device, receive, producerId)),
    ...stream
      .getTracks()
      .map((track) => send.produce({ track, ...(track.kind === 'video' ? CAMERA : MICROPHONE) })),
  ]);
  document.body.dataset['state'] = 'joined';
  addEventListener('pagehide', () => {
    navigator.sendBeacon(new URL('close', url), JSON.stringify([send.id, receive.id]));
  });
}

async function show(device: types.Device, transport: types.Transport, producerId: string): Promise<void> {
  const { recvRtpCapabilities: rtpCapabilities } = device;
  const options = await call(url, 'consume', { transportId: transport.id, producerId, rtpCapabilities });
  const { track, kind } = await transport.consume(options);
  const element = document.createElement(kind);
  element.autoplay = true;
  element.dataset['remote'] = '';
  element.srcObject = new MediaStream([track]);
  document.body.append(element);
  await call(url, 'resume', options.id);
}
