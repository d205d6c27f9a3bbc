import { z } from 'zod';

export const Hooks = z.object({
  title: z.string(),
  passed: z.boolean(),
  worker: z.number(),
  /** From the test's begin to its first line. */
  beforeMs: z.number(),
  /** From its last line to its end, evidence and clean-up included. */
  afterMs: z.number(),
  error: z.string().optional(),
});
/** What surrounded one test. */
export type Hooks = z.infer<typeof Hooks>;
