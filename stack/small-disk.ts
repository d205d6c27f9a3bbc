import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { inheritedEnv } from '../helpers/env.ts';

const SIZE = '64m';

/**
 * Makes the disk, answers each word it is told, and lives until nobody tells it any more. The disk is seen by whoever
 * joins this process's view of the file system, and gone with the last of them.
 */
const HOLDER = `
  mkdir -p "$1" && mount -t tmpfs -o size=${SIZE} small-disk "$1" || exit 1
  shift
  for folder; do mkdir -p "$folder"; done
  echo ready
  while read -r word; do
    case "$word" in
      fill) dd if=/dev/zero of="$MOUNTED/ballast" bs=64k 2>/dev/null; echo filled ;;
      clear) rm -f "$MOUNTED/ballast"; echo cleared ;;
    esac
  done
`;

/** Users who may make no disk may make one that only their own processes see, where the kernel lets them. */
const UNSHARED = ['unshare', '--user', '--map-root-user', '--mount'] as const;

/** Whether this machine lets its user make such a disk. */
export async function canHaveSmallDisk(): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const [command, ...args] = UNSHARED;
  const child = spawn(
    command,
    [...args, 'sh', '-c', 'mount -t tmpfs -o size=1m try /tmp && command -v nsenter'],
    {
      stdio: 'ignore',
    },
  );
  return new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}

/** A disk of 64 MB that nobody needs to be root for, and that can be filled to the last byte. */
export class SmallDisk {
  readonly #holder: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  private constructor(holder: ChildProcess, answers: AsyncIterator<string>) {
    this.#holder = holder;
    this.#answers = answers;
  }

  /** Makes it, with these folders on it. */
  static async at(path: string, folders: readonly string[]): Promise<SmallDisk> {
    mkdirSync(path, { recursive: true });
    const [command, ...args] = UNSHARED;
    const holder = spawn(command, [...args, 'sh', '-c', HOLDER, 'small-disk', path, ...folders], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: inheritedEnv({ MOUNTED: path }),
    });
    const disk = new SmallDisk(holder, createInterface({ input: holder.stdout })[Symbol.asyncIterator]());
    await disk.#hear('ready');
    return disk;
  }

  /** The command that runs another where this disk is seen. */
  within(folder: string): string[] {
    return [
      'nsenter',
      `--target=${this.#holder.pid}`,
      '--user',
      '--mount',
      '--preserve-credentials',
      `--wd=${folder}`,
    ];
  }

  /** Not one more byte finds room on it. */
  async fill(): Promise<void> {
    await this.#tell('fill', 'filled');
  }

  async clear(): Promise<void> {
    await this.#tell('clear', 'cleared');
  }

  async close(): Promise<void> {
    if (this.#holder.exitCode !== null || this.#holder.signalCode !== null) return;
    const ended = once(this.#holder, 'exit');
    this.#holder.stdin?.end();
    await ended;
  }

  async #tell(word: string, answer: string): Promise<void> {
    this.#holder.stdin?.write(`${word}\n`);
    await this.#hear(answer);
  }

  async #hear(word: string): Promise<void> {
    const { value, done } = await this.#answers.next();
    if (done || value !== word)
      throw new Error(`The small disk said "${done ? 'nothing' : value}", expected "${word}".`);
  }
}
