import { join } from 'node:path';
import { z } from 'zod';
import { deploy } from '../scripts/flows/deploy.ts';
import { KestraAdmin } from '../scripts/flows/kestra-admin.ts';
import { checkFolder } from '../scripts/flows/validate.ts';
import { root } from '../stack/paths.ts';
import { type AttachedEnv, attachedTarget } from './attached.ts';
import { KestraClient } from './clients/kestra-client.ts';
import { KestraTransport } from './clients/kestra-transport.ts';
import { LiveRuns } from './clients/live-runs.ts';
import { NotionClient } from './clients/notion-client.ts';
import { handOn, PRODUCTION_NAMESPACE } from './env.ts';
import { planOfThisRun } from './mail-plan.ts';
import { demandOneJourney, demandWithin } from './mails.ts';
import { newMark } from './mark.ts';
import { type SweepRequest, sweep, sweepLine } from './sweep.ts';
import type { Target } from './target.ts';
import { notionBehind } from './site-notion.ts';
import { resolverOf } from './where.ts';

const Configs = z.looseObject({ version: z.string() });

/** What a sweep of an attached target works on. */
export async function sweeperOf(target: Target, { SITE_URL, SITE_NAMESPACE }: AttachedEnv) {
  const kestra = new KestraClient({
    transport: new KestraTransport(target.kestra),
    resolve: resolverOf(target.namespaces, 'testing'),
  });
  const own: string[] = Object.values(target.namespaces);
  const behind =
    SITE_URL && !own.includes(SITE_NAMESPACE)
      ? await notionBehind(SITE_NAMESPACE, { target, kestra })
      : undefined;
  return {
    kestra,
    notions: [new NotionClient(target.notion), ...(behind ? [behind] : [])],
    live: new LiveRuns(kestra.kv()),
    namespaces: [...own, ...(SITE_URL ? [SITE_NAMESPACE] : [])],
  } satisfies Partial<SweepRequest>;
}

/**
 * Begins a run on a Kestra that is not ours: removes what dead runs left, deploys the flows in both modes into namespaces
 * of its own, and says that it is under way. The function returned removes what this run left.
 */
export async function beginAttachedRun(env: AttachedEnv, workers: number): Promise<() => Promise<void>> {
  const plan = await planOfThisRun();
  demandWithin(plan, env.MAIL_BUDGET);
  if (env.SITE_URL && env.SITE_NAMESPACE === PRODUCTION_NAMESPACE) demandOneJourney(plan);
  const mark = newMark();
  const target = attachedTarget({ ...env, FUNNEL_MARK: mark });
  const transport = new KestraTransport(target.kestra);
  const version = await versionOf(transport);
  const sweeper = await sweeperOf(target, env);
  await demandProductionIsNoTest(transport);

  await deployBoth(target, transport);
  const before = await sweep({ ...sweeper, yes: true });
  console.log(`Sweep of what earlier runs left: ${sweepLine(before, true)}`);
  const end = await sweeper.live.begin(mark);
  handOn('FUNNEL_MARK', mark);
  handOn('FUNNEL_KESTRA', version);
  handOn('FUNNEL_WORKERS', String(workers));
  console.log(
    `Attached to Kestra ${version} at ${target.kestra.url}, flows ${target.commit} in ` +
      `${target.namespaces.testing} (a testing minute is ${env.TESTING_MINUTE_SECONDS} s) and ${target.namespaces.production}; run ${mark}\n` +
      `${plan.tests} tests, which are to cause ${plan.mails} mails of at most ${env.MAIL_BUDGET}`,
  );

  return async () => {
    try {
      const after = await sweep({ ...sweeper, only: mark, yes: true });
      console.log(`Sweep of what this run left: ${sweepLine(after, true)}`);
    } finally {
      await end();
    }
  };
}

/** Whatever runs beside it: a campaign whose five days last five minutes must be told at once. */
async function demandProductionIsNoTest(transport: KestraTransport): Promise<void> {
  const mode = await new KestraAdmin(transport, PRODUCTION_NAMESPACE).setting('TESTING_MODE');
  if (mode === true || mode === 'true') {
    throw new Error(
      `${PRODUCTION_NAMESPACE} is in TESTING_MODE: real leads would get five days' mails in minutes. ` +
        `Remedy: TARGET=homelab npm run flows -- deploy --namespace ${PRODUCTION_NAMESPACE} --yes`,
    );
  }
}

async function versionOf(transport: KestraTransport): Promise<string> {
  const answer = await transport.raw('/api/v1/configs');
  if (answer.status === 401)
    throw new Error(`${transport.url} refuses the login: look at KESTRA_USER and KESTRA_PASSWORD.`);
  const configs = answer.status === 200 ? Configs.safeParse(JSON.parse(answer.text)) : undefined;
  if (!configs?.success)
    throw new Error(
      `${transport.url} is no Kestra: GET /api/v1/configs answered ${answer.status}. Look at KESTRA_URL.`,
    );
  return configs.data.version;
}

/** One after the other: Kestra makes a namespace's folders on the way. */
async function deployBoth(target: Target, transport: KestraTransport): Promise<void> {
  const folder = await checkFolder(join(root, 'flows/christmas'));
  for (const [mode, namespace] of Object.entries(target.namespaces)) {
    const testing = mode === 'testing';
    await deploy({
      transport,
      namespace,
      testing,
      alerts: false, // nobody is to be told at night
      folder,
      commit: target.commit,
      notion: target.notion,
      resend: { url: target.mail.url },
      local: false,
    });
    if (!testing) continue;
    await new KestraAdmin(transport, namespace).putSetting(
      'TESTING_MINUTE_SECONDS',
      target.testingMinuteMs / 1_000,
    );
  }
}
