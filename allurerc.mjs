import { defineConfig } from 'allure';

const failed = /** @type {const} */ (['failed', 'broken']);

export default defineConfig({
  name: 'Sales funnel',
  plugins: {
    awesome: {
      options: {
        reportName: 'Sales funnel',
        reportLanguage: 'en',
        // One file, its data inside: a report in several files does not open from disk, since browsers refuse the reads.
        singleFile: true,
        groupBy: ['feature', 'subSuite'],
      },
    },
  },
  // `npm run report` labels each failure with what it is a sign of: helpers/defects.ts.
  categories: [
    {
      name: 'Outage: a service was gone, these tests accuse nobody',
      matchers: { statuses: failed, labels: { defect: /^Outage/ } },
      groupBy: [{ label: 'defect' }],
    },
    {
      name: 'Product defects',
      matchers: { statuses: failed, labels: { defect: /^Product/ } },
      groupBy: ['owner'],
    },
    {
      name: 'Drift: a real service answers otherwise than its stand-in',
      matchers: { statuses: failed, labels: { defect: /^Drift/ } },
      groupBy: ['owner'],
    },
    {
      name: 'Harness defects',
      matchers: { statuses: failed, labels: { defect: /^Harness/ } },
    },
    {
      name: 'Waits for others',
      matchers: { statuses: ['skipped'], message: /^Blocked since/ },
    },
  ],
});
