/** A new version takes over where the server has a certificate: with a newer one, as the old one may end soon. */
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, it, vi } from 'vitest';
import { selfSignedCredentials } from '../../../server/http/tls.ts';
import { certificateAt } from '../../helpers/certificate.ts';
import { closeLibrary } from '../../helpers/rtc-end.ts';
import { SignalledParticipant } from '../../helpers/signalled-participant.ts';
import { Upgrades } from '../../helpers/upgrades.ts';
import { until } from '../../helpers/wait.ts';

/** Several servers are started one after the other, in ms. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const upgrades = new Upgrades();
let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tertulia-https-'));
});
afterEach(async () => {
  await upgrades.close();
  await rm(dir, { recursive: true, force: true });
});
afterAll(() => closeLibrary());

/** Settings with a new certificate, and how that is known. */
async function certificate(name: string): Promise<{ env: Record<string, string>; fingerprint: string }> {
  const { cert, key } = await selfSignedCredentials(join(dir, name), ['localhost', '127.0.0.1']);
  const [certFile, keyFile] = [join(dir, `${name}.pem`), join(dir, `${name}.key.pem`)];
  await Promise.all([writeFile(certFile, cert), writeFile(keyFile, key)]);
  const fingerprint = new X509Certificate(cert).fingerprint256;
  return { env: { TLS_CERT: certFile, TLS_KEY: keyFile }, fingerprint };
}

const mediaPort = ({ answer }: SignalledParticipant): number => answer.transports.send.iceCandidates[0]!.port;

it('People in a room of the old one are met and heard over HTTPS at the new one, which has its own certificate', async () => {
  const [first, second] = [await certificate('first'), await certificate('second')];
  const old = await upgrades.first(first.env);
  expect((await certificateAt(old.port)).fingerprint256).toBe(first.fingerprint);
  const ana = await SignalledParticipant.join(old.url, 'old', 'Ana');
  const voice = await ana.microphone();
  voice.microphone.speak();

  const next = await upgrades.next(old, second.env);
  expect((await certificateAt(next.port)).fingerprint256).toBe(second.fingerprint);
  const carla = await SignalledParticipant.join(next.url, 'old', 'Carla');
  expect(carla.answer.participants.map(({ name }) => name).sort()).toEqual(['Ana', 'Carla']);
  await until(
    'Carla hears Ana',
    () => carla.heardIn(100),
    (heard) => heard.includes(voice.publicationId),
  );
  const diego = await SignalledParticipant.join(next.url, 'new', 'Diego');
  expect(old.rtcPorts).toContain(mediaPort(carla));
  expect(old.rtcPorts).not.toContain(mediaPort(diego));

  await ana.leave();
  carla.signal.mutter('leave', {});
  carla.vanish();
  expect(await old.ended()).toBe(0);
  await diego.leave();
});
