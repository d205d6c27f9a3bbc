import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BUDGET } from '../helpers/budgets.ts';
import { dialectOf } from '../helpers/clients/kestra-dialect.ts';
import { KestraTransport } from '../helpers/clients/kestra-transport.ts';
import { deploy } from '../scripts/flows/deploy.ts';
import { websiteVariables } from '../helpers/website-variables.ts';
import { checkFolder } from '../scripts/flows/validate.ts';
import { startAlerts } from './alerts/server.ts';
import { dataFolderOf } from './data-folder.ts';
import { startDockerEngine } from './docker-engine.ts';
import {
  type EmbeddedEngine,
  type Engine,
  type EngineOptions,
  type EngineStart,
  startEmbeddedEngine,
} from './engine.ts';
import { haveFirstLead } from './first-lead.ts';
import { flowEnvironment, sender } from './flow-environment.ts';
import { startNotion } from './notion/server.ts';
import { keptStackFile, root } from './paths.ts';
import { startResend } from './resend/server.ts';
import { findRunningEngine } from './running-engine.ts';
import { keysOf, newSecrets, type StackSecrets } from './secrets.ts';
import { StackFile } from './stack-file.ts';
import { currentCommit, stackVersion } from './version.ts';
import { startWebsite } from './website/server.ts';

export interface StackOptions {
  /** Where the stack tells its addresses. */
  file: string;
  /** Takes logs and data; made when it is not there. */
  folder: string;
  /** `file`: scheduled executions survive a restart. */
  database: 'memory' | 'file';
  testingMinuteSeconds: number;
  testMailbox: string;
  engine: EngineName;
  /** The stand-ins keep the real services' rate limits, and take their time. */
  strained?: boolean;
  report: (progress: string) => void;
  /** Those that Kestra was started with, where another has started it; new ones otherwise. */
  secrets?: StackSecrets;
  /** How the embedded engine is started the first time. */
  engineStart?: EngineStart;
  /** Where the services listen; any free port of the loopback address otherwise. */
  listen?: Listen;
}

type EngineName = StackFile['engine'];

export interface Listen {
  host: string;
  ports: Record<'notion' | 'resend' | 'alerts' | 'production' | 'testing' | 'asItIs', number>;
}

/** The ways to a Kestra. `running` takes the one that answers where the compose file puts it. */
const ENGINES: Record<EngineName, (options: EngineOptions) => Promise<Engine | EmbeddedEngine>> = {
  embedded: startEmbeddedEngine,
  docker: startDockerEngine,
  running: findRunningEngine,
};

export interface Stack {
  file: StackFile;
  /** Settles when the engine has ended, for whatever reason. */
  ended: Promise<void>;
  /** For those who let it come to harm. The embedded one alone can. */
  engine: {
    kill(): Promise<void>;
    /** At the same address, on what the one before has left: all, where its database is a file. */
    start(how?: EngineStart): Promise<void>;
  };
  stop(): Promise<void>;
}

const namespaces = { production: 'christmas', testing: 'christmas.testing' };
const folderOfFlows = join(root, 'flows/christmas');

/** As documented: Notion three calls a second on average, counted by the minute; Resend five a second for a team. */
const STRAIN = {
  notion: { callsPerMinute: 180, latencyMs: 120 },
  resend: { rateLimitPerSecond: 5, latencyMs: 150 },
};

/** Starts stand-ins and engine, deploys the flows in both modes, and writes the stack file last: it means "ready". */
export async function startStack(options: StackOptions): Promise<Stack> {
  const version = stackVersion();
  const startedAt = new Date();
  const commit = currentCommit();
  const dataFolder = dataFolderOf(options.folder, options.database);
  if (options.database === 'memory') rmSync(dataFolder, { recursive: true, force: true });
  mkdirSync(options.folder, { recursive: true });

  const secrets = options.secrets ?? newSecrets();
  const { host, ports } = options.listen ?? { host: '127.0.0.1', ports: undefined };
  const at = (name: keyof Listen['ports']) => ({ host, port: ports?.[name] ?? 0 });
  const closers: Array<() => Promise<void>> = [];
  const stop = async (): Promise<void> => {
    rmSync(options.file, { force: true });
    for (const close of closers.splice(0).reverse()) await close();
    if (options.database === 'memory') rmSync(dataFolder, { recursive: true, force: true });
  };

  try {
    // While the engine boots. A fault in it is told by the deployment that waits for it.
    const checked = checkFolder(folderOfFlows);
    checked.catch(() => undefined);
    const notion = await startNotion({
      tokens: [secrets.notion.flows, secrets.notion.harness],
      ...at('notion'),
      ...(options.strained ? STRAIN.notion : {}),
    });
    closers.push(() => notion.close());
    const resend = await startResend({
      keys: keysOf(secrets),
      testMailbox: options.testMailbox,
      ...at('resend'),
      ...(options.strained ? STRAIN.resend : {}),
    });
    closers.push(() => resend.close());
    const alerts = await startAlerts(secrets.alerts, at('alerts'));
    closers.push(() => alerts.close());
    options.report('stand-ins listen');

    const { user, password, webhookKeys } = secrets;
    const engineOptions: EngineOptions = {
      folder: options.folder,
      dataFolder,
      database: options.database,
      user,
      password,
      flowEnvironment: flowEnvironment(secrets, {
        notion,
        resend: resend.url,
        alerts: alerts.url,
        testingMinuteSeconds: options.testingMinuteSeconds,
        startedAt,
      }),
    };
    const engine = await ENGINES[options.engine]({ ...engineOptions, ...options.engineStart });
    let present = engine;
    closers.push(() => present.stop());
    const samePorts = { api: portOf(engine.url), management: portOf(engine.managementUrl) };
    options.report(`Kestra ${engine.version} answers`);

    const transport = new KestraTransport({
      url: engine.url,
      user,
      password,
      dialect: dialectOf(engine.version),
    });
    const source = { url: notion.url, token: secrets.notion.harness, databases: notion.databases };
    const folder = await checked;
    const deployAs = (namespace: string, testing: boolean): Promise<unknown> =>
      deploy({
        transport,
        namespace,
        testing,
        // Each alert costs 0.3 s of CPU, and most specs about failures run with production delays.
        alerts: testing,
        folder,
        commit,
        notion: source,
        resend: { url: resend.url },
        local: true,
        unasked: true,
      });
    await Promise.all([deployAs(namespaces.production, false), deployAs(namespaces.testing, true)]);
    options.report('flows are deployed');
    if ((await transport.dialect()) === '2.x') {
      const { testMailbox } = options;
      await Promise.all([
        haveFirstLead(transport, { namespace: namespaces.production, testing: false, testMailbox }),
        haveFirstLead(transport, { namespace: namespaces.testing, testing: true, testMailbox }),
      ]);
      options.report('each deployment has had its first lead');
    }

    const kestra = {
      url: engine.url,
      managementUrl: engine.managementUrl,
      version: engine.version,
      user,
      password,
      webhookKeys,
    };
    const siteOf = async (
      name: keyof StackFile['websites'],
      mode?: keyof typeof namespaces,
    ): Promise<string> => {
      const log = (line: string): void => console.log(`${new Date().toISOString()} website ${name}: ${line}`);
      const behind = { kestra, namespaces, resend: { url: resend.url, from: sender, keys: secrets.resend } };
      const variables = mode && websiteVariables(behind, mode);
      const site = await startWebsite({
        animationMs: 0,
        log,
        answerWithinMs: BUDGET.siteCallMs, // a call given up is made again, and then Kestra has been told twice
        ...at(name),
        ...(variables ? { variables } : {}),
      });
      closers.push(() => site.close());
      return site.url;
    };
    const websites = {
      production: await siteOf('production', 'production'),
      testing: await siteOf('testing', 'testing'),
      asItIs: await siteOf('asItIs'),
    };
    options.report('the website answers');

    const file = StackFile.parse({
      version,
      engine: options.engine,
      pid: process.pid,
      startedAt: startedAt.toISOString(),
      kept: options.file === keptStackFile,
      logFolder: options.folder,
      testingMinuteSeconds: options.testingMinuteSeconds,
      testMailbox: options.testMailbox,
      commit,
      namespaces,
      kestra,
      websites,
      notion: { ...source, flowsToken: secrets.notion.flows },
      resend: { url: resend.url, from: sender, keys: secrets.resend },
      alerts: { url: alerts.url, tokens: secrets.alerts },
    } satisfies StackFile);
    mkdirSync(dirname(options.file), { recursive: true });
    // `wx`: of two stacks started at once as the kept one, the second fails here and stops again.
    writeFileSync(options.file, `${JSON.stringify(file, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
    return {
      file,
      ended: engine.ended,
      engine: {
        kill: async () => {
          if (!('kill' in present)) throw new Error(`The ${options.engine} engine is not ours to kill.`);
          await present.kill();
        },
        start: async (how = {}) => {
          present = await startEmbeddedEngine({ ...engineOptions, ports: samePorts, ...how });
        },
      },
      stop,
    };
  } catch (error) {
    for (const close of closers.reverse()) await close();
    throw error;
  }
}

const portOf = (url: string): number => Number(new URL(url).port);
