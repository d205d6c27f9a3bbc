import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkPython } from './python-lint.ts';
import { FlowSource } from './source.ts';

const library = (text: string) => ({
  flows: [],
  files: [
    { file: 'lib/plan.py', path: '/lib/plan.py', text },
    { file: 'lib/names.py', path: '/lib/names.py', text: '' },
    { file: 'templates/a.html', path: '/templates/a.html', text: 'import socket' },
  ],
});

const SOUND = [
  'import json, re, sys\nfrom datetime import datetime\nfrom html.parser import HTMLParser',
  'from . import names\nfrom .names import x\nfrom lib.names import y\nfrom lib import names as n',
  'import os\nprint(os.path.join("a", os.environ["B"]))',
  'from os import path',
  'socket = 1\nprint(socket)',
];

const BROKEN: Array<[string, number, RegExp]> = [
  ['x = 1\nimport socket', 2, /imports socket: /],
  ['import urllib.request', 1, /imports urllib\.request/],
  ['from urllib.request import urlopen', 1, /imports urlopen from urllib\.request/],
  ['def f():\n    import http.client', 2, /imports http\.client/],
  ['import requests', 1, /imports requests/],
  ['import json, subprocess', 1, /imports subprocess/],
  ['import asyncio', 1, /imports asyncio/],
  ['import importlib', 1, /imports importlib/],
  ['from os import system', 1, /imports system from os/],
  ['from os import *', 1, /imports \* from os/],
  ['import os\nos.system("x")', 2, /uses os\.system/],
  ['import os as o\n\no.popen("x")', 3, /uses os\.popen/],
  ['import sys\nsys.modules["x"]', 2, /uses sys\.modules/],
  ['__import__("socket")', 1, /uses __import__/],
  ['exec("x")', 1, /uses exec/],
  ['from . import gone', 1, /imports gone from \.: lib\/ has no such module/],
  ['from .gone import x', 1, /lib\/ has no such module/],
  ['from lib.gone import x', 1, /lib\/ has no such module/],
  ['x = (', 1, /Python cannot compile it/],
  ['\nreturn 1', 2, /Python cannot compile it: 'return' outside function/],
];

describe('the Python of the flows', () => {
  for (const text of SOUND) {
    test(`may say ${JSON.stringify(text)}`, async () => {
      assert.deepEqual(await checkPython(library(text)), []);
    });
  }

  test('may not reach for the network, for programs or for what is not there', async () => {
    for (const [text, line, reason] of BROKEN) {
      const [finding] = await checkPython(library(text));

      assert.ok(finding, `nothing found in ${JSON.stringify(text)}`);
      assert.match(finding.reason, reason);
      assert.deepEqual([finding.file, finding.line], ['lib/plan.py', line], text);
    }
  });

  test('is judged in the scripts of a flow too, with the line of the flow', async () => {
    const flow = new FlowSource(
      'flows/a.yaml',
      'tasks:\n  - type: io.kestra.plugin.scripts.python.Script\n    script: |\n      import json\n      import socket\n',
    );

    const findings = await checkPython({ flows: [flow], files: [] });

    assert.deepEqual(
      findings.map(({ file, line }) => [file, line]),
      [['flows/a.yaml', 5]],
    );
  });

  test('an interpreter that is not there is an error with a remedy', async () => {
    await assert.rejects(checkPython(library('x = 1'), '/nowhere/python3'), /npm run setup/);
  });
});
