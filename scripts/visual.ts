// npm run visual: takes this machine's pictures of the website's pages anew. The folder is what turns the comparison on.
import { mkdirSync } from 'node:fs';
import { visualBaselines } from '../helpers/visual-baselines.ts';
import { runCommand } from './steps.ts';

mkdirSync(visualBaselines().folder, { recursive: true });
const command = 'playwright test --project=visual --update-snapshots';
process.exitCode = (await runCommand(command, 'output', process.argv.slice(2))).code;
