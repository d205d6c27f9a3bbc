import { join } from 'node:path';
import { given } from '../../helpers/env.ts';
import { root } from '../../stack/paths.ts';
import { readArguments, runCommand, UsageError } from '../command-line.ts';
import { SOURCE_NAMESPACE } from '../flows/source.ts';
import { doctor, IDS } from './doctor.ts';
import { reportText } from './report.ts';

const USAGE = `Usage: npm run doctor [-- options]

Looks at everything a night needs, a line each, with what to do where something is wrong. It changes nothing; what it leaves
behind is one execution of the flow health-check, which sends and writes nothing. No webhook is fired.

Options
  --namespace NAME    The deployment to look at. Default: ${SOURCE_NAMESPACE}.
  --production NAME   The deployment that must not be in TESTING_MODE. Default: ${SOURCE_NAMESPACE}.
  --skip ID,ID        Leave these lines out, and what needs them: ${IDS.join(', ')}.
  --json              As JSON.
  --help              This text.

It looks at the kept local stack (npm run stack); with TARGET=homelab at what the variables of .env.example name.
Exit code 0 when all is well, 1 when something is not.`;

async function main(args: string[]): Promise<number> {
  const { values, positionals } = readArguments({
    args,
    allowPositionals: true,
    options: {
      namespace: { type: 'string' },
      production: { type: 'string' },
      skip: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const { namespace = SOURCE_NAMESPACE, production = SOURCE_NAMESPACE, skip = '', json = false } = values;
  if (positionals.length > 0) throw new UsageError(`options alone, not ${positionals.length} words`);
  for (const [option, name] of Object.entries({ namespace, production })) {
    if (!/^[a-z0-9][a-z0-9._-]*$/.test(name)) {
      throw new UsageError(`--${option} takes lower-case letters, digits, dots, dashes and underscores`);
    }
  }
  const skipped = new Set(skip.split(',').flatMap((id) => id.trim() || []));
  const unknown = [...skipped].filter((id) => !IDS.includes(id));
  if (unknown.length > 0) throw new UsageError(`--skip: no line is called ${unknown.join(', ')}`);

  const report = await doctor(given(), {
    namespace,
    production,
    skip: skipped,
    folder: join(root, 'flows', SOURCE_NAMESPACE),
  });
  console.log(json ? JSON.stringify(report, null, 2) : reportText(report));
  return report.ok ? 0 : 1;
}

await runCommand(USAGE, main);
