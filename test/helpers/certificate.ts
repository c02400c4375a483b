import { once } from 'node:events';
import { connect } from 'node:tls';
import type { PeerCertificate } from 'node:tls';

/** The certificate that a server on this machine shows, whoever has signed it. */
export async function certificateAt(port: number): Promise<PeerCertificate> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const certificate = socket.getPeerCertificate();
  socket.destroy();
  return certificate;
}
