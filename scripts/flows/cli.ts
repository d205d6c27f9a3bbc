import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { table } from '../../helpers/table.ts';
import { root } from '../../stack/paths.ts';
import { currentCommit } from '../../stack/version.ts';
import { cutoverOf, cutoverText } from '../ops/cutover.ts';
import { openFunnel } from '../ops/dossier.ts';
import { reconcile } from '../ops/reconcile.ts';
import { endedWell, resendFailed } from '../ops/resend-failed.ts';
import { ResendReader } from '../ops/resend-reader.ts';
import { readSince } from '../ops/since.ts';
import { readArguments, runCommand, UsageError } from '../command-line.ts';
import { describeDifferences, differencesOf } from './compare.ts';
import { type Connection, openConnection, unreachable } from './connection.ts';
import { deploy, type NotionProperties } from './deploy.ts';
import { describeFindings } from './finding.ts';
import { KestraAdmin } from './kestra-admin.ts';
import { DATABASES } from './notion-sources.ts';
import { preflight, remedyFor } from './preflight.ts';
import { remove } from './remove.ts';
import { folderOfCommit, revisionsText, rollBackFlow, rollBackTo } from './rollback.ts';
import { describeScheduled, scheduledMails } from './scheduled.ts';
import { readFlowFolder, SOURCE_NAMESPACE } from './source.ts';
import { COMMIT_LABEL } from './stamp.ts';
import { urlLines } from './urls.ts';
import { checkFolder, validateFolder } from './validate.ts';

const USAGE = `Usage: npm run flows -- <command> [options]

Commands
  validate   Check the flows: by the local rules, and by Kestra's own validation when a Kestra answers.
  deploy     Check everything, then put flows, files and settings into the namespace. One broken flow: nothing is changed.
  diff       Show what deploying would change, flow by flow and file by file. Exit code 1 when there is something.
  rollback   Show what there is to roll back to; with --flow and --revision one flow, with --commit all flows and files
             of that commit. Settings stay. With --yes do it.
  remove     Show what of the namespace deploying put there; with --yes remove it: flows, files, settings, ledger.
             Refused while mails are scheduled, unless --kill kills them.
  cutover    Show what the namespace would still send each lead of the tracker, by the dates in its rows, and what is
             scheduled already. Reads only.
  preflight  Compare Notion's live properties with those the flows use. Exit code 1 when one is not as they need it.
  urls       Print the five addresses that the website and its partners call, as variables. Keys are masked.
  list       Show the namespace's flows: revision, commit, whether disabled, executions waiting for their date.
  resend-failed
             Show the mails that Resend did not take; with --yes replay their executions, each mail once.
  reconcile  Show what Notion missed of what executions did; with --yes tell it. Exit code 1 when something is missed.

Options
  --namespace NAME    The deployment. Default: ${SOURCE_NAMESPACE}, with --testing ${SOURCE_NAMESPACE}.testing.
  --since MOMENT      resend-failed, reconcile: how far to look back, 90m, 2h, 3d, or a moment such as 2025-12-01T08:00:00Z.
  --yes               rollback, remove, resend-failed, reconcile: do it, and not only show it. Needs --namespace.
                      On an attached Kestra ${SOURCE_NAMESPACE} is production: deploy, too, needs --namespace ${SOURCE_NAMESPACE} --yes.
  --flow ID           rollback: this flow, to --revision.
  --revision N        rollback: the revision whose text the flow gets.
  --commit HASH       rollback: flows and files as this checkout has them at that commit.
  --kill              remove: kill the mails that are scheduled.
  --take-over         deploy: overwrite flows and files of the same name that somebody else has put there.
  --lead ADDRESS      reconcile, cutover: this lead, and no other.
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
  flow?: string;
  revision?: number;
  commit?: string;
  kill: boolean;
  takeOver: boolean;
  /** Whether the namespace was said, and not left to the default. */
  named: boolean;
}

const COMMANDS: Record<string, (options: Options) => Promise<number>> = {
  validate,
  deploy: deployFlows,
  diff,
  rollback,
  remove: removeFlows,
  cutover,
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
      flow: { type: 'string' },
      revision: { type: 'string' },
      commit: { type: 'string' },
      kill: { type: 'boolean' },
      'take-over': { type: 'boolean' },
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
    kill: values.kill ?? false,
    takeOver: values['take-over'] ?? false,
    named: values.namespace !== undefined,
    ...(values.flow === undefined ? {} : { flow: values.flow }),
    ...(values.revision === undefined ? {} : { revision: readRevision(values.revision) }),
    ...(values.commit === undefined ? {} : { commit: values.commit }),
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

function readRevision(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(
    `--revision: ${text.length} characters that are no number; give one that rollback lists`,
  );
}

/** Before anything is changed. On an attached Kestra production is changed by those alone who say so twice. */
function refuseProduction(command: string, { local, transport }: Connection, options: Options): void {
  const { namespace, named, yes, testing } = options;
  if (local || namespace !== SOURCE_NAMESPACE) return;
  if (testing) {
    throw new UsageError(`${namespace} on ${transport.url} is production: it never runs in TESTING_MODE`);
  }
  if (named && yes) return;
  throw new UsageError(
    `${namespace} on ${transport.url} is production: to ${command} there say --namespace ${namespace} --yes`,
  );
}

/** What an operator has to know before a deployment changes under the mails that wait. */
async function sayScheduled({ transport }: Connection, namespace: string): Promise<void> {
  console.log(describeScheduled(namespace, await scheduledMails(transport, namespace)));
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

async function deployFlows(options: Options): Promise<number> {
  const { namespace, testing, folder, properties, takeOver } = options;
  const connection = openConnection();
  const { transport, local, notion, resend } = connection;
  refuseProduction('deploy', connection, options);
  await sayScheduled(connection, namespace);
  const { flows } = await deploy({
    transport,
    local,
    namespace,
    testing,
    folder,
    takeOver,
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
  const differences = await differencesOf(admin, await readFlowFolder(folder), {
    color: process.stdout.isTTY,
  });
  const where = `${namespace}, compared with ${relative(process.cwd(), folder)}`;
  console.log(describeDifferences(differences, where));
  return differences.length === 0 ? 0 : 1;
}

async function rollback(options: Options): Promise<number> {
  const { namespace, yes, flow, revision, commit } = options;
  if ((flow === undefined) !== (revision === undefined)) {
    throw new UsageError('rollback of one flow needs both --flow and --revision');
  }
  if (flow !== undefined && commit !== undefined) {
    throw new UsageError('rollback takes --commit, or --flow and --revision, not both');
  }
  const connection = openConnection();
  const place = { transport: connection.transport, namespace };
  if (yes) refuseProduction('roll back', connection, options);
  await sayScheduled(connection, namespace);
  if (flow !== undefined && revision !== undefined) {
    console.log(await rollBackFlow(place, flow, revision, { yes }));
  } else if (commit !== undefined) {
    const outcomes = await rollBackTo(place, commit, await folderOfCommit(commit), {
      yes,
      say: (line) => console.log(line),
    });
    if (yes) console.log(`${outcomes.length} flows of ${namespace} are those of ${commit} again.`);
  } else {
    console.log(await revisionsText(place));
    if (yes) throw new UsageError('rollback needs --commit, or --flow and --revision: take one of these');
  }
  return 0;
}

async function removeFlows(options: Options): Promise<number> {
  const { namespace, yes, kill } = options;
  const connection = openConnection();
  if (yes) refuseProduction('remove', connection, options);
  await sayScheduled(connection, namespace);
  await remove(
    { transport: connection.transport, namespace },
    { yes, kill, say: (line) => console.log(line) },
  );
  return 0;
}

async function cutover({ namespace, lead }: Options): Promise<number> {
  const { transport, notion } = openConnection();
  const funnel = await openFunnel({ transport, namespace, notion: notion() });
  if (!funnel) throw new Error(`No funnel is deployed in ${namespace} on ${transport.url}.`);
  console.log(cutoverText(await cutoverOf(funnel, lead)));
  return 0;
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
