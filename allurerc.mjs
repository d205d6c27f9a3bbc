import { defineConfig } from 'allure';

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
  categories: [
    {
      name: 'Drift',
      matchers: { statuses: ['failed'], message: /^Drift of / },
    },
    {
      name: 'Waits for others',
      matchers: { statuses: ['skipped'], message: /^Blocked since/ },
    },
    {
      name: 'The stack, not the funnel',
      matchers: {
        statuses: ['failed', 'broken'],
        message: /^Outage of |got no answer|ECONNREFUSED|UND_ERR_|No local stack runs|Test timeout of/,
      },
    },
    {
      name: 'Mails and their times',
      matchers: {
        statuses: ['failed'],
        message: /mails? (?:to|executions of) \S+ (?:on time|to follow)|\d mails to/,
      },
    },
  ],
});
