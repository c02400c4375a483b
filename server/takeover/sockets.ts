/**
 * Where servers of one folder find each other: unix sockets, two a server, under a name that is new at each start. What
 * a server leaves behind that was killed is removed by the next.
 */
import { once } from 'node:events';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import type { Server, Socket } from 'node:net';
import { join } from 'node:path';

/** Ends of the names. */
const TALK = '.talk';
const PASS = '.pass';

export interface SocketPaths {
  /** For what the two servers say to each other. */
  talk: string;
  /** For requests that are passed on. */
  pass: string;
}

export function socketPaths(dataDir: string, id: string): SocketPaths {
  const base = join(folderOf(dataDir), id);
  return { talk: `${base}${TALK}`, pass: `${base}${PASS}` };
}

/** Nobody else may connect to it. */
export async function listenLocally(server: Server, path: string): Promise<void> {
  const previous = process.umask(0o077);
  try {
    // Bound before this returns.
    server.listen({ path });
  } finally {
    process.umask(previous);
  }
  await once(server, 'listening');
}

/** Connections to the servers that run on this folder. */
export async function connectToAll(dataDir: string): Promise<Socket[]> {
  const folder = folderOf(dataDir);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const ids = readdirSync(folder)
    .filter((name) => name.endsWith(TALK))
    .map((name) => name.slice(0, -TALK.length));
  const sockets = await Promise.all(ids.map((id) => connectTo(socketPaths(dataDir, id))));
  return sockets.filter((socket) => socket !== null);
}

async function connectTo({ talk, pass }: SocketPaths): Promise<Socket | null> {
  const socket = connect(talk);
  try {
    await once(socket, 'connect');
    return socket;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code !== 'ECONNREFUSED' && code !== 'ENOENT') throw error;
    for (const path of [talk, pass]) rmSync(path, { force: true });
    return null;
  }
}

function folderOf(dataDir: string): string {
  return join(dataDir, 'running');
}
