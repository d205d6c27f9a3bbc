import { readArguments, runCommand, UsageError } from '../command-line.ts';
import { openConnection } from '../flows/connection.ts';
import { SOURCE_NAMESPACE } from '../flows/source.ts';
import { type Funnel, openFunnel } from './dossier.ts';
import { leadText, reportOn } from './lead.ts';
import { ResendReader } from './resend-reader.ts';
import { readSince } from './since.ts';
import { stopLead } from './stop-lead.ts';

const USAGE = `Usage: npm run lead -- ADDRESS [options]

What a lead got and what is due, from Kestra, Notion and Resend, with every disagreement. Exit code 1 when there is one.

Options
  --namespace NAME   One deployment. Without it ${SOURCE_NAMESPACE} and ${SOURCE_NAMESPACE}.testing are looked at.
  --since WHEN       Leave out what was before: 90m, 2h, 3d, or a moment with its offset.
  --stop             Kill the mails that wait for their date and mark them skipped: none of them is ever sent.
  --yes              Do it. Without it --stop only shows what it would stop. Needs --namespace.
  --json             As JSON.
  --help             This text.

Kestra is the kept local stack (npm run stack); with TARGET=homelab the one of KESTRA_URL, with NOTION_TOKEN and the
NOTION_…_DB_ID, and RESEND_API_KEY with full access when Resend is to be asked too (see .env.example).`;

async function main(args: string[]): Promise<number> {
  const { values, positionals } = readArguments({
    args,
    allowPositionals: true,
    options: {
      namespace: { type: 'string' },
      since: { type: 'string' },
      stop: { type: 'boolean' },
      yes: { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const [address = '', ...rest] = positionals;
  const { namespace, since, stop = false, yes = false, json = false } = values;
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(address) || rest.length > 0) {
    throw new UsageError(`give one address such as ada@mail.test, not ${positionals.length} words`);
  }
  if (yes && !stop) throw new UsageError('--yes is for --stop: the rest only reads');
  if (stop && namespace === undefined) throw new UsageError('--stop needs --namespace: say which funnel');

  if (stop && since !== undefined)
    throw new UsageError('--since is for the report: --stop ends whatever waits');

  // The flows keep addresses in lower case.
  const email = address.toLowerCase();
  const funnels = await open(namespace, since === undefined ? {} : { since: readSince(since) });
  if (stop) {
    for (const funnel of funnels) console.log(await stopLead(funnel, email, { yes }));
    if (!yes) return 0;
  }
  const all = await Promise.all(funnels.map((funnel) => reportOn(funnel, email)));
  // Deployments may share a Notion: a row alone does not make it this one's lead, unless it is nobody's.
  const own = all.filter(({ inKestra }) => inKestra);
  const reports = own.length > 0 ? own : all;
  const separator = `\n\n${'─'.repeat(72)}\n\n`;
  console.log(json ? JSON.stringify(reports, null, 2) : reports.map(leadText).join(separator));
  return reports.every(({ disagreements }) => disagreements.length === 0) ? 0 : 1;
}

async function open(namespace: string | undefined, span: { since?: Date }): Promise<Funnel[]> {
  const { transport, notion, outbox } = openConnection();
  const access = outbox();
  const resend = access ? { resend: new ResendReader(access) } : {};
  const wanted = namespace === undefined ? [SOURCE_NAMESPACE, `${SOURCE_NAMESPACE}.testing`] : [namespace];
  const found = await Promise.all(
    wanted.map((one) => openFunnel({ transport, namespace: one, notion: notion(), ...resend, ...span })),
  );
  const funnels = found.flatMap((funnel) => funnel ?? []);
  if (funnels.length === 0)
    throw new Error(`No funnel is deployed in ${wanted.join(' or ')} on ${transport.url}.`);
  return funnels;
}

await runCommand(USAGE, main);
