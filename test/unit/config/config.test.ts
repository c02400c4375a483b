import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from '../../../server/config.ts';
import { groups } from '../../../server/config/settings.ts';
import { about } from '../../../server/config/setting.ts';

interface Sources {
  argv?: string[];
  env?: Record<string, string>;
  file?: string;
}

function load({ argv = [], env = {}, file }: Sources) {
  const readFile = (path: string) => {
    if (file === undefined) throw new Error(`ENOENT: no such file, open '${path}'`);
    return file;
  };
  return loadConfig({ argv, env, readFile });
}

function configOf(sources: Sources) {
  const loaded = load(sources);
  if (loaded.kind !== 'config') throw new Error('It is help.');
  return loaded.config;
}

function problemsOf(sources: Sources): string {
  try {
    load(sources);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('It was accepted.');
}

describe('Numbers to dial in', () => {
  it('are known by their country, and written as there', () => {
    const numbers = [
      { number: '+54 (11) 5252-5252', label: 'Buenos Aires', language: 'es' },
      { number: '+34910000000' },
      { number: '700' },
    ];
    const config = configOf({ env: { DIAL_IN_NUMBERS: JSON.stringify(numbers) } });
    expect(config.dialInNumbers).toEqual([
      {
        ...{ number: '+541152525252', written: '+54 11 5252 5252', country: 'AR' },
        ...{ label: 'Buenos Aires', language: 'es' },
      },
      {
        ...{ number: '+34910000000', written: '+34 910 00 00 00', country: 'ES' },
        label: null,
        language: null,
      },
      { ...{ number: '700', written: '700', country: null }, label: null, language: null },
    ]);
  });

  it.each(['[{"number": "call me"}]', '[{"number": "+54", "language": "Spanish"}]', '+54 11 5252 5252'])(
    'are refused if they are none: %s',
    (numbers) => {
      expect(problemsOf({ env: { DIAL_IN_NUMBERS: numbers } })).toContain('DIAL_IN_NUMBERS');
    },
  );
});

describe('Settings', () => {
  it('all have defaults that fit, and words', () => {
    expect(configOf({})).toMatchObject({ host: '127.0.0.1', port: 3000, rtcListen: [], tlsCert: null });
    const described = Object.values(groups).flatMap((group) =>
      Object.values(group).map((schema) => about.get(schema)),
    );
    expect(described.every((words) => words && words.meaning.endsWith('.') && words.byDefault !== '')).toBe(
      true,
    );
    expect(new Set(described.map((words) => words?.env)).size).toBe(described.length);
  });

  it('come from the environment before the file, and from the file before the default', () => {
    const file = 'port: 4000\nworkers: 3\ntrustedProxies: [10.0.0.1]';
    const config = configOf({ argv: ['--config', 'x.yml'], env: { PORT: '5000' }, file });
    expect(config).toMatchObject({ port: 5000, workers: 3, trustedProxies: ['10.0.0.1'], loudest: 6 });
    expect(configOf({ env: { CONFIG_FILE: 'x.yml' }, file }).port).toBe(4000);
  });

  it('are read from text as what they are', () => {
    const config = configOf({
      env: {
        TLS_SELF_SIGNED: 'true',
        TRUSTED_PROXIES: '10.0.0.0/8, ::1',
        RTC_LISTEN: '192.0.2.1=meet.example.org,2001:db8::1',
        ICE_SERVERS: '[{"urls":["turn:turn.example.org"],"username":"u","credential":"c"}]',
        ALLOWED_ORIGINS: 'https://app.example.org/page, http://localhost:5173',
        BASE_PATH: '/meet/',
        WORKERS: '',
      },
    });
    expect(config).toMatchObject({
      tlsSelfSigned: true,
      trustedProxies: ['10.0.0.0/8', '::1'],
      rtcListen: [{ ip: '192.0.2.1', announcedAddress: 'meet.example.org' }, { ip: '2001:db8::1' }],
      iceServers: [{ urls: ['turn:turn.example.org'] }],
      allowedOrigins: ['https://app.example.org', 'http://localhost:5173'],
      basePath: '/meet',
      workers: 0,
    });
  });

  it('name themselves when they are wrong, all at once', () => {
    const problems = problemsOf({
      argv: ['--config=x.yml'],
      env: { PORT: '99999', WORKERS: 'many', TRUSTED_PROXIES: '10.0.0.1,proxy' },
      file: 'loudest: 0\nlodest: 6',
    });
    expect(problems).toMatch(/^ {2}PORT: .*65535.*99999/m);
    expect(problems).toMatch(/^ {2}WORKERS: .*"many"/m);
    expect(problems).toMatch(/^ {2}TRUSTED_PROXIES\.1: /m);
    expect(problems).toMatch(/^ {2}x\.yml: loudest: /m);
    expect(problems).toMatch(/^ {2}x\.yml: there is no setting lodest$/m);
  });

  it('never show what is secret', () => {
    expect(problemsOf({ env: { METRICS_TOKEN: 'short-secret' } })).not.toContain('short-secret');
    expect(problemsOf({ env: { ICE_SERVERS: '[{"urls":["x"],"credential":"hidden"}]' } })).not.toContain(
      'hidden',
    );
    const unreadable = problemsOf({ argv: ['--config=x.yml'], file: 'port: "80\nmetricsToken: hidden' });
    expect(unreadable).toMatch(/^ {2}x\.yml: .* at line 2, column 21$/m);
    expect(unreadable).not.toContain('hidden');
  });

  it.each([
    [{ env: { TLS_CERT: 'a.pem' } }, /^ {2}TLS_CERT: needs TLS_KEY/m],
    [{ env: { TLS_KEY: 'a.pem' } }, /^ {2}TLS_KEY: needs TLS_CERT/m],
    [{ argv: ['--config=x.yml'], file: 'tlsCert: a.pem' }, /^ {2}x\.yml: tlsCert: needs TLS_KEY/m],
    [{ env: { RTC_PORT_BASE: '65530', WORKERS: '8' } }, /RTC_PORT_BASE: .*65537/],
    [{ env: { ICE_SERVERS: '[{"urls":["stun:a"],"user":"u"}]' } }, /^ {2}ICE_SERVERS\.0: .*user/m],
    [{ env: { TLS_CERT: 'a', TLS_KEY: 'b', TLS_SELF_SIGNED: 'true' } }, /TLS_SELF_SIGNED/],
    [{ env: { RTC_LISTEN: '192.0.2.1', ANNOUNCED_ADDRESS: '203.0.113.7' } }, /ANNOUNCED_ADDRESS/],
    [{ argv: ['--prot', '80'] }, /--prot/],
    [{ argv: ['--config', 'gone.yml'] }, /gone\.yml: ENOENT/],
    [{ argv: ['--config', 'x.yml'], file: '- 1\n- 2' }, /x\.yml: must have lines/],
    [{ argv: ['--config', 'x.yml'], file: 'port: [' }, /x\.yml: /],
  ])('contradict each other or make no sense: %j', (sources: Sources, problem) => {
    expect(problemsOf(sources)).toMatch(problem);
  });

  it('are all in the help, which fits a terminal', () => {
    const help = load({ argv: ['--help'], env: { PORT: 'wrong' } });
    if (help.kind !== 'help') throw new Error('It is no help.');
    for (const group of Object.values(groups)) {
      for (const [key, schema] of Object.entries(group)) {
        expect(help.text).toContain(`${about.get(schema)?.env} (${key})`);
      }
    }
    expect(Math.max(...help.text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });
});
