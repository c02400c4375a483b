// `npm run check`: lint, format and types. Runs them all, so that one failure doesn't hide another.

import { ROOT, inRoot } from './paths.ts';
import { formatSeconds } from './progress.ts';
import { runVisibly } from './run.ts';
import { runAsProcess } from './step.ts';

const CHECKS = [
  { name: 'Types', file: 'typescript/bin/tsc', args: ['--noEmit', '-p', 'tsconfig.json'] },
  {
    name: 'Lint',
    file: 'eslint/bin/eslint.js',
    args: ['--config', '.eslint.config.js', '--max-warnings', '0', '.'],
  },
  { name: 'Format', file: 'prettier/bin/prettier.cjs', args: ['--check', '--log-level', 'warn', '.'] },
] as const;

await runAsProcess(async () => {
  const failed: string[] = [];
  for (const { name, file, args } of CHECKS) {
    const startedMs = Date.now();
    const code = await runVisibly(process.execPath, [inRoot('node_modules', file), ...args], { cwd: ROOT });
    if (code !== 0) failed.push(name);
    console.log(
      `${name}: ${code === 0 ? 'fine' : 'failed'} (${formatSeconds((Date.now() - startedMs) / 1000)})`,
    );
  }
  return failed.length === 0 ? 0 : 1;
});
