import { parseArgs, type ParseArgsConfig } from 'node:util';

/** What was typed makes no sense. */
export class UsageError extends Error {}

/** What node's `parseArgs` reads. Throws UsageError. */
export function readArguments<const T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** Runs a command for its exit code: 2, with the usage, when what was typed makes no sense; 1 for any other error. */
export async function runCommand(usage: string, main: (args: string[]) => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    const mistyped = error instanceof UsageError;
    process.exitCode = mistyped ? 2 : 1;
    console.error(error instanceof Error ? error.message : error);
    if (mistyped) console.error(`\n${usage}`);
  }
}
