// What set-up may ask of the machine: files and commands. Plain Node: it runs before `npm ci`.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  readFileSync,
  readdirSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const setupFolder = join(root, '.setup');
export const isRoot = process.getuid?.() === 0;
export const isMac = process.platform === 'darwin';

/** What the shell and `.env` say; the shell wins. */
export const env = { ...readDotenv(), ...process.env };

function readDotenv() {
  const file = join(root, '.env');
  return existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
}

/** Something that set-up can't provide; `command` is the one that would. */
export class Missing extends Error {
  /** @param {string} message @param {string} command */
  constructor(message, command) {
    super(message);
    this.command = command;
  }
}

/** `~/x` as an absolute path. @param {...string} parts */
export const inHome = (...parts) => join(homedir(), ...parts);

/** Folders in `folder`, with full paths; none when there is no such folder. @param {string} folder */
export function subfolders(folder) {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** @param {string} path */
export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Every executable of that name on PATH, first match first. @param {string} name */
export function onPath(name) {
  return (env.PATH ?? '')
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, name))
    .filter(isExecutable);
}

/** When the file last changed, or undefined when it is gone. @param {string} path */
function changedAt(path) {
  try {
    return statSync(realpathSync(path)).mtimeMs;
  } catch {
    return undefined;
  }
}

/** @typedef {{ executable: string, changedAt: number | undefined }} Noted */

/** Notes an executable so that a later run need not ask it for its version again. @param {string} executable */
export const note = (executable) => ({ executable, changedAt: changedAt(executable) });

/** True while a noted executable is the one that was noted. @param {Noted | undefined} noted @returns {noted is Noted} */
export const unchanged = (noted) =>
  noted !== undefined && noted.changedAt !== undefined && changedAt(noted.executable) === noted.changedAt;

/** @param {...(string | Uint8Array)} parts */
export function hash(...parts) {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part).update('\0');
  return sum.digest('hex');
}

/** The same order everywhere, whatever the locale. @param {string} a @param {string} b */
const byName = (a, b) => (a < b ? -1 : Number(a > b));

/** A hash over the names and contents of all files under `paths`. @param {string[]} paths */
export function hashOfFiles(paths) {
  const files = paths.flatMap((path) =>
    !existsSync(path)
      ? []
      : statSync(path).isFile()
        ? [path]
        : readdirSync(path, { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile())
            .map((entry) => join(entry.parentPath, entry.name)),
  );
  return hash(...files.toSorted(byName).flatMap((file) => [file.slice(root.length), readFileSync(file)]));
}

/**
 * Runs a command to its end. Never throws: look at `ok`.
 * @param {string} command @param {string[]} args @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<{ ok: boolean, stdout: string, output: string }>}
 */
export function run(command, args, options = {}) {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let stdout = '';
  let output = '';
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
    output += chunk;
  });
  child.stderr?.on('data', (chunk) => (output += chunk));
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ ok: false, stdout, output: output + error.message }));
    child.once('close', (code) => resolve({ ok: code === 0, stdout, output }));
  });
}

/** The last lines of a text, for messages; none much wider than a screen. @param {string} text @param {number} [lines] */
export function tail(text, lines = 25) {
  const last = text.trimEnd().split('\n').slice(-lines);
  return last.map((line) => line.slice(0, 200)).join('\n');
}
