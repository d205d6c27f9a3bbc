import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

/** Everything a running stack writes; ignored by git. */
export const stackFolder = join(root, '.stack');

/** The reference website's code. */
export const websiteFolder = join(root, 'stack/website');

/** Where a kept stack (`npm run stack`) tells its addresses. A run's own stack has its file in a folder of its own. */
export const keptStackFile = join(stackFolder, 'stack.json');
