import type { Variables } from '../../helpers/env.ts';
import { formsOf } from '../../helpers/redact.ts';
import type { Target } from '../../helpers/target.ts';
import type { NotionAccess } from '../../scripts/flows/notion-sources.ts';
import type { Report } from '../../scripts/doctor/report.ts';
import { runCommandWith } from '../run-command.ts';

/** The variables with which the local stack is an attached target, as a homelab's `.env` has them. */
export function attachedTo(target: Target, notion: NotionAccess = target.notion): Variables {
  const { kestra, mail, sites } = target;
  const keys = Object.entries(kestra.webhookKeys).map(([name, key]) => [
    `WEBHOOK_KEY_${name.toUpperCase()}`,
    key,
  ]);
  return {
    TARGET: 'homelab',
    KESTRA_URL: kestra.url,
    KESTRA_USER: kestra.user,
    KESTRA_PASSWORD: kestra.password,
    NOTION_TOKEN: notion.token,
    NOTION_BASE_URL: notion.url,
    NOTION_CONTACTS_DB_ID: notion.databases.contacts,
    NOTION_EMAIL_SEQUENCE_DB_ID: notion.databases.tracker,
    NOTION_EMAIL_TEMPLATES_DB_ID: notion.databases.templates,
    NOTION_EMAIL_ANALYTICS_DB_ID: notion.databases.analytics,
    NOTION_CUSTOMER_PROJECTS_DB_ID: notion.databases.projects,
    RESEND_API_KEY: mail.keys.harness,
    RESEND_BASE_URL: mail.url,
    SITE_URL: sites.production,
    ...Object.fromEntries(keys),
  };
}

/** What one run of `npm run doctor -- --json` said. */
export interface Examined {
  code: number | null;
  /** `told → remedy` by line, of those that are red. */
  red: Record<string, string>;
  notChecked: string[];
  report: Report;
  output: string;
}

/** Runs the doctor as typed, with these variables. */
export async function examined(variables: Variables, ...args: string[]): Promise<Examined> {
  const { code, output, faults } = await runCommandWith(variables, 'doctor', '--json', ...args);
  if (faults.length > 0) throw new Error(`the doctor itself fails: ${faults.join('\n')}`);
  const report = JSON.parse(output) as Report;
  const red = report.lines.filter(({ status }) => status === 'failed');
  return {
    code,
    red: Object.fromEntries(red.map(({ id, told, remedy }) => [id, `${told} → ${remedy}`])),
    notChecked: report.lines.filter(({ status }) => status === 'not checked').map(({ id }) => id),
    report,
    output,
  };
}

/** Those of the secrets, the target's and the variables', that stand in a text in any form. */
export function secretsIn(text: string, target: Target, variables: Variables): string[] {
  const secret = /^(?:KESTRA_PASSWORD|NOTION_TOKEN|RESEND_API_KEY|WEBHOOK_KEY_.*)$/;
  const given = Object.entries(variables).flatMap(([name, value]) =>
    secret.test(name) && value ? value : [],
  );
  return [...target.secrets, ...given].filter((one) => formsOf(one).some((form) => text.includes(form)));
}
