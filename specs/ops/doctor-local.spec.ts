import { about, expect, test } from '../../fixtures/index.ts';
import { examined, secretsIn } from './attached.ts';

const purpose = 'Anybody can try the doctor on a machine of their own, without a variable.';

test.describe(
  'doctor, of the local stack',
  { tag: '@ops', annotation: about({ feature: 'Safety', covers: ['1.3'], purpose }) },
  () => {
    test('needs no variable, and finds nothing wrong', async ({ target }) => {
      const { code, red, notChecked, report, output } = await examined({ TARGET: 'local' });

      expect({ code, red, notChecked }).toEqual({ code: 0, red: {}, notChecked: [] });
      expect(report).toMatchObject({ target: 'local', namespace: target.namespaces.production, ok: true });
      expect(secretsIn(output, target, {})).toEqual([]);
    });
  },
);
