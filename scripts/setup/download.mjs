// Tools that unpack and run without root, for systems whose package manager has none that will do.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isMac, run, setupFolder } from './machine.mjs';

export const toolsFolder = join(setupFolder, 'tools');

/** Temurin's newest build of a feature release, for this system. @param {number} major */
export function temurin(major) {
  const os = isMac ? 'mac' : 'linux';
  const arch = process.arch === 'arm64' ? 'aarch64' : 'x64';
  return `https://api.adoptium.net/v3/binary/latest/${major}/ga/${os}/${arch}/jdk/hotspot/normal/eclipse`;
}

export const apacheMaven =
  'https://archive.apache.org/dist/maven/maven-3/3.9.11/binaries/apache-maven-3.9.11-bin.tar.gz';

/** The command that unpacks an archive where set-up looks for tools. @param {string} url */
export const downloadCommand = (url) =>
  `mkdir -p .setup/tools && curl -fsSL --connect-timeout 10 ${url} | tar -xz -C .setup/tools`;

/** Runs that command; false when it failed. @param {string} url */
export async function download(url) {
  mkdirSync(toolsFolder, { recursive: true });
  return (await run('sh', ['-c', downloadCommand(url)])).ok;
}
