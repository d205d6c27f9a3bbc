import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { inheritedEnv } from '../helpers/env.ts';
import type { Engine, EngineOptions } from './engine.ts';
import { writeEnvFile } from './env-file.ts';
import { root } from './paths.ts';
import { whenItAnswers } from './running-engine.ts';
import { reservePort } from './reserved-port.ts';
import { randomSecret } from './secrets.ts';

// Kestra migrates an empty Postgres at its first start; the image is fetched before, without a limit of ours.
const HEALTHY_SECONDS = 240;
const ANSWERS_MS = 30_000;
const STOP_SECONDS = 20;
/** The docker to run, and what its runs are given beside this process's environment. */
export interface Docker {
  command: string;
  variables: Record<string, string>;
}

const FILES = ['docker-compose.test.yml', 'stack/compose/docker-engine.yml'];
/** `!override` came with 2.24.4; tried with 2.40. */
const OLDEST = [2, 25] as const;

/**
 * Starts Kestra's official image and Postgres in containers of their own and waits until the API answers. `stop` removes
 * them with all they kept. Throws, in a sentence with its remedy, where Docker or its Compose is missing.
 */
export async function startDockerEngine(
  options: EngineOptions,
  docker: Docker = { command: 'docker', variables: {} },
): Promise<Engine> {
  const { folder, user, password, flowEnvironment } = options;
  if (options.database === 'file') {
    throw new Error(
      'The docker engine keeps no database on disk: leave out --database file, or STACK_ENGINE=docker.',
    );
  }
  await demandDocker(docker);

  const postgresPassword = randomSecret();
  writeEnvFile(join(folder, 'postgres.env'), { POSTGRES_PASSWORD: postgresPassword });
  writeEnvFile(join(folder, 'kestra.env'), {
    ...flowEnvironment,
    KESTRA_USER: user,
    KESTRA_PASSWORD: password,
    POSTGRES_PASSWORD: postgresPassword,
  });
  const [port, managementPort, postgresPort] = await Promise.all([
    reservePort(),
    reservePort(),
    reservePort(),
  ]);
  const variables = {
    ...docker.variables,
    ENGINE_FOLDER: folder,
    ENGINE_HOSTNAME: hostname(),
    ENGINE_PORT: String(port),
    ENGINE_MANAGEMENT_PORT: String(managementPort),
    ENGINE_POSTGRES_PORT: String(postgresPort),
  };
  const compose = new Compose({ ...docker, variables }, folder);

  try {
    await compose.remove(); // what a stack of this folder left that was killed
    await compose.run('pull', '--quiet', 'kestra', 'postgres');
    await compose.run('up', '--detach', '--wait', '--wait-timeout', String(HEALTHY_SECONDS), 'kestra');
    const ended = compose.followLog('kestra', join(folder, 'engine.log'));
    const address = {
      url: `http://127.0.0.1:${port}`,
      managementUrl: `http://127.0.0.1:${managementPort}`,
      user,
      password,
    };
    return {
      ...(await whenItAnswers(address, ANSWERS_MS)),
      ended,
      stop: async () => {
        await compose.remove();
        await ended;
      },
    };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const log = await compose.run('logs', '--no-color', '--tail', '30').catch(String);
    await compose.remove().catch(() => undefined);
    throw new Error(`Kestra did not start in Docker: ${reason}\n${log}`, { cause });
  }
}

async function demandDocker(docker: Docker): Promise<void> {
  const needs = 'STACK_ENGINE=docker needs Docker with Compose';
  const version = await run(docker, ['compose', 'version', '--short']).catch((cause: unknown) => {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const what = missing ? 'there is no command docker here' : '`docker compose version` fails';
    throw new Error(`${needs}, and ${what}: install it, or leave STACK_ENGINE out.`, { cause });
  });
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    throw new Error(`${needs} ${OLDEST.join('.')} or newer, and this is ${version.trim()}: update it.`);
  }
  await run(docker, ['version', '--format', '{{.Server.Version}}']).catch((cause: unknown) => {
    throw new Error(`${needs}, and its daemon does not answer: start it, or leave STACK_ENGINE out.`, {
      cause,
    });
  });
}

/** Compose on the project of one stack's folder. */
class Compose {
  readonly #docker: Docker;
  readonly #project: string[];

  constructor(docker: Docker, folder: string) {
    this.#docker = docker;
    this.#project = [
      'compose',
      `--project-name=funnel-${createHash('sha256').update(folder).digest('hex').slice(0, 8)}`,
      `--project-directory=${root}`,
      ...FILES.map((file) => `--file=${join(root, file)}`),
    ];
  }

  run(...command: string[]): Promise<string> {
    return run(this.#docker, [...this.#project, ...command]);
  }

  async remove(): Promise<void> {
    await this.run('down', '--volumes', '--timeout', String(STOP_SECONDS));
  }

  /** Writes a service's log into a file; settles when its container has ended, for whatever reason. */
  async followLog(service: string, file: string): Promise<void> {
    const command = [...this.#project, 'logs', '--follow', '--no-color', '--no-log-prefix', service];
    const child = start(this.#docker, command);
    child.stderr.resume();
    const output = pipeline(child.stdout, createWriteStream(file, { mode: 0o600 }));
    await Promise.all([once(child, 'exit'), output]);
  }
}

const start = ({ command, variables }: Docker, args: readonly string[]) =>
  spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: inheritedEnv(variables) });

/** What docker prints; throws with the end of what it says when it fails. */
async function run(docker: Docker, args: readonly string[]): Promise<string> {
  const child = start(docker, args);
  const ended = once(child, 'close') as Promise<[number | null]>;
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (code === 0) return output;
  const said = errors.trim().split('\n').slice(-3).join('\n');
  throw new Error(`docker ${args.filter((one) => !one.startsWith('--')).join(' ')} failed: ${said}`);
}
