import { type LockFile, nameAt } from './lock.ts';

/** One library in the words of CycloneDX. */
export interface Component {
  type: 'library';
  name: string;
  version: string;
  purl: string;
}

/** The packages of the lock file, each version once. */
export function npmComponents({ packages }: LockFile): Component[] {
  const found = Object.entries(packages).flatMap(([path, { version }]) => {
    if (path === '' || version === undefined) return [];
    const name = nameAt(path);
    return [
      [
        `${name}@${version}`,
        component(name, version, `pkg:npm/${name.replace('@', '%40')}@${version}`),
      ] as const,
    ];
  });
  return [...new Map(found).values()];
}

const COORDINATES = /^\s+([\w.-]+):([\w.-]+):jar:(?:[\w.-]+:)?([\w.-]+):(?:compile|runtime)\b/gm;

/** The engine's libraries, as Maven's `dependency:list` names them: `group:artifact:jar:version:scope`. */
export const mavenComponents = (list: string): Component[] =>
  [...list.matchAll(COORDINATES)].map(([, group = '', artifact = '', version = '']) =>
    component(`${group}:${artifact}`, version, `pkg:maven/${group}/${artifact}@${version}`),
  );

/** Names that are there in more than one version: on a class path it is chance which of them is loaded. */
export function doubled(components: readonly Component[]): string[] {
  const versions = new Map<string, Set<string>>();
  for (const { name, version } of components)
    versions.set(name, (versions.get(name) ?? new Set()).add(version));
  return [...versions]
    .filter(([, all]) => all.size > 1)
    .map(([name, all]) => `${name}: ${[...all].join(', ')}`);
}

/** A list of libraries that scanners with a database of advisories read: CycloneDX 1.5. */
export const bomOf = (components: readonly Component[]) => ({
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  version: 1,
  components: [...components].sort((one, other) => one.purl.localeCompare(other.purl)),
});

const component = (name: string, version: string, purl: string): Component => ({
  type: 'library',
  name,
  version,
  purl,
});
