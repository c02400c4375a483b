/** A door of the app's on this machine alone, by which the successor passes on what is about rooms that are still here. */
import { createServer } from 'node:http';
import type { Server as HttpServer } from 'node:http';
import { listenLocally } from './sockets.ts';
import { takePeer } from './peer.ts';

/**
 * @param path of the socket to make
 * @returns closes it; connections go on
 */
export async function openLocalDoor(path: string, app: HttpServer): Promise<() => void> {
  const server = createServer((request, response) => {
    takePeer(request);
    app.emit('request', request, response);
  });
  server.on('upgrade', (request, socket, head) => {
    takePeer(request);
    app.emit('upgrade', request, socket, head);
  });
  await listenLocally(server, path);
  return () => server.close();
}
