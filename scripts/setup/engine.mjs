import {
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { kestraVersion, setupCommand } from './kestra-versions.mjs';
import { env, hash, hashOfFiles, Missing, root, run, setupFolder, tail } from './machine.mjs';

/**
 * @typedef {{ executable: string, home: string, major: number, changedAt: number | undefined }} Java
 * @typedef {{ executable: string }} Tool
 * @typedef {{ java: Java, maven: Tool, python: Tool, engine: { classPath: string[] }, aot?: { key: string, path: string | null } }} Setup
 */

const source = join(root, 'stack/kestra');
const jvmOptions = join(source, 'jvm.options');

// Each version has folders and files of its own, so that neither rebuilds the other.
const inSetup = (/** @type {string} */ name) =>
  join(setupFolder, name.replace('*', kestraVersion(env.KESTRA_VERSION)));
const command = () => setupCommand(kestraVersion(env.KESTRA_VERSION));

// The cache is only valid for the same jars in the same order.
function builtClassPath() {
  const target = join(source, 'target', kestraVersion(env.KESTRA_VERSION));
  const engine = join(target, 'engine.jar');
  const libraries = join(target, 'lib');
  if (!existsSync(engine) || !existsSync(libraries)) return undefined;
  const jars = readdirSync(libraries).filter((name) => name.endsWith('.jar'));
  return [engine, ...jars.sort().map((name) => join(libraries, name))];
}

/** Changes with the engine's sources of that version. @param {import('./kestra-versions.mjs').KestraVersion} version */
export const sourcesKey = (version) =>
  hashOfFiles(['pom.xml', 'src/main', `src/kestra-${version[0]}`].map((part) => join(source, part)));

export const engineJars = {
  name: "engine's jars",

  /** @param {{ engine?: { key: string, classPath: string[] } }} setup */
  async find({ engine }) {
    const classPath = builtClassPath();
    if (!engine || !classPath || engine.key !== sourcesKey(kestraVersion(env.KESTRA_VERSION)))
      return undefined;
    return { engine: { key: engine.key, classPath }, detail: `${classPath.length} jars` };
  },

  /** @param {Setup} setup */
  async install({ java, maven }) {
    const version = kestraVersion(env.KESTRA_VERSION);
    // Maven leaves in both what pom and sources no longer have.
    for (const made of ['lib', 'classes']) {
      rmSync(join(source, 'target', version, made), { recursive: true, force: true });
    }
    const key = sourcesKey(version);
    const { ok, output } = await run(
      maven.executable,
      ['-q', '-B', '-f', join(source, 'pom.xml'), `-Dkestra.version=${version}`, 'package'],
      {
        env: { ...env, JAVA_HOME: java.home },
      },
    );
    const buildLog = inSetup('engine-build-*.log');
    writeFileSync(buildLog, output);
    const classPath = ok && builtClassPath();
    if (!classPath) throw new Missing(`the engine did not build (${buildLog}):\n${tail(output)}`, command());
    return { engine: { key, classPath }, detail: `${classPath.length} jars` };
  },
};

/** @param {Setup} setup */
function cacheKey({ java, engine }) {
  const jars = engine.classPath.map((jar) => {
    const { size, mtimeMs } = statSync(jar);
    return `${jar} ${size} ${mtimeMs}`;
  });
  return hash(...jars, readFileSync(join(java.home, 'release')), readFileSync(jvmOptions));
}

/** @param {Record<string, string>} values */
const flags = (values) => Object.entries(values).flatMap(([name, value]) => [`--${name}`, value]);

export const aotCache = {
  name: 'AOT cache',
  /** What to say before a long step. */
  takes: 'takes about 40 s, once',

  /** @param {Setup} setup */
  async find(setup) {
    if (setup.java.major < 25)
      return { aot: { key: '', path: null }, detail: `none: needs JDK 25, this is ${setup.java.major}` };
    const { aot } = setup;
    if (!aot?.path || !existsSync(aot.path) || aot.key !== cacheKey(setup)) return undefined;
    return { aot };
  },

  /** Runs the engine through a typical short life and keeps what the JVM learned. @param {Setup} setup */
  async install(setup) {
    const path = inSetup('engine-*.aot');
    const folder = inSetup('training-*');
    const trainingLog = inSetup('aot-cache-*.log');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const hosts = join(folder, 'hosts');
    writeFileSync(hosts, `127.0.0.1 localhost ${hostname()}\n`);
    const log = openSync(trainingLog, 'w');
    const { ok } = await run(
      setup.java.executable,
      [
        `@${jvmOptions}`,
        `-XX:AOTCacheOutput=${path}.new`,
        `-Djdk.net.hosts.file=${hosts}`,
        '-cp',
        setup.engine.classPath.join(delimiter),
        'dev.funnel.engine.Main',
        '--train',
        ...flags({
          port: '0',
          'management-port': '0',
          user: 'training@funnel.test',
          'data-dir': join(folder, 'data'),
          'log-file': join(folder, 'engine.log'),
        }),
      ],
      {
        stdio: ['ignore', log, log],
        env: {
          ...env,
          KESTRA_PASSWORD: 'Training-1',
          PATH: `${dirname(setup.python.executable)}${delimiter}${env.PATH ?? ''}`,
        },
      },
    );
    if (!ok || !existsSync(`${path}.new`)) {
      throw new Missing(
        `the engine's training run failed (${trainingLog}):\n${tail(readFileSync(trainingLog, 'utf8'))}`,
        command(),
      );
    }
    renameSync(`${path}.new`, path);
    rmSync(folder, { recursive: true, force: true });
    return { aot: { key: cacheKey(setup), path }, detail: `${Math.round(statSync(path).size / 1e6)} MB` };
  },
};
