import type { Proof } from '../helpers/feature-counts.ts';
import type { FeatureId } from '../helpers/features.ts';
import type { Counts } from './counts.ts';

type Subjects = 'harness' | readonly [FeatureId, ...FeatureId[]];

/** What each file of unit tests and of the flows' tests proves. */
export const FILES: Readonly<Record<string, Subjects>> = {
  'flows/tests/test_alerts.py': ['3.5'],
  'flows/tests/test_mail.py': ['2.3', '2.6'],
  'flows/tests/test_names.py': ['4.14'],
  'flows/tests/test_payload.py': ['2.7'],
  'flows/tests/test_preflight.py': ['1.3', '4.14'],
  'flows/tests/test_sequences.py': ['2.1', '2.5'],
  'flows/tests/test_tasks.py': ['2.7'],
  'flows/tests/test_writes.py': ['2.2', '2.8', '3.6', '4.14'],
  'helpers/clients/notion-fetch.test.ts': 'harness',
  'helpers/defects.test.ts': 'harness',
  'helpers/env-example.test.ts': 'harness',
  'helpers/feature-counts.test.ts': 'harness',
  'helpers/features-reporter.test.ts': 'harness',
  'helpers/foreign-site.test.ts': 'harness',
  'helpers/gates-reporter.test.ts': 'harness',
  'helpers/outage-reporter.test.ts': 'harness',
  'helpers/owners.test.ts': 'harness',
  'helpers/stand-in-state.test.ts': 'harness',
  'scripts/checks.test.ts': 'harness',
  'scripts/counts.test.ts': 'harness',
  'scripts/docs/responsibility-matrix.test.ts': ['4.6'],
  'scripts/docs/schemas.test.ts': ['4.2'],
  'scripts/docs/test-cases.test.ts': 'harness',
  'scripts/docs/webhooks.test.ts': ['4.2'],
  'scripts/docs/website-integration.test.ts': ['4.2', '4.6'],
  'scripts/flows/cli.test.ts': ['1.4'],
  'scripts/flows/connection.test.ts': ['1.2'],
  'scripts/flows/constraints.test.ts': ['1.4'],
  'scripts/flows/deploy.test.ts': ['1.4'],
  'scripts/flows/flows.test.ts': ['1.4'],
  'scripts/flows/hostile-payloads.test.ts': ['2.7'],
  'scripts/flows/payload-schemas.test.ts': ['2.7', '4.2'],
  'scripts/flows/pebble.test.ts': ['1.4'],
  'scripts/flows/python-lint.test.ts': ['1.4'],
  'scripts/flows/rules.test.ts': ['1.4'],
  'scripts/flows/stamp.test.ts': ['1.4'],
  'scripts/flows/urls.test.ts': ['4.1'],
  'scripts/night/history.test.ts': 'harness',
  'scripts/night/merge.test.ts': 'harness',
  'scripts/night/repeats.test.ts': 'harness',
  'scripts/night/verdict.test.ts': 'harness',
  'scripts/night/workflows.test.ts': 'harness',
  'scripts/ops/differences.test.ts': ['2.2', '2.8', '3.6'],
  'scripts/ops/disagreements.test.ts': ['2.4', '2.8'],
  'scripts/ops/lead-cli.test.ts': ['2.4'],
  'scripts/ops/mail-run.test.ts': ['2.4'],
  'scripts/ops/plain-text.test.ts': 'harness',
  'scripts/ops/property-names.test.ts': ['4.14'],
  'scripts/ops/resend-failed.test.ts': ['2.3', '2.4'],
  'scripts/ops/since.test.ts': 'harness',
  'scripts/setup/setup.test.ts': 'harness',
  'stack/kept.test.ts': 'harness',
  'stack/notion/filter.test.ts': 'harness',
  'stack/notion/schemas.test.ts': 'harness',
  'stack/notion/values.test.ts': 'harness',
  'stack/notion/workspace.test.ts': 'harness',
  'stack/version.test.ts': 'harness',
  'stack/website/kestra-funnel.test.ts': ['4.1'],
};

/** The counts of files as what they prove; nothing of a file that is not listed. */
export const proofsOfFiles = (files: ReadonlyMap<string, Counts>): Proof[] =>
  [...files].flatMap(([file, { passed, failed }]) => {
    const subjects = FILES[file];
    return subjects
      ? [{ subjects: typeof subjects === 'string' ? [subjects] : subjects, passed, failed, gated: 0 }]
      : [];
  });
