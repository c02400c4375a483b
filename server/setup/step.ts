import { SetupError } from './errors.ts';
import { Interrupted, stopCommandsOnSignal } from './run.ts';

/**
 * Runs a step of set-up as the whole of this process: shows its failure, and ends with the exit code that it returns.
 */
export async function runAsProcess(step: (args: readonly string[]) => Promise<number>): Promise<void> {
  stopCommandsOnSignal();
  try {
    process.exitCode = await step(process.argv.slice(2));
  } catch (error) {
    if (error instanceof SetupError || error instanceof Interrupted) console.error(`\n${error.message}`);
    else console.error(error);
    process.exitCode = error instanceof Interrupted ? error.exitCode : 1;
  }
}
