import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../../helpers/api-client.ts';
import { ServerProcess } from '../../helpers/server-process.ts';

describe('The command for keys', () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await ServerProcess.start({ env: { WORKERS: '1' } });
  });
  afterAll(() => server.close());

  it('takes keys away while the server runs, and says what went wrong without a stack', async () => {
    const client = await ApiClient.of(server, 'rooms:read');
    expect((await client.call('GET', 'rooms')).status).toBe(200);
    const [id = ''] = (await server.command('keys', 'list')).split(' ');
    await server.command('keys', 'remove', id);
    expect((await client.call('GET', 'rooms')).status).toBe(401);
    const failure = await server.command('keys', 'remove', id).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 1, stderr: `There is no key ${id}.\n` });
  });
});
