import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { certificateAt } from '../../helpers/certificate.ts';
import { ROOT, SERVER_MAIN } from '../../helpers/paths.ts';
import { ServerProcess } from '../../helpers/server-process.ts';
import { SignalClient } from '../../helpers/signal-client.ts';
import { until } from '../../helpers/wait.ts';

/** Servers are started one after the other, in ms. */
vi.setConfig({ testTimeout: 60_000 });

/** Runs the server's command to its end. */
function run(args: string[], env: Record<string, string>) {
  return spawnSync(process.execPath, [SERVER_MAIN, ...args], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    encoding: 'utf8',
    timeout: 20_000,
  });
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('The server process', () => {
  let server: ServerProcess | null = null;

  afterEach(async () => {
    await server?.close();
    server = null;
  });

  it('prints its settings when asked for help', () => {
    const { status, stdout } = run(['--help'], {});
    expect(status).toBe(0);
    expect(stdout).toContain('ANNOUNCED_ADDRESS');
  });

  it('does not start with a wrong setting, and names it', () => {
    const { status, stderr } = run([], { PORT: 'eighty' });
    expect(status).toBe(1);
    expect(stderr).toContain('PORT');
    expect(stderr).not.toContain('at ');
  });

  it('does not start where another one serves, and leaves no worker behind', async () => {
    server = await ServerProcess.start();
    const dir = await mkdtemp(join(tmpdir(), 'tertulia-second-'));
    try {
      const { status, stderr } = run([], {
        PORT: String(server.port),
        RTC_PORT_BASE: '0',
        RTC_LISTEN: '127.0.0.1',
        DATA_DIR: dir,
        MEDIASOUP_WORKER_BIN: process.env['MEDIASOUP_WORKER_BIN'] ?? '',
      });
      expect(status).toBe(1);
      expect(stderr).toMatch(/EADDRINUSE.*127\.0\.0\.1/);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });

  it('stops clean when nobody is there: exit code 0, no worker left', async () => {
    server = await ServerProcess.start({ env: { DRAIN_SECONDS: '60' } });
    const workers = server.workers();
    expect(workers).toHaveLength(2);
    expect(await server.stop()).toBe(0);
    expect(workers.filter(isAlive)).toEqual([]);
  });

  it('lets rooms go on for a while, takes no new ones, then ends them', async () => {
    server = await ServerProcess.start({ env: { DRAIN_SECONDS: '2' } });
    const [ana, ben] = [await SignalClient.connect(server.url), await SignalClient.connect(server.url)];
    await ana.join('room', 'Ana');
    const stopped = server.stop();
    await ana.told('serverDraining');
    expect((await fetch(new URL('health/ready', server.url))).status).toBe(503);
    expect((await fetch(new URL('health/live', server.url))).status).toBe(200);
    expect(await ben.refusal('join', { version: 1, room: 'new', name: 'Ben' })).toMatchObject({
      code: 'server-draining',
    });
    await ana.ask('chat', { text: 'We still talk.' });
    expect(await ana.told('ended')).toEqual({ type: 'ended', reason: 'server-stopping', by: null });
    expect(await stopped).toBe(0);
  });

  it('does not outlive its last room when it drains', async () => {
    server = await ServerProcess.start({ env: { DRAIN_SECONDS: '3600' } });
    const ana = await SignalClient.connect(server.url);
    await ana.join('room', 'Ana');
    const stopped = server.stop();
    await ana.told('serverDraining');
    await ana.ask('leave', {});
    expect(await stopped).toBe(0);
  });

  it('leaves no worker behind when it is killed, and finds what was acknowledged when it is started again', async () => {
    server = await ServerProcess.start();
    const ana = await SignalClient.connect(server.url);
    await ana.join('room', 'Ana');
    await ana.ask('chat', { text: 'Remember me.' });
    const workers = server.workers();
    await server.kill();
    await until(
      'all workers are gone',
      () => workers.filter(isAlive),
      (alive) => alive.length === 0,
    );
    await server.run();
    const again = await SignalClient.connect(server.url);
    const { chat } = await again.join('room', 'Ana');
    expect(chat.map(({ text }) => text)).toEqual(['Remember me.']);
    again.close();
  });

  it('serves HTTPS with a certificate of its own, the same after a restart', async () => {
    server = await ServerProcess.start({ env: { TLS_SELF_SIGNED: 'true' } });
    const first = await certificateAt(server.port);
    expect(first.subjectaltname).toContain('IP Address:127.0.0.1');
    expect(first.subjectaltname).toContain('DNS:localhost');
    const client = await SignalClient.connect(server.url);
    expect((await client.join('room', 'Ana')).participants).toHaveLength(1);
    client.close();
    await server.stop();
    await server.run();
    expect((await certificateAt(server.port)).fingerprint256).toBe(first.fingerprint256);
  });
});
