import { randomUUID } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const OTHERS = 0o077;

/** A file that others may not read. Throws when it is not there, saying how it comes there, or when they may. */
export async function readPrivate(path: string, remedy: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new Error(`${path}: no such file: ${remedy}`);
  refuseOpen(path, found.mode);
  return readFile(path, 'utf8');
}

/** Writes a file of mode 600 whole or not at all. Its folder is made with 700; one that others may enter is refused. */
export async function writePrivate(path: string, text: string): Promise<void> {
  const folder = dirname(path);
  const made = await mkdir(folder, { recursive: true, mode: 0o700 });
  // Where the umask takes even from the owner.
  if (made !== undefined) await chmod(folder, 0o700);
  refuseOpen(folder, (await stat(folder)).mode);
  await replaceWhole(path, text);
}

/** Replaces a file by one of mode 600 that its owner alone may read: a reader finds the old one or the new one. */
export async function replaceWhole(path: string, text: string): Promise<void> {
  const draft = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.chmod(0o600);
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

function refuseOpen(path: string, mode: number): void {
  if ((mode & OTHERS) === 0) return;
  const wanted = (mode & 0o170000) === 0o040000 ? '700' : '600';
  throw new Error(
    `${path}: others can read it (mode ${(mode & 0o777).toString(8)}): chmod ${wanted} ${path}`,
  );
}
