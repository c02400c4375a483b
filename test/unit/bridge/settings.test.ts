import { describe, expect, it } from 'vitest';
import { loadBridgeConfig } from '../../../server/bridge/config.ts';

function load(uri: string) {
  const trunks = [{ name: 'office', uris: [uri], user: 'tertulia', domain: 'pbx.example.org' }];
  return loadBridgeConfig({
    argv: ['--config', 'bridge.yaml'],
    env: {},
    readFile: () => JSON.stringify({ trunks }),
  });
}

describe('The address of a PBX', () => {
  it.each(['wss://pbx.example.org/ws', 'ws://192.0.2.1:8088/?token=a@b'])('may be %s', (uri) => {
    expect(load(uri)).toMatchObject({ kind: 'config', config: { trunks: [{ uris: [uri] }] } });
  });

  it.each([
    ['https://pbx.example.org/', 'must begin with ws: or wss:'],
    ['pbx.example.org', 'must begin with ws: or wss:'],
    ['wss://me:secret@pbx.example.org/', 'must have no user or password'],
  ])('may not be %s, and the operator is told why, without what it is', (uri, problem) => {
    const loading = () => load(uri);
    expect(loading).toThrow(problem);
    expect(loading).not.toThrow('secret');
  });
});
