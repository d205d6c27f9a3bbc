import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { findSetup } from '../../stack/setup-file.ts';

/** The interpreter that set-up found, else the one on the path. */
export function pythonCommand(): string {
  return findSetup()?.python.executable ?? 'python3';
}

interface PythonCall {
  python?: string;
  args?: readonly string[];
  /** What it is started for, as its failure tells. */
  why: string;
}

/** Runs a program that lies beside this one: JSON in, JSON out. */
export async function runPython(
  program: string,
  input: unknown,
  { python = pythonCommand(), args = [], why }: PythonCall,
): Promise<unknown> {
  const path = fileURLToPath(new URL(program, import.meta.url));
  const child = spawn(python, ['-I', '-B', path, ...args]);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', (cause) =>
      reject(new Error(`${python} cannot be started ${why}. Run: npm run setup`, { cause })),
    );
    child.on('close', resolve);
  });
  // One that ends early breaks the pipe; its exit code tells more than that.
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify(input));
  const [code, answer, errors] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  if (code !== 0) throw new Error(`${python} failed ${why} (exit code ${code}): ${errors}`);
  return JSON.parse(answer) as unknown;
}
