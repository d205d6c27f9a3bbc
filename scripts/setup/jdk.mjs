import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { env, inHome, isExecutable, Missing, note, onPath, subfolders } from './machine.mjs';
import { kestraVersion, OLDEST_JDK } from './kestra-versions.mjs';
import { download, downloadCommand, temurin, toolsFolder } from './download.mjs';
import { apt, packageCommand } from './packages.mjs';

// 25 has the AOT cache that makes the engine start in seconds; newer ones are untried.
const preferred = 25;

/** The feature release in a JDK's `release` file: 25 for "25.0.1". @param {string} release */
export function majorOf(release) {
  return Number(/^JAVA_VERSION="(\d+)/m.exec(release)?.[1] ?? 0);
}

/**
 * The JDK to take: the preferred release, else a newer one, else the newest of the older; never one below the floor.
 * @template {{ major: number }} T
 * @param {T[]} jdks @param {number} oldest
 */
export function choose(jdks, oldest) {
  const rank = (/** @type {T} */ { major }) =>
    major === preferred ? 1000 : major > preferred ? 500 - major : major;
  return jdks.filter(({ major }) => major >= oldest).sort((a, b) => rank(b) - rank(a))[0];
}

/** Reads a JDK home without starting it; a runtime without a compiler is none. @param {string} home */
function read(home) {
  const release = join(home, 'release');
  const executable = join(home, 'bin/java');
  if (!existsSync(release) || !isExecutable(executable) || !isExecutable(join(home, 'bin/javac'))) return [];
  return [{ home, major: majorOf(readFileSync(release, 'utf8')), ...note(executable) }];
}

function homes() {
  const brew = ['/opt/homebrew/opt', '/usr/local/opt', '/home/linuxbrew/.linuxbrew/opt'].flatMap(subfolders);
  const places = [
    ...(env.JAVA_HOME ? [env.JAVA_HOME] : []),
    ...onPath('java').map((java) => dirname(dirname(realpathSync(java)))),
    ...subfolders('/usr/lib/jvm'),
    ...subfolders(toolsFolder),
    ...subfolders('/opt'),
    ...subfolders(inHome('.jdks')),
    ...subfolders(inHome('.sdkman/candidates/java')),
    ...subfolders(inHome('.local/share/mise/installs/java')),
    ...subfolders(inHome('.asdf/installs/java')),
    ...subfolders('/Library/Java/JavaVirtualMachines'),
    ...subfolders(inHome('Library/Java/JavaVirtualMachines')),
    ...brew.filter((path) => path.includes('openjdk')).map((path) => join(path, 'libexec/openjdk.jdk')),
    ...brew.filter((path) => path.includes('openjdk')).map((path) => join(path, 'libexec')),
  ];
  return [...new Set(places.flatMap((place) => [place, join(place, 'Contents/Home')]))];
}

export const jdk = {
  name: 'JDK',

  async find() {
    const java = choose(homes().flatMap(read), OLDEST_JDK[kestraVersion(env.KESTRA_VERSION)]);
    return java && { java, detail: `${java.major}, ${java.home}` };
  },

  async install() {
    const version = kestraVersion(env.KESTRA_VERSION);
    const oldest = OLDEST_JDK[version];
    const packages = [...new Set([preferred, oldest])].map((major) => `openjdk-${major}-jdk-headless`);
    for (const name of packages) {
      const found = (await apt.install(name)) && (await jdk.find());
      if (found) return found;
    }
    const unpacked = (await download(temurin(preferred))) && (await jdk.find());
    if (unpacked) return unpacked;
    throw new Missing(
      `Kestra ${version} needs JDK ${oldest} or newer: there is none here, and none could be installed`,
      await commandFor(packages),
    );
  },
};

/** @param {string[]} packages Debian's, the preferred one first */
async function commandFor(packages) {
  for (const name of packages) if (await apt.offers(name)) return packageCommand({ ...elsewhere, apt: name });
  return apt.present
    ? downloadCommand(temurin(preferred))
    : packageCommand({ ...elsewhere, apt: '' }, downloadCommand(temurin(preferred)));
}

const elsewhere = {
  brew: `openjdk@${preferred}`,
  dnf: `java-${preferred}-openjdk-devel`,
  pacman: 'jdk-openjdk',
  apk: `openjdk${preferred}`,
};
