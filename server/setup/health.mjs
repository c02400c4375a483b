// The image's HEALTHCHECK: asks the server in this container whether it lives. Exits with 0 if so, else with 1.

import http from 'node:http';
import https from 'node:https';

const port = process.env['PORT'] || '3000';
const basePath = (process.env['BASE_PATH'] ?? '').replace(/\/+$/, '');

/** Resolves to whether the server answers with success; a certificate is not checked, as it names another host. */
function isAlive(client, path) {
  return new Promise((resolve) => {
    const request = client.get(
      { host: '127.0.0.1', port, path, timeout: 2000, rejectUnauthorized: false },
      (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}

const paths = new Set(['/health/live', `${basePath}/health/live`]);
const attempts = [...paths].flatMap((path) => [http, https].map((client) => isAlive(client, path)));
process.exitCode = (await Promise.all(attempts)).includes(true) ? 0 : 1;
