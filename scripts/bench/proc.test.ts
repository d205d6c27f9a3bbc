import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { byRole, roleOf } from './measured-run.ts';
import { commandOf, parseStat, threadsOf, treeOf, type Usage, usageOf, usedBetween } from './proc.ts';

const STAT =
  '4242 (Queue (2) main) S 17 4242 4242 0 -1 4194560 1 2 3 4 150 25 310 40 20 0 61 0 5005 3000000000 100000 18446744073709551615 1 1 0 0 0 0 0';

test('a stat file is read by position, behind a name that holds spaces and brackets', () => {
  assert.deepEqual(parseStat(STAT), {
    pid: 4242,
    name: 'Queue (2) main',
    parent: 17,
    cpuMs: 1_750,
    childrenMs: 3_500,
    residentBytes: 409_600_000,
  });
  assert.throws(() => parseStat('no such thing'), /Not a stat file/);
  assert.throws(() => parseStat('1 (cut) S 17'), /Not a stat file/);
});

const usage = (name: string, cpuMs: number): Usage => ({
  pid: 1,
  name,
  parent: 0,
  cpuMs,
  childrenMs: 0,
  residentBytes: 0,
});

test('threads of one kind are summed, the greediest first; one that began meanwhile counts whole, an idle one not at all', () => {
  const before = new Map([
    [11, usage('worker_1', 100)],
    [12, usage('worker_2', 200)],
    [13, usage('GC Thread#0', 50)],
  ]);
  const after = new Map([
    [11, usage('worker_1', 110)],
    [12, usage('worker_2', 230)],
    [13, usage('GC Thread#0', 50)],
    [14, usage('scheduler', 60)],
  ]);
  assert.deepEqual(Object.entries(usedBetween(before, after)), [
    ['scheduler', 60],
    ['worker', 40],
  ]);
});

const linux = { skip: process.platform === 'linux' ? false : 'there is no /proc' };

test('a busy process has used CPU, stands below this one, and is gone when it has ended', linux, async () => {
  const loop = 'const until = Date.now() + 60_000; process.stdout.write("up"); while (Date.now() < until);';
  const child = spawn(process.execPath, ['--eval', loop], { stdio: ['ignore', 'pipe', 'ignore'] });
  const pid = Number(child.pid);
  try {
    await once(child.stdout, 'data');
    const before = usageOf(pid);
    assert.ok(before);
    // It is given time by the system sooner or later, so this ends, however busy the machine.
    let now = before;
    while (now.cpuMs < before.cpuMs + 100) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      now = usageOf(pid) ?? now;
    }
    assert.equal(now.parent, process.pid);
    assert.ok(now.residentBytes > 1_000_000, `${now.residentBytes} bytes resident`);
    assert.ok(treeOf(process.pid).some((one) => one.pid === pid));
    assert.ok(threadsOf(pid).has(pid));
    assert.match(commandOf(pid), /--eval/);
  } finally {
    const ended = once(child, 'exit');
    const waitedBefore = usageOf('self')?.childrenMs ?? 0;
    child.kill('SIGKILL');
    await ended;
    assert.ok(
      (usageOf('self')?.childrenMs ?? 0) >= waitedBefore + 100,
      'its time counts as that of an ended child',
    );
  }
  assert.equal(usageOf(pid), undefined);
  assert.deepEqual(treeOf(pid), []);
  assert.equal(commandOf(pid), '');
});

test('CPU time is told by role: the engine’s children are its Python tasks, and what nobody was seen to use is the rest', () => {
  const seen = new Map([
    [1, { role: 'engine', usage: { cpuMs: 500, childrenMs: 200 } }],
    [2, { role: 'spec workers', usage: { cpuMs: 100, childrenMs: 0 } }],
    [3, { role: 'spec workers', usage: { cpuMs: 50, childrenMs: 70 } }],
    [4, { role: 'Python tasks', usage: { cpuMs: 30, childrenMs: 0 } }],
    [5, { role: 'rest', usage: { cpuMs: 40, childrenMs: 900 } }],
  ]);

  assert.deepEqual(byRole(seen, 1_000), { engine: 500, 'Python tasks': 200, 'spec workers': 150, rest: 150 });
});

test('a process is known by its command line', () => {
  const node = '/usr/bin/node';
  assert.equal(roleOf('/jdk/bin/java @jvm.options -cp a.jar dev.funnel.engine.Main --port 0'), 'engine');
  assert.equal(roleOf(`${node} --import=tsx /x/stack/main.ts --file=f`), 'stand-ins and websites');
  assert.equal(roleOf(`${node} /x/node_modules/playwright/lib/worker/workerProcessEntry.js`), 'spec workers');
  assert.equal(roleOf('/usr/lib/chromium/chromium --type=renderer'), 'browsers');
  assert.equal(roleOf('/x/.setup/python/bin/python3 /tmp/script.py'), 'Python tasks');
  assert.equal(roleOf(`${node} /x/node_modules/@playwright/test/cli.js test`), 'rest');
});
