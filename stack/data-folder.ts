import { createHash } from 'node:crypto';
import { accessSync, constants, statfsSync } from 'node:fs';
import { join } from 'node:path';

const MEMORY = '/dev/shm';
/** A whole run needs some 50 MB. A container's default is 64 MB, which would do until it did not. */
const ENOUGH_BYTES = 512 * 2 ** 20;

/**
 * Where the engine of the stack in `folder` keeps files and its tasks' working folders. Each Python task copies its modules
 * there, so a stack that forgets everything at its end has it in memory, where this machine has enough.
 */
export function dataFolderOf(folder: string, database: 'memory' | 'file'): string {
  if (database === 'file' || !hasMemoryFolder()) return join(folder, 'data');
  return join(MEMORY, `funnel-e2e-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`);
}

function hasMemoryFolder(): boolean {
  try {
    accessSync(MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= ENOUGH_BYTES;
  } catch {
    return false;
  }
}
