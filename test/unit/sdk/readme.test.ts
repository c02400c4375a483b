/** The example in the package's README, held against the package. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { ROOT } from '../../helpers/paths.ts';

const SDK = join(ROOT, 'client/sdk');

function example(): string {
  const [, code] = /```ts\n(.*?)```/s.exec(readFileSync(join(SDK, 'README.md'), 'utf8')) ?? [];
  if (code === undefined) throw new Error('The README has no example.');
  return code;
}

/** What the compiler finds wrong with each program of an app, as strictly as with the package's own sources. */
function problemsOf(...programs: string[]): string[][] {
  const files = new Map(programs.map((code, i) => [join(SDK, `example-${i}.ts`), code]));
  const parsed = ts.getParsedCommandLineOfConfigFile(
    join(ROOT, 'tsconfig.json'),
    {
      noEmit: true,
      paths: {
        '@tertulia/client': [join(SDK, 'index.ts')],
        '@tertulia/client/devices': [join(SDK, 'devices.ts')],
      },
    },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} },
  );
  if (!parsed) throw new Error('There are no settings of the compiler.');
  const host = ts.createCompilerHost(parsed.options);
  const { readFile, fileExists } = host;
  host.readFile = (path) => files.get(path) ?? readFile(path);
  host.fileExists = (path) => files.has(path) || fileExists(path);
  const program = ts.createProgram([...files.keys()], parsed.options, host);
  return [...files.keys()].map((path) =>
    program
      .getSemanticDiagnostics(program.getSourceFile(path))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
  );
}

it('the example in the README fits the package', { timeout: 60_000 }, () => {
  const [found, foundInWrong] = problemsOf(example(), example().replace('client.join()', 'client.enter()'));
  expect(found).toEqual([]);
  expect(foundInWrong).toEqual([expect.stringContaining("'enter' does not exist")]);
});
