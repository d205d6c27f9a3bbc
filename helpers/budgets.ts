import { readTargetName } from './env.ts';
import { longestTestingMs } from './timetable.ts';

/**
 * So many tests run at once on this machine. Sixteen are a tenth faster on two quick cores and a few specs; on slow ones,
 * with all specs, whoever waits for a core waits sixteen times as long.
 */
export const LOCAL_WORKERS = 10;

/** So many tests run at once where the services are shared: they wait for minutes, and share Notion's calls a second. */
export const ATTACHED_WORKERS = 6;

/** What is shared is asked seldom: its answer may be so old. */
export const SHARED_FRESH_MS = 4_000;
const isShared = readTargetName() === 'homelab';

/** From a sequence's start to its last mail, of the longest one in TESTING_MODE. */
const SEQUENCE_MS = longestTestingMs();

/**
 * The most each thing may take. Generous on purpose: on two cores all specs share one engine, and a budget that is
 * too long costs nothing when all is well, since waits end with the fact they wait for.
 */
export const BUDGET = {
  /** An assessment alone takes 3 s (Python four times, a dozen calls); with twenty at once each takes 40 s. */
  handlerMs: 240_000,
  /** One `send-email` from the moment it is due: three tries at Resend with waits, then three writes. */
  mailMs: 240_000,
  /** All of a sequence in TESTING_MODE, its last mail included. */
  sequenceMs: SEQUENCE_MS + 240_000,
  /** "Nothing more comes": longer than the second between two overdue mails, and than the engine's delay loop. */
  quietMs: isShared ? 2 * SHARED_FRESH_MS : 2_500,
  /** Kestra's search reads an index, and Notion is written after the mail went. */
  settleMs: 180_000,
  /** How late a mail may leave after its `scheduleDate`, or after its execution was made: the engine's loop (1 s), the queue, Python, the template. */
  latenessMs: 60_000,
  /** From Resend's yes to the receiving server's. */
  deliveryMs: 60_000,
  /** A page of the stand-ins with a thousand rows, in a browser that shares its core with the engine. */
  pageMs: 60_000,
  /** From the visitor's click to a labelled execution: the site's own mail, the call, Kestra's first Python task. */
  siteCallMs: 120_000,
  /** A 404 this soon after a webhook's 200 means "not yet", not "never". */
  appearsMs: 60_000,
  /** What a killed engine was at work on: its successor takes the dead one's tasks over after a minute, and does the rest of them. */
  recoveryMs: 480_000,
  /** One test, its evidence and its clean-up included. The longest runs Playwright some times over. */
  testMs: SEQUENCE_MS + 1_200_000,
} as const;

/** From now to a mail that must not be due before its handler is done and the test has done its part. */
export const AHEAD_MS = 180_000;

/** For `toSettleAt`: so many, and nothing more comes. */
export const SETTLED = { within: BUDGET.settleMs, quietFor: BUDGET.quietMs };

/** For `toSettleAt` where something else proved already that nothing more comes. */
export const BY_NOW = { within: BUDGET.settleMs, quietFor: 0 };
