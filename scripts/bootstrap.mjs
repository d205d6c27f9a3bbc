#!/usr/bin/env node
// Sets up what the local stack needs, and says for each step whether it was there. Safe to run at any time.
//   node scripts/bootstrap.mjs            set up
//   node scripts/bootstrap.mjs --quiet    the same, silent when there is nothing to do
//   node scripts/bootstrap.mjs --check    only look; exit 1 and name the command when something is missing
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from './setup/chromium.mjs';
import { aotCache, engineJars } from './setup/engine.mjs';
import { jdk } from './setup/jdk.mjs';
import { Missing, setupFolder } from './setup/machine.mjs';
import { maven } from './setup/maven.mjs';
import { npmPackages } from './setup/npm-packages.mjs';
import { python } from './setup/python.mjs';

const steps = [npmPackages, jdk, maven, python, chromium, engineJars, aotCache];
const setupFile = join(setupFolder, 'setup.json');
const quiet = process.argv.includes('--quiet');
const checkOnly = process.argv.includes('--check');

function readSetup() {
  try {
    return JSON.parse(readFileSync(setupFile, 'utf8'));
  } catch {
    return {};
  }
}

/** @param {object} setup */
function writeSetup(setup) {
  const text = `${JSON.stringify(setup, undefined, 2)}\n`;
  writeFileSync(`${setupFile}.new`, text);
  renameSync(`${setupFile}.new`, setupFile);
}

const since = (/** @type {number} */ start) => `${((performance.now() - start) / 1000).toFixed(1)} s`;

/** @param {string} name @param {string} outcome @param {string} time @param {string} [detail] */
function say(name, outcome, time, detail) {
  console.log(`  ${name.padEnd(14)} ${outcome.padEnd(9)} ${time.padStart(7)}${detail ? `  ${detail}` : ''}`);
}

const start = performance.now();
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Node ${process.versions.node} is too old: 20.19 or newer is needed. Run: nvm install`);
  process.exit(1);
}

mkdirSync(setupFolder, { recursive: true });
const before = readSetup();
let setup = before;
try {
  for (const step of steps) {
    const stepStart = performance.now();
    const found = await step.find(setup);
    if (!found && checkOnly) throw new Missing(`${step.name} missing or out of date`, 'npm run setup');
    if (!found && 'takes' in step) console.log(`  ${step.name}: ${step.takes}`);
    const { detail, ...facts } = /** @type {{ detail?: string }} */ (found) ?? (await step.install(setup));
    setup = { ...setup, ...facts };
    if (!found) writeSetup(setup);
    if (!found || !quiet) say(step.name, found ? 'ok' : 'installed', since(stepStart), detail);
  }
  if (JSON.stringify(setup) !== JSON.stringify(before) && !checkOnly) writeSetup(setup);
  if (!quiet) console.log(`Set-up complete (${since(start)})`);
} catch (error) {
  if (!(error instanceof Missing)) throw error;
  console.error(`Set-up is not complete: ${error.message}\nRun: ${error.command}`);
  process.exit(1);
}
