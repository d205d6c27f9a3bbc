// npm run e2e [-- arguments for Playwright]: the suite on its local stack, then the report. Ends as the suite ended.
import { runScript, runSuite } from './steps.ts';

const suite = await runSuite(process.argv.slice(2));
const report = await runScript('report', 'output');
process.exitCode = suite.code || report.code;
