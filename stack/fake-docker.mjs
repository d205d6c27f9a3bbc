#!/usr/bin/env node
// Plays `docker` in stack/docker-engine.test.ts: notes how it was called, and answers at Kestra's port while it is "up".
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

// A program of its own, told by its environment as docker would be.
// oxlint-disable-next-line no-process-env
const variables = process.env;
const { FAKE_DOCKER_FOLDER: folder, FAKE_DOCKER_FAILS: fails, ENGINE_PORT: port } = variables;
const args = process.argv.slice(2);
const pidFile = `${folder}/server.pid`;
const [first, ...rest] = args;
const command = first === 'compose' ? `compose ${rest.find((one) => !one.startsWith('--'))}` : first;

if (command === 'serve') {
  createServer((request, response) => {
    const ok = request.url === '/api/v1/configs' && request.headers.authorization;
    response.writeHead(ok ? 200 : 401, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ version: '1.3.31' }));
  }).listen(Number(port), '127.0.0.1', () => writeFileSync(pidFile, String(process.pid)));
} else {
  appendFileSync(
    `${folder}/calls.jsonl`,
    `${JSON.stringify({ command, args, variables: Object.keys(variables) })}\n`,
  );
  if (fails === command) {
    console.error(`no ${command} today`);
    process.exit(1);
  }
  if (command === 'compose version') console.log(variables['FAKE_DOCKER_VERSION'] ?? '2.40.3');
  if (command === 'compose up') {
    spawn(process.execPath, [import.meta.filename, 'serve'], { detached: true, stdio: 'ignore' }).unref();
    while (!existsSync(pidFile)) await new Promise((wait) => setTimeout(wait, 20));
  }
  if (command === 'compose down' && existsSync(pidFile)) {
    process.kill(Number(readFileSync(pidFile, 'utf8')));
    rmSync(pidFile);
  }
  // A container's log ends with it.
  if (command === 'compose logs' && args.includes('--follow')) {
    console.log('Kestra speaks');
    while (existsSync(pidFile)) await new Promise((wait) => setTimeout(wait, 20));
  }
}
