import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'dotenv';
import { build } from 'esbuild';
import { strangers } from '../../helpers/addresses.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import type { Lead } from '../../helpers/factories/lead.ts';
import { inheritedEnv } from '../../helpers/env.ts';
import type { Site } from '../../helpers/site.ts';
import type { Target } from '../../helpers/target.ts';
import { TEST_MAILBOX } from '../../helpers/test-mailbox.ts';
import { block, type Executed, writeProject } from '../../scripts/docs/website-integration.ts';
import { root } from '../../stack/paths.ts';

const run = promisify(execFile);

type Route = Extract<Executed, `${string}/api/${string}`>;

/** Calls a route as Next.js does. The process ends when all that the route began has ended. */
const callerOf = (route: Route): string => (route.startsWith('app/') ? appRouter(route) : pagesRouter(route));

const appRouter = (route: Route): string => `
    import { POST } from './${route}';
    const headers = { 'content-type': 'application/json' };
    const answer = await POST(new Request('http://site.test', { method: 'POST', headers, body: process.argv[2] }));
    console.log(JSON.stringify({ status: answer.status, body: await answer.json() }));`;

const pagesRouter = (route: Route): string => `
    import handler from './${route}';
    const answer = {};
    const response = {
      status(status) { return Object.assign(answer, { status }) && response; },
      json(body) { Object.assign(answer, { body }); },
    };
    await handler({ method: 'POST', body: JSON.parse(process.argv[2]) }, response);
    console.log(JSON.stringify(answer));`;

/** The code of docs/website-integration.md, run as its reader runs it: in a process and a folder of its own. */
export class WebsiteCode {
  readonly #folder: string;
  readonly #websiteFolder: string;
  readonly #variables: Record<string, string>;

  constructor(
    folder: string,
    target: Pick<Target, 'websiteFolder' | 'websiteVariables'>,
    { mode }: Pick<Site, 'mode'>,
  ) {
    const ofStack = target.websiteVariables(mode);
    const ofPage = parse(block('.env.local'));
    this.#folder = folder;
    this.#websiteFolder = target.websiteFolder;
    this.#variables = Object.fromEntries(
      [...Object.keys(ofPage), 'RESEND_BASE_URL'].map((name) => [name, ofStack[name] ?? ofPage[name] ?? '']),
    );
  }

  /** Posts `body` to a route of the page; what it answered. */
  async post(route: Route, body: object): Promise<unknown> {
    writeProject(this.#folder, this.#websiteFolder);
    this.#withPatience();
    const outfile = join(this.#folder, `${route.replaceAll('/', '-')}.mjs`);
    await build({
      stdin: { contents: callerOf(route), resolveDir: this.#folder },
      bundle: true,
      platform: 'node',
      format: 'esm',
      external: ['@react-email/render'], // an extra of Resend's that nobody here uses
      nodePaths: [join(root, 'node_modules')], // reports may be outside of the repository
      outfile,
      logLevel: 'silent',
    });
    const answer: unknown = JSON.parse(await this.#run(process.execPath, [outfile, JSON.stringify(body)]));
    await rm(this.#folder, { recursive: true }); // what failed stays, to be looked at
    return answer;
  }

  /** Runs a call of the page about `lead`; what Kestra answered. */
  async curl(name: 'sign-up' | 'assessment', lead: Lead): Promise<unknown> {
    const code = block(name).replaceAll('user@example.com', lead.email);
    const outside = strangers(code, TEST_MAILBOX);
    if (outside.length > 0) throw new Error(`Not run: the block holds addresses: ${outside.join(', ')}`);
    return JSON.parse(await this.#run('sh', ['-c', code]));
  }

  /** A slow engine answers after the page's ten seconds, and is then called twice. */
  #withPatience(): void {
    const file = join(this.#folder, 'lib/kestra-funnel.ts');
    const text = readFileSync(file, 'utf8');
    const patient = text.replace('TIMEOUT_MS = 10_000', `TIMEOUT_MS = ${BUDGET.siteCallMs}`);
    if (patient === text) throw new Error(`${file} no longer says how long it waits`);
    writeFileSync(file, patient);
  }

  async #run(command: string, args: string[]): Promise<string> {
    const env = inheritedEnv({ ...this.#variables, no_proxy: '127.0.0.1' });
    return (await run(command, args, { env, timeout: BUDGET.handlerMs })).stdout;
  }
}
