import assert from 'node:assert/strict';
import { test } from 'node:test';
import { masked } from './foreign-site.ts';

test('what a site starts with is told without a key where it may be kept', () => {
  assert.equal(
    masked('KESTRA_WEBHOOK_SIGNUP', 'http://127.0.0.1:8080/api/webhook/christmas/signup-handler/the-key'),
    'http://127.0.0.1:8080/api/webhook/christmas/signup-handler/****',
  );
  assert.equal(masked('RESEND_API_KEY', 'the-key'), '****');
  assert.equal(masked('RESEND_BASE_URL', 'http://127.0.0.1:8081'), 'http://127.0.0.1:8081');
});
