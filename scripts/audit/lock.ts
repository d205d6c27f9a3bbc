import { z } from 'zod';

const Package = z.looseObject({
  version: z.string().optional(),
  integrity: z.string().optional(),
  resolved: z.string().optional(),
  link: z.boolean().optional(),
  hasInstallScript: z.boolean().optional(),
});
/** As much of package-lock.json as is looked at. */
export const LockFile = z.object({
  lockfileVersion: z.literal(3),
  packages: z.record(z.string(), Package),
});
export type LockFile = z.infer<typeof LockFile>;

export const Manifest = z.object({
  dependencies: z.record(z.string(), z.string()).default({}),
  devDependencies: z.record(z.string(), z.string()).default({}),
});
export type Manifest = z.infer<typeof Manifest>;

/** Packages that run a script of their own when they are installed, each looked at. */
const MAY_RUN = new Map([
  ['esbuild', 'puts its binary in place'],
  ['puppeteer', 'would fetch a browser; .puppeteerrc.cjs forbids it'],
]);
const EXACT = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/;

/** The name of the package that lies at a path of the lock file. */
export const nameAt = (path: string): string =>
  path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** What could bring other code than was looked at: a sentence each, nothing when there is none. Needs no network. */
export function lockFaults({ packages }: LockFile, { dependencies, devDependencies }: Manifest): string[] {
  const loose = Object.entries({ ...dependencies, ...devDependencies })
    .filter(([, version]) => !EXACT.test(version))
    .map(([name, version]) => `${name}: ${version} is no exact version`);
  const locked = Object.entries(packages).filter(([path]) => path !== '');
  return [
    ...loose,
    ...locked.flatMap(([path, { integrity, resolved, link, hasInstallScript }]) => {
      const name = nameAt(path);
      return [
        ...(link ? [`${path}: a link to another folder`] : []),
        ...(!link && !integrity?.startsWith('sha512-')
          ? [`${path}: no sha512 to hold its content against`]
          : []),
        ...(resolved !== undefined && !/^https:\/\/[^/]+\/.+\.tgz$/.test(resolved)
          ? [`${path}: comes from elsewhere than a registry`]
          : []),
        ...(hasInstallScript && !MAY_RUN.has(name)
          ? [`${path}: runs a script when it is installed; look at it, then name it in scripts/audit/lock.ts`]
          : []),
      ];
    }),
  ];
}
