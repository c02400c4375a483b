import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Seconds in ms. */
const s = (seconds: number): number => seconds * 1_000;

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  test: {
    // One after the other: media has deadlines, and should not have to share two cores with everything else.
    projects: [
      {
        test: {
          name: 'unit',
          include: ['unit/**/*.test.ts'],
          testTimeout: s(10),
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'integration',
          include: ['integration/**/*.test.ts'],
          globalSetup: 'helpers/setup/worker-present.ts',
          testTimeout: s(30),
          hookTimeout: s(30),
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'browser',
          include: ['browser/**/*.test.ts'],
          globalSetup: ['helpers/setup/worker-present.ts', 'helpers/setup/browser-present.ts'],
          testTimeout: s(60),
          hookTimeout: s(60),
          // Browsers on a busy machine take their time.
          expect: { poll: { timeout: s(15) } },
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'telephony',
          include: ['telephony/**/*.test.ts'],
          globalSetup: [
            ...['helpers/setup/worker-present.ts', 'helpers/setup/browser-present.ts'],
            'helpers/setup/asterisk-present.ts',
          ],
          testTimeout: s(60),
          // Up to ten programs are started before a file, browsers and a PBX among them.
          hookTimeout: s(120),
          expect: { poll: { timeout: s(15) } },
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
