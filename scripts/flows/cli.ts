import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { table } from '../../helpers/table.ts';
import { root } from '../../stack/paths.ts';
import { currentCommit } from '../../stack/version.ts';
import { openFunnel } from '../ops/dossier.ts';
import { reconcile } from '../ops/reconcile.ts';
import { endedWell, resendFailed } from '../ops/resend-failed.ts';
import { ResendReader } from '../ops/resend-reader.ts';
import { readSince } from '../ops/since.ts';
import { readArguments, runCommand, UsageError } from '../command-line.ts';
import { deployedTree, treeOf, unifiedDiff } from './compare.ts';
import { type Connection, openConnection, unreachable } from './connection.ts';
import { deploy, type NotionProperties } from './deploy.ts';
import { describeFindings } from './finding.ts';
import { KestraAdmin } from './kestra-admin.ts';
import { DATABASES } from './notion-sources.ts';
import { preflight, remedyFor } from './preflight.ts';
import { readFlowFolder, SOURCE_NAMESPACE } from './source.ts';
import { COMMIT_LABEL } from './stamp.ts';
import { urlLines } from './urls.ts';
import { checkFolder, validateFolder } from './validate.ts';

const USAGE = `Usage: npm run flows -- <command> [options]

Commands
  validate   Check the flows: by the local rules, and by Kestra's own validation when a Kestra answers.
  deploy     Check everything, then put flows, files and settings into the namespace. One broken flow: nothing is changed.
  diff       Show what deploying would change in flows and files. Exit code 1 when there is something.
  preflight  Compare Notion's live properties with those the flows use. Exit code 1 when one is not as they need it.
  urls       Print the five addresses that the website and its partners call, as variables. Keys are masked.
  list       Show the namespace's flows: revision, commit, whether disabled, executions waiting for their date.
  resend-failed
             Show the mails that Resend did not take; with --yes replay their executions, each mail once.
  reconcile  Show what Notion missed of what executions did; with --yes tell it. Exit code 1 when something is missed.

Options
  --namespace NAME    The deployment. Default: ${SOURCE_NAMESPACE}, with --testing ${SOURCE_NAMESPACE}.testing.
  --since MOMENT      resend-failed, reconcile: how far to look back, 90m, 2h, 3d, or a moment such as 2025-12-01T08:00:00Z.
  --yes               resend-failed, reconcile: do it, and not only show it. Needs --namespace.
  --lead ADDRESS      reconcile: this lead, and no other.
  --reveal            urls: with the keys. What is printed is then a secret.
  --testing           A deployment in TESTING_MODE: delays in testing minutes.
  --folder PATH       The flows. Default: flows/christmas.
  --properties FILE   deploy: JSON with the Notion property names that differ, {"contacts": {"email": "E-mail"}}.
                      Without it the deployment keeps those it has.
  --help              This text.

Kestra is the kept local stack (npm run stack); with TARGET=homelab the one of KESTRA_URL, KESTRA_USER and
KESTRA_PASSWORD, where deploying also needs NOTION_TOKEN and the five NOTION_…_DB_ID, and urls the five WEBHOOK_KEY_…
(see .env.example).`;

const Properties = z.partialRecord(z.enum(DATABASES), z.record(z.string(), z.string().min(1)));

interface Options {
  namespace: string;
  testing: boolean;
  folder: string;
  properties?: string;
  since?: Date;
  lead?: string;
  yes: boolean;
  reveal: boolean;
}

const COMMANDS: Record<string, (options: Options) => Promise<number>> = {
  validate,
  deploy: deployFlows,
  diff,
  preflight: checkProperties,
  urls,
  list,
  'resend-failed': replayFailed,
  reconcile: tellNotion,
};

async function main(args: string[]): Promise<number> {
  const { command, options } = read(args);
  if (!command) {
    console.log(USAGE);
    return 0;
  }
  return command(options);
}

function read(args: string[]) {
  const { values, positionals } = readArguments({
    args,
    allowPositionals: true,
    options: {
      namespace: { type: 'string' },
      testing: { type: 'boolean' },
      folder: { type: 'string' },
      properties: { type: 'string' },
      since: { type: 'string' },
      lead: { type: 'string' },
      yes: { type: 'boolean' },
      reveal: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const [name, ...rest] = positionals;
  const testing = values.testing ?? false;
  const namespace = values.namespace ?? (testing ? `${SOURCE_NAMESPACE}.testing` : SOURCE_NAMESPACE);
  const options: Options = {
    testing,
    namespace,
    folder: values.folder ?? join(root, 'flows', SOURCE_NAMESPACE),
    yes: values.yes ?? false,
    reveal: values.reveal ?? false,
    ...(values.lead === undefined ? {} : { lead: values.lead.toLowerCase() }),
    ...(values.since === undefined ? {} : { since: readSince(values.since) }),
    ...(values.properties === undefined ? {} : { properties: values.properties }),
  };
  if (values.help) return { options };
  const command = name === undefined ? undefined : COMMANDS[name];
  if (!command) {
    const problem = name === undefined ? 'A command is missing' : `${name} is no command`;
    throw new UsageError(`${problem}: give one of ${Object.keys(COMMANDS).join(', ')}.`);
  }
  if (rest.length > 0) throw new UsageError(`one command at a time, not also ${rest.join(' ')}`);
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(namespace)) {
    throw new UsageError('--namespace takes lower-case letters, digits, dots, dashes and underscores');
  }
  if (options.yes && values.namespace === undefined) {
    throw new UsageError('--yes changes a live funnel: say which with --namespace');
  }
  return { command, options };
}

async function validate({ folder: path, namespace }: Options): Promise<number> {
  const checked = await checkFolder(path);
  const { folder } = checked;
  const kestra = await reachableKestra();
  const destination =
    typeof kestra === 'string'
      ? undefined
      : { admin: new KestraAdmin(kestra.transport, namespace), commit: currentCommit() };
  const findings = await validateFolder(checked, destination);
  if (findings.length > 0) console.error(describeFindings(findings));
  const judges =
    typeof kestra === 'string' ? 'the local rules' : `the local rules and ${kestra.transport.url}`;
  console.log(
    `${folder.flows.length} flows and ${folder.files.length} files, ${findings.length} faults by ${judges}.`,
  );
  if (typeof kestra === 'string') console.log(`Kestra's own validation was left out. ${kestra}`);
  return findings.length > 0 ? 1 : 0;
}

/** A Kestra that answers, or why there is none. */
async function reachableKestra(): Promise<Connection | string> {
  let connection: Connection;
  try {
    connection = openConnection();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return (await unreachable(connection)) ?? connection;
}

async function deployFlows({ namespace, testing, folder, properties }: Options): Promise<number> {
  const { transport, local, notion, resend } = openConnection();
  const { flows } = await deploy({
    transport,
    local,
    namespace,
    testing,
    folder,
    commit: currentCommit(),
    notion: notion(),
    ...(resend ? { resend } : {}),
    ...(properties === undefined ? {} : { properties: await readProperties(properties) }),
    progress: (line) => console.log(line),
  });
  const mode = testing ? 'TESTING_MODE' : 'production delays';
  console.log(`${flows.length} flows are in ${namespace} on ${transport.url}, with ${mode}`);
  return 0;
}

async function readProperties(path: string): Promise<NotionProperties> {
  const parsed = Properties.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (!parsed.success) throw new UsageError(`--properties ${path}:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

async function diff({ namespace, folder }: Options): Promise<number> {
  const admin = new KestraAdmin(openConnection().transport, namespace);
  const [deployed, repository] = await Promise.all([
    deployedTree(admin),
    readFlowFolder(folder).then(treeOf),
  ]);
  const difference = await unifiedDiff(deployed, repository, { color: process.stdout.isTTY });
  console.log(difference || `${namespace} has what ${relative(process.cwd(), folder)} has.`);
  return difference === '' ? 0 : 1;
}

async function checkProperties({ namespace, folder }: Options): Promise<number> {
  const { transport, notion } = openConnection();
  const rows = await preflight({ transport, namespace, folder, notion: notion() });
  console.log(
    table(
      ['database', 'property', 'expected', 'found'],
      rows.map(({ database, property, expected, found }) => [
        database,
        property,
        expected,
        found ?? 'missing',
      ]),
    ),
  );
  const faulty = rows.filter(({ fault }) => fault !== null);
  for (const row of faulty) console.error(`${row.database}: ${row.fault}: ${remedyFor(row)}`);
  console.log(
    `${rows.length} properties, ${faulty.length} missing, of another type or without an option in ${namespace}.`,
  );
  return faulty.length > 0 ? 1 : 0;
}

async function urls({ namespace, reveal }: Options): Promise<number> {
  const connection = openConnection();
  const keys = connection.webhookKeys();
  const silent = await unreachable(connection);
  if (silent !== undefined) console.error(`${silent}: the addresses are those of a Kestra 1.x.`);
  const dialect = silent === undefined ? await connection.transport.dialect() : '1.x';
  const { url } = connection.transport;
  console.log(urlLines({ url, webhookKeys: keys, dialect }, namespace, reveal).join('\n'));
  return 0;
}

async function list({ namespace }: Options): Promise<number> {
  const admin = new KestraAdmin(openConnection().transport, namespace);
  const flows = await admin.flows();
  const waiting = await Promise.all(flows.map(({ id }) => admin.waiting(id)));
  const rows = flows.map(({ id, revision, labels, disabled }, index) => [
    id,
    String(revision),
    labels?.find(({ key }) => key === COMMIT_LABEL)?.value ?? 'unknown',
    disabled ? 'yes' : 'no',
    String(waiting[index]),
  ]);
  console.log(
    rows.length === 0
      ? `No flow is in ${namespace}.`
      : table(['flow', 'revision', 'commit', 'disabled', 'waiting'], rows),
  );
  return 0;
}

async function replayFailed({ namespace, since, yes }: Options): Promise<number> {
  if (!since) throw new UsageError('resend-failed needs --since: when the trouble began');
  const { transport, outbox } = openConnection();
  const access = outbox();
  const { verdicts, replayed } = await resendFailed({
    transport,
    namespace,
    since,
    replay: yes,
    ...(access ? { resend: new ResendReader(access) } : {}),
    say: (line) => console.log(line),
  });
  if (!yes && verdicts.some(({ replay }) => replay)) {
    console.log(`Nothing was replayed. To do it: --namespace ${namespace} --yes`);
  }
  return replayed.every(({ state }) => endedWell(state)) ? 0 : 1;
}

async function tellNotion({ namespace, since, yes, lead }: Options): Promise<number> {
  if (!since) throw new UsageError('reconcile needs --since: when the trouble began');
  const { transport, notion, outbox } = openConnection();
  const access = outbox();
  const resend = access ? { resend: new ResendReader(access) } : {};
  const funnel = await openFunnel({ transport, namespace, notion: notion(), ...resend });
  if (!funnel) throw new Error(`No funnel is deployed in ${namespace} on ${transport.url}.`);
  const found = await reconcile({
    funnel,
    since,
    write: yes,
    ...(lead ? { only: lead } : {}),
    say: (line) => console.log(line),
  });
  if (!yes && found.length > 0) console.log(`To write it: --namespace ${namespace} --yes`);
  return found.every(({ fault }) => yes && fault === undefined) ? 0 : 1;
}

await runCommand(USAGE, main);
