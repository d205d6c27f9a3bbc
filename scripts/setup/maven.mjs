import { join } from 'node:path';
import { env, isExecutable, Missing, note, onPath, subfolders, unchanged } from './machine.mjs';
import { apacheMaven, download, downloadCommand, toolsFolder } from './download.mjs';
import { apt, packageCommand } from './packages.mjs';

export const maven = {
  name: 'Maven',

  /** @param {{ maven?: import('./machine.mjs').Noted }} setup */
  async find({ maven: noted }) {
    if (unchanged(noted)) return { maven: noted, detail: noted.executable };
    const homes = env.MAVEN_HOME ? [join(env.MAVEN_HOME, 'bin/mvn')] : [];
    const brewed = ['/opt/homebrew/bin/mvn', '/usr/local/bin/mvn'];
    const unpacked = subfolders(toolsFolder).map((folder) => join(folder, 'bin/mvn'));
    const executable = [...homes, ...onPath('mvn'), ...brewed, ...unpacked].find(isExecutable);
    return executable && { maven: note(executable), detail: executable };
  },

  async install() {
    const found = (await apt.install('maven')) && (await maven.find({}));
    if (found) return found;
    const unpacked = (await download(apacheMaven)) && (await maven.find({}));
    if (unpacked) return unpacked;
    throw new Missing(
      'no Maven here, and it could not be installed',
      await packageCommand(
        { brew: 'maven', apt: 'maven', dnf: 'maven', pacman: 'maven', apk: 'maven' },
        downloadCommand(apacheMaven),
      ),
    );
  },
};
