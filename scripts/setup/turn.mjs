import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setupFolder } from './machine.mjs';

const file = join(setupFolder, 'lock');

/** @type {Promise<void> | undefined} */
let turn;

/** Resolves when no other set-up in this folder installs anything. The turn lasts as long as this process. */
export const myTurn = () => (turn ??= takeTurn());

async function takeTurn() {
  for (let told = false; !take();) {
    const holder = holderOrNone();
    if (holder === undefined) continue;
    if (!told) console.log(`  Another set-up is at work (process ${holder}): waiting`);
    told = true;
    await sleep(500);
  }
  process.once('exit', () => rmSync(file, { force: true }));
}

function take() {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
}

/** The living process that has its turn; the file of a dead one is removed. */
function holderOrNone() {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    process.kill(pid, 0);
    return pid;
  } catch {
    rmSync(file, { force: true });
    return undefined;
  }
}
