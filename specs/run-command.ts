import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { inheritedEnv, type Variables } from '../helpers/env.ts';
import type { Target } from '../helpers/target.ts';
import { root } from '../stack/paths.ts';

const COMMANDS = {
  doctor: 'scripts/doctor/cli.ts',
  flows: 'scripts/flows/cli.ts',
  lead: 'scripts/ops/lead-cli.ts',
  sweep: 'scripts/sweep.ts',
};
type Command = keyof typeof COMMANDS;

/** `npm run flows -- …`, `npm run lead -- …` and the like, in a process of its own, as a person runs them. */
export const runCommand = (name: Command, ...args: string[]) => runCommandWith({}, name, ...args);

/** The same with TARGET=homelab: to the command the target is a Kestra that somebody else started. */
export async function runAttached({ kestra, notion }: Target, name: Command, ...args: string[]) {
  const { contacts, tracker, templates, analytics, projects } = notion.databases;
  const variables = {
    TARGET: 'homelab',
    KESTRA_URL: kestra.url,
    KESTRA_USER: kestra.user,
    KESTRA_PASSWORD: kestra.password,
    NOTION_BASE_URL: notion.url,
    NOTION_TOKEN: notion.token,
    NOTION_CONTACTS_DB_ID: contacts,
    NOTION_EMAIL_SEQUENCE_DB_ID: tracker,
    NOTION_EMAIL_TEMPLATES_DB_ID: templates,
    NOTION_EMAIL_ANALYTICS_DB_ID: analytics,
    NOTION_CUSTOMER_PROJECTS_DB_ID: projects,
  };
  return runCommandWith(variables, name, ...args);
}

/** The same with these variables set; an empty one counts as not set, whatever `.env` says. */
export async function runCommandWith(variables: Variables, name: Command, ...args: string[]) {
  const child = spawn(process.execPath, ['--import=tsx', join(root, COMMANDS[name]), ...args], {
    cwd: root,
    env: inheritedEnv(variables),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  const [output, faults] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await ended;
  return { code: child.exitCode, output, faults: faults.split('\n').filter(Boolean) };
}
