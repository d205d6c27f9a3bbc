import { randomUUID } from 'node:crypto';
import { deploy, type NotionProperties } from '../scripts/flows/deploy.ts';
import { subflowsOf } from '../scripts/flows/flow-model.ts';
import { KestraAdmin } from '../scripts/flows/kestra-admin.ts';
import { type FlowFolder, FlowSource, readFlowFolder } from '../scripts/flows/source.ts';
import type { NotionAccess } from '../scripts/flows/notion-sources.ts';
import type { Checked } from '../scripts/flows/validate.ts';
import type { Schemas } from '../stack/notion/schema.ts';
import { startNotion } from '../stack/notion/server.ts';
import { startResend } from '../stack/resend/server.ts';
import type { Afterwards } from './afterwards.ts';
import { FaultsClient } from './clients/faults-client.ts';
import { KestraTransport } from './clients/kestra-transport.ts';
import { MailClient } from './clients/mail-client.ts';
import { NotionClient } from './clients/notion-client.ts';
import type { Journal } from './journal.ts';
import type { Target } from './target.ts';

export interface Deployment {
  namespace: string;
  /** The Notion of this deployment alone, freshly seeded. */
  notion: NotionClient;
  /** How that Notion is asked: what an attached target's variables name. */
  notionAccess: NotionAccess;
  /** Ends that Notion: every call is refused from then on, and what was under way is broken off. */
  stopNotion(): Promise<void>;
  /** It answers again, and has forgotten nothing. */
  restartNotion(): Promise<void>;
  /** The same of its own Resend. */
  stopResend(): Promise<void>;
  restartResend(): Promise<void>;
  /** Deploys once more, of another commit, with each flow's text changed. */
  redeploy(commit: string, change: (flow: string) => string): Promise<void>;
  /** What deploying takes, with each flow's text changed. */
  folder(change: (flow: string) => string): Promise<Checked>;
  /** What this deployment's own Resend delivered; asked for by `ownResend`, or the stack's. */
  mailbox: MailClient;
  /** Misbehaviour of its own Notion, and of its Resend. */
  faults: FaultsClient;
}

export interface DeploymentOptions {
  testing?: boolean;
  /** Into a namespace below this one. */
  below?: string;
  settings?: Record<string, unknown>;
  /** What its Notion's databases have, where that is not what the campaign's have. */
  schemas?: Schemas;
  /** Names of Notion properties that differ from ours. */
  properties?: NotionProperties;
  /** Whether its failures and critical leads are told to the hooks. */
  alerts?: boolean;
  /** Only these flows and what they start, which is quicker. */
  flows?: readonly string[];
  /** What to change in each flow's text first. */
  change?: (flow: string) => string;
  /** A Resend for this deployment alone, whose clock a test may move. */
  ownResend?: boolean;
}

const unchanged = (flow: string): string => flow;

let read: Promise<FlowFolder> | undefined;

/** These flows and what they start, as the target has them: whoever deployed them there has checked them. */
async function flowsWith(
  flowsFolder: string,
  ids: readonly string[] | undefined,
  change: (flow: string) => string,
): Promise<Checked> {
  const folder = await (read ??= readFlowFolder(flowsFolder));
  const wanted = new Set(ids ?? folder.flows.map(({ id }) => id));
  for (const id of wanted) {
    const flow = folder.flows.find((one) => one.id === id);
    if (!flow) throw new Error(`There is no flow ${id}.`);
    for (const below of subflowsOf(flow)) wanted.add(below);
  }
  const flows = folder.flows
    .filter(({ id }) => wanted.has(id))
    .map(({ file, text }) => new FlowSource(file, change(text)));
  return { folder: { ...folder, flows }, findings: [] };
}

/** Deploys a copy of the flows with a Notion of its own, for one test. */
export async function deployOwn(
  { target, afterwards, journal }: { target: Target; afterwards: Afterwards; journal: Journal },
  options: DeploymentOptions,
): Promise<Deployment> {
  const { testing = false, alerts = false, settings = {}, change = unchanged, properties } = options;
  const namespace = `${options.below ?? 'christmas'}.t${randomUUID().replaceAll('-', '').slice(0, 8)}`;
  const { token, flowsToken = token } = target.notion;
  const server = await startNotion({
    tokens: [flowsToken, token],
    ...(options.schemas ? { schemas: options.schemas } : {}),
  });
  const notionDoor = doorOf(server);
  afterwards.undo(`the Notion of ${namespace}`, notionDoor.stop);

  const resend = options.ownResend ? await startOwnResend(target) : undefined;
  const resendDoor = doorOf(resend);
  if (resend) afterwards.undo(`the Resend of ${namespace}`, resendDoor.stop);

  const transport = new KestraTransport(target.kestra);
  const admin = new KestraAdmin(transport, namespace);
  const emailOfContacts = properties?.contacts?.['email'];
  const own = {
    url: server.url,
    token,
    databases: server.databases,
    ...(emailOfContacts === undefined ? {} : { emailOfContacts }),
  };
  const folder: Deployment['folder'] = (edit) => flowsWith(target.flowsFolder, options.flows, edit);
  const put = async (commit: string, edit: (flow: string) => string) =>
    deploy({
      transport,
      namespace,
      testing,
      alerts,
      folder: await folder(edit),
      commit,
      notion: own,
      local: true,
      unasked: true,
      ...(properties ? { properties } : {}),
    });
  const { flows } = await put(target.commit, change);
  const redeploy: Deployment['redeploy'] = async (commit, edit) => {
    await put(commit, edit);
  };
  afterwards.undo(`the flows of ${namespace}`, async () => {
    await Promise.all(flows.map(({ id }) => admin.deleteFlow(id)));
  });
  const addresses = { NOTION_BASE_URL: server.url, ...(resend ? { RESEND_BASE_URL: resend.url } : {}) };
  for (const [key, value] of Object.entries({ ...addresses, ...settings })) {
    await admin.putSetting(key, value);
  }
  const notion = new NotionClient(own);
  journal.notions.set(namespace, notion);
  const faults = new FaultsClient(
    { notion: server.url, resend: (resend ?? target.mail).url },
    // They end with their server.
    () => undefined,
  );
  return {
    namespace,
    notion,
    notionAccess: own,
    stopNotion: notionDoor.stop,
    restartNotion: notionDoor.restart,
    stopResend: resendDoor.stop,
    restartResend: resendDoor.restart,
    redeploy,
    folder,
    faults,
    mailbox: new MailClient(resend ?? target.mail),
  };
}

/** A server that is stopped once, however often that is asked. */
function doorOf(server: { close(): Promise<void>; reopen(): Promise<void> } | undefined) {
  let open = true;
  const demanded = () => {
    if (!server) throw new Error('This deployment has no Resend of its own: ask for ownResend.');
    return server;
  };
  return {
    stop: async () => {
      if (open) await demanded().close();
      open = false;
    },
    restart: async () => {
      if (!open) await demanded().reopen();
      open = true;
    },
  };
}

/** With the key that the stack's flows hold. */
const startOwnResend = ({ mail }: Target) =>
  startResend({
    keys: [{ key: mail.keys.kestra, name: 'kestra', permission: 'sending_access' }],
    testMailbox: mail.testMailbox,
  });
