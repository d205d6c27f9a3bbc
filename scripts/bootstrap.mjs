#!/usr/bin/env node
// Sets up what the local stack needs, and says for each step whether it was there. Safe to run at any time.
//   node scripts/bootstrap.mjs            set up
//   node scripts/bootstrap.mjs --quiet    the same, silent when there is nothing to do
//   KESTRA_VERSION=… node scripts/bootstrap.mjs    the same for that version, beside what is there
//   node scripts/bootstrap.mjs --check    only look; exit 1 and name the command when something is missing
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from './setup/chromium.mjs';
import { aotCache, engineJars } from './setup/engine.mjs';
import { jdk } from './setup/jdk.mjs';
import { faketime } from './setup/faketime.mjs';
import { kestraVersion, setupCommand } from './setup/kestra-versions.mjs';
import { env, Missing, setupFolder } from './setup/machine.mjs';
import { maven } from './setup/maven.mjs';
import { myTurn } from './setup/turn.mjs';
import { npmPackages } from './setup/npm-packages.mjs';
import { python } from './setup/python.mjs';

// Downloads and the engine's build have little to do with each other: side by side they save half a minute.
const tracks = [
  [npmPackages, chromium, faketime],
  [jdk, maven, python, engineJars, aotCache],
];
const setupFile = join(setupFolder, 'setup.json');
const quiet = process.argv.includes('--quiet');
const checkOnly = process.argv.includes('--check');

function readFile() {
  try {
    return JSON.parse(readFileSync(setupFile, 'utf8'));
  } catch {
    return {};
  }
}

/** What is known for the wanted version; of another, what is no business of the engine. */
function readSetup() {
  const { engines, ...common } = readFile();
  return { ...common, ...engines?.[version] };
}

/** @param {{ engine?: object, aot?: object }} setup */
function writeSetup({ engine, aot, ...common }) {
  const engines = { ...readFile().engines, [version]: { engine, aot } };
  const text = `${JSON.stringify({ ...common, engines }, undefined, 2)}\n`;
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

const version = wantedVersion();
mkdirSync(setupFolder, { recursive: true });
const before = readSetup();
let setup = before;

function wantedVersion() {
  try {
    return kestraVersion(env.KESTRA_VERSION);
  } catch (error) {
    console.error(/** @type {Error} */ (error).message);
    process.exit(1);
  }
}

/** @param {(typeof tracks)[number]} steps */
async function walk(steps) {
  for (const step of steps) {
    const stepStart = performance.now();
    let found = await step.find(setup);
    if (!found && !checkOnly) {
      await myTurn();
      found = await step.find({ ...setup, ...readSetup() }); // another set-up may just have done it
    }
    if (!found && checkOnly) throw new Missing(`${step.name} missing or out of date`, setupCommand(version));
    if (!found && 'takes' in step) console.log(`  ${step.name}: ${step.takes}`);
    const { detail, ...facts } = /** @type {{ detail?: string }} */ (found) ?? (await step.install(setup));
    setup = { ...setup, ...facts };
    if (!found) writeSetup(setup);
    if (!found || !(quiet || checkOnly)) say(step.name, found ? 'ok' : 'installed', since(stepStart), detail);
  }
}

const outcomes = await Promise.allSettled(tracks.map(walk));
if (!checkOnly && JSON.stringify(setup) !== JSON.stringify(before)) writeSetup(setup);

const faults = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
for (const fault of faults) {
  if (!(fault instanceof Missing)) throw fault;
  console.error(`Set-up is not complete: ${fault.message}\nRun: ${fault.command}`);
  if (checkOnly) break; // one command cures all
}
if (faults.length > 0) process.exit(1);
if (!quiet) console.log(`Set-up complete (${since(start)})`);
