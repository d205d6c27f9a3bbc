import { z } from 'zod';

const databases = z.object({
  contacts: z.string(),
  tracker: z.string(),
  templates: z.string(),
  analytics: z.string(),
  projects: z.string(),
});

/** What a running local stack tells the harness. Holds secrets of that stack only; written with mode 600. */
export const StackFile = z.object({
  version: z.string(),
  /** What runs Kestra: this repository's JVM, containers that the stack started, or one that was there before it. */
  engine: z.enum(['embedded', 'docker', 'running']),
  pid: z.number().int(),
  startedAt: z.iso.datetime(),
  /** Whether it stays up when the run is over. */
  kept: z.boolean(),
  logFolder: z.string(),
  testingMinuteSeconds: z.number().positive(),
  testMailbox: z.string(),
  commit: z.string(),
  namespaces: z.object({ production: z.string(), testing: z.string() }),
  kestra: z.object({
    url: z.url(),
    managementUrl: z.url(),
    version: z.string(),
    user: z.string(),
    password: z.string(),
    webhookKeys: z.record(z.enum(['signup', 'assessment', 'noshow', 'postcall', 'onboarding']), z.string()),
  }),
  /** Two tokens, so that a fault can strike the flows and spare the harness that looks on. */
  notion: z.object({ url: z.url(), token: z.string(), flowsToken: z.string(), databases }),
  resend: z.object({
    url: z.url(),
    /** The sender of Kestra's mails, as they show it. */
    from: z.string(),
    keys: z.object({ website: z.string(), kestra: z.string(), harness: z.string() }),
  }),
  /** The flows that are deployed, where these are not the checkout's. */
  flowsFolder: z.string().optional(),
  /** The reference website's code, where it is not the checkout's. */
  websiteFolder: z.string().optional(),
  /** The reference website: behind each deployment, and as the real site is today. */
  websites: z.object({ production: z.url(), testing: z.url(), asItIs: z.url() }),
  /** Where alerts arrive, and the hooks' tokens. */
  alerts: z.object({ url: z.url(), tokens: z.object({ discord: z.string(), slack: z.string() }) }),
});
export type StackFile = z.infer<typeof StackFile>;
