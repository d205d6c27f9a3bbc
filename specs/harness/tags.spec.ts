import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { about, expect, test } from '../../fixtures/index.ts';
import { GATES } from '../../helpers/gates.ts';

const purpose =
  'A tag selects tests for a run; a gate’s tag that lint does not know could not be used at all.';
const Config = z.looseObject({
  overrides: z.array(z.looseObject({ rules: z.record(z.string(), z.unknown()) })),
});
const Rule = z.tuple([z.literal('error'), z.object({ allowedTags: z.array(z.string()) })]);

test.describe('tags', { tag: '@harness', annotation: about({ feature: 'Harness', purpose }) }, () => {
  test('lint knows exactly the gates of the registry', async () => {
    const { overrides } = Config.parse(JSON.parse(readFileSync('.oxlintrc.json', 'utf8')));
    const rule = overrides.flatMap(({ rules }) => rules['playwright/valid-test-tags'] ?? []);
    const [, { allowedTags }] = Rule.parse(rule);

    const known = allowedTags.filter((tag) => tag.startsWith('@blocked:'));

    expect(known.toSorted()).toEqual(Object.keys(GATES).toSorted());
  });
});
