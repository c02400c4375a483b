// Lint rules. Run by `npm run check`; an editor needs to be told the name of this file.

import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** Libraries that one folder owns; the reasons are the design's. */
const LIBRARIES = {
  mediasoup: {
    regex: '^mediasoup($|/)',
    message:
      'Only server/sfu talks to mediasoup. Elsewhere use the Media port in server/conference/ports.ts.',
  },
  fastify: {
    regex: '^(fastify|@fastify)($|/)',
    message:
      'Only server/http and server/main.ts know Fastify. Elsewhere take a function or a port as a parameter.',
  },
  socketIo: {
    regex: '^socket\\.io($|/)',
    message:
      'Only server/signalling and server/main.ts know socket.io. Elsewhere use what server/conference returns.',
  },
  sqlite: {
    regex: '^node:sqlite$',
    message:
      'Only server/store talks to the database. Elsewhere use the ports in server/conference/ports.ts.',
  },
  jose: {
    regex: '^(jose|openid-client)($|/)',
    message: 'Only server/access reads and signs tokens. Elsewhere use what it returns.',
  },
  mediasoupClient: {
    regex: '^(mediasoup-client|socket\\.io-client)($|/)',
    message:
      'Only client/sdk talks to the server. The interface uses client/sdk, so that it can be tested without.',
  },
  jssip: {
    regex: '^jssip($|/)',
    message:
      'Only server/bridge/sip and client/phone/agent know JsSIP. Elsewhere use their Call, Trunk and Agent.',
  },
};

/** Folders of the server that the named others may not import: imports go downwards only. */
const FOLDERS = {
  main: { regex: '/main(\\.ts)?$', message: 'Nothing imports main.ts: it puts the parts together.' },
  http: {
    regex: '/http/',
    message: 'Imports go downwards only: main → http → conference. Move the shared part down.',
  },
  signalling: {
    regex: '/signalling/',
    message: 'Imports go downwards only: main → signalling → conference. Move the shared part down.',
  },
  sfu: {
    regex: '/sfu/',
    message: 'The SFU is handed over by main.ts as a Media (server/conference/ports.ts).',
  },
  store: {
    regex: '/store/',
    message: 'The store is handed over by main.ts as a port (server/conference/ports.ts).',
  },
  access: {
    regex: '/access/',
    message: 'Who may do what is handed over by main.ts as a function or a port of the one who asks.',
  },
  webhooks: {
    regex: '/webhooks/',
    message: 'Webhooks hear of rooms as an Observer (server/conference/ports.ts), handed over by main.ts.',
  },
  setup: { regex: '/setup/', message: 'Set-up runs before the server and is no part of it.' },
  client: {
    regex: '/client/',
    message: 'The server does not know the client. What both need is in the contract.',
  },
};

const { mediasoup, fastify, socketIo, sqlite, jose, mediasoupClient, jssip } = LIBRARIES;
const { main, http, sfu, store, access, webhooks, setup, client } = FOLDERS;

/** The contract's types are words that all parts share; its schemas belong to the door, server/signalling. */
const contractTypes = {
  regex: '/signalling/contract(\\.ts$|/)',
  allowTypeImports: true,
  message: 'Only types of the contract may be used here (import type): parsing is done in server/signalling.',
};
const contractOnly = {
  regex: '(^|/)server/(?!signalling/contract(\\.ts$|/))',
  message: 'The client knows of the server the contract only: server/signalling/contract.ts.',
};
const signallingItself = { ...FOLDERS.signalling, regex: '/signalling/(?!contract(\\.ts$|/))' };

/** A later entry replaces an earlier one for the same file: each names all that its files may not import. */
function mayNotImport(files, ...patterns) {
  return { files, rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] } };
}

const IMPORT_RULES = [
  mayNotImport(
    ['server/**'],
    ...[main, setup, client, mediasoup, fastify, socketIo, sqlite, jose, mediasoupClient, jssip],
  ),
  mayNotImport(['server/main.ts'], setup, client, mediasoup, sqlite, jose, mediasoupClient),
  mayNotImport(
    ['server/http/**'],
    ...[main, setup, client, sfu, store, webhooks, mediasoup, socketIo, sqlite, jose, mediasoupClient],
  ),
  mayNotImport(
    ['server/access/**'],
    ...[main, setup, client, http, signallingItself, sfu, store, webhooks],
    ...[mediasoup, fastify, socketIo, sqlite, mediasoupClient],
  ),
  mayNotImport(
    ['server/webhooks/**'],
    ...[main, setup, client, http, signallingItself, contractTypes, sfu, store, access],
    ...[mediasoup, fastify, socketIo, sqlite, jose, mediasoupClient],
  ),
  mayNotImport(
    ['server/signalling/**'],
    ...[main, setup, client, http, sfu, store, access, webhooks],
    ...[mediasoup, fastify, sqlite, jose, mediasoupClient],
  ),
  mayNotImport(
    ['server/sfu/**'],
    ...[main, setup, client, http, signallingItself, contractTypes, store, access, webhooks],
    ...[fastify, socketIo, sqlite, jose, mediasoupClient],
  ),
  mayNotImport(
    ['server/store/**'],
    ...[main, setup, client, http, signallingItself, contractTypes, sfu],
    ...[mediasoup, fastify, socketIo, jose, mediasoupClient],
  ),
  mayNotImport(
    ['server/conference/**'],
    {
      regex: '^(?!\\./|\\.\\./signalling/contract(\\.ts$|/))',
      message:
        'server/conference is plain TypeScript without I/O and imports nothing from outside its folder. ' +
        'Declare what you need as a port in ports.ts; main.ts hands it over.',
    },
    contractTypes,
  ),
  mayNotImport(['server/setup/**'], main, client, mediasoup, fastify, socketIo, sqlite, mediasoupClient),
  // The one place that tries a worker before the server is there.
  mayNotImport(['server/setup/worker-verify.ts'], main, client, fastify, socketIo, sqlite, mediasoupClient),
  // A process of its own: of the server it has what every program of ours has.
  mayNotImport(
    ['server/bridge/**'],
    ...[main, setup, client, http, signallingItself, sfu, store, access, webhooks],
    ...[mediasoup, fastify, socketIo, sqlite, jose, mediasoupClient, jssip],
  ),
  mayNotImport(
    ['server/bridge/sip/**'],
    ...[main, setup, client, http, signallingItself, sfu, store, access, webhooks],
    ...[mediasoup, fastify, socketIo, sqlite, jose, mediasoupClient],
  ),
  mayNotImport(
    ['server/bridge/link/**'],
    ...[main, setup, client, http, signallingItself, sfu, store, access, webhooks],
    ...[mediasoup, fastify, socketIo, sqlite, jose, jssip],
  ),
  mayNotImport(['client/**'], contractOnly, jssip),
  mayNotImport(['client/app/**', 'client/phone/**'], contractOnly, mediasoupClient, jssip),
  mayNotImport(['client/phone/agent/**'], contractOnly, mediasoupClient, {
    regex: '^react($|/)|\\.tsx$',
    message: 'The web phone’s agent has no page: it tells by plain states, which client/phone/ui shows.',
  }),
];

export default tseslint.config(
  { ignores: ['**/dist/**', 'coverage/**', 'data/**', '**/node_modules/**'] },
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { '@typescript-eslint': tseslint.plugin },
  },
  js.configs.recommended,
  {
    rules: {
      'max-lines': ['error', 400],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unsafe-type-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      // Numbers read well in messages; objects and undefined do not, and stay forbidden.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // A React handler may be asynchronous: its failures are handled inside, by no-floating-promises' rule.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      // A schema without fields, as of an event without payload, is meant.
      '@typescript-eslint/no-generated-empty-object-type': 'off',
      // Handlers and ports are asynchronous by contract, whether or not one of them has to wait.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['server/**', 'client/**', 'worker-config/**'],
    ignores: ['server/config.ts', 'server/main.ts', 'server/bridge/run.ts', 'server/setup/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message:
            'Settings come from server/config.ts, which checks them and documents them. Take a parameter.',
        },
      ],
    },
  },
  ...IMPORT_RULES,
  { files: ['client/**/*.{ts,tsx}'], extends: [reactHooks.configs.flat.recommended] },
  // Set-up and the few lines before the log exists talk to a person at a terminal.
  {
    files: ['server/setup/**', 'server/main.ts', 'server/bridge/run.ts', 'test/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['test/**/*.{ts,tsx}'],
    rules: {
      // A test may take for granted what it has just made: the failure is the test's own.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-type-assertion': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: {
      globals: Object.fromEntries(
        ['process', 'console', 'setTimeout', 'setInterval', 'clearInterval'].map((name) => [
          name,
          'readonly',
        ]),
      ),
    },
  },
);
