import { defineConfig } from '@playwright/test';
import base from './playwright.config.ts';

/** Tests that go wrong on purpose, each in its own way: specs/night runs them and looks at what a night makes of it. */
export default defineConfig({
  ...base,
  testDir: 'specs/rehearsal',
  testMatch: '*.rehearsal.ts',
  projects: [{ name: 'rehearsal' }],
});
