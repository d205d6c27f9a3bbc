import type { Variables } from '../../helpers/env.ts';
import { type Access, openAccess } from './access.ts';
import { type Check, examine } from './examine.ts';
import { Facts } from './facts.ts';
import { healthChecks, kestraChecks, type Where } from './kestra-checks.ts';
import { type Report, withoutSecrets } from './report.ts';
import { clockCheck, notionChecks, resendCheck, senderCheck, siteCheck } from './service-checks.ts';

/** In the order of the report; each stands after those it waits for. */
function checksOf(access: Access, facts: Facts, where: Where): Check[] {
  return [
    {
      id: 'variables',
      withinMs: 1_000,
      remedy: 'look at .env.example',
      run: async () => access.variables,
    },
    ...kestraChecks(access, facts, where),
    ...notionChecks(access, facts, where.folder),
    resendCheck(access, facts),
    ...healthChecks(access, facts, where),
    senderCheck(access, facts),
    siteCheck(access),
    clockCheck(facts),
  ];
}

/** The lines' names. */
export const IDS: readonly string[] = checksOf(
  { target: '', variables: { ok: true, told: '' }, secrets: [] },
  new Facts(),
  { namespace: '', production: '', folder: '' },
).map(({ id }) => id);

/** Looks at everything a night needs. Changes nothing but for one execution of the health-check. */
export async function doctor(
  variables: Variables,
  { skip, ...where }: Where & { skip: ReadonlySet<string> },
): Promise<Report> {
  const access = openAccess(variables);
  const facts = new Facts();
  const lines = await examine(checksOf(access, facts, where), skip);
  const healthCheck = facts.find('executionId');
  const report = {
    target: access.target,
    namespace: where.namespace,
    production: where.production,
    ok: lines.every(({ status }) => status !== 'failed'),
    ...(healthCheck === undefined ? {} : { healthCheck }),
    lines,
  };
  return withoutSecrets(report, access.secrets);
}
