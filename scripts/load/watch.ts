import { poll } from '../../helpers/wait.ts';

/** What is looked at every few seconds. */
export interface Look {
  mails: number;
  /** Executions that have not ended, those that wait for their date among them. */
  open: number;
}

export interface Watched {
  read: () => Promise<Look>;
  /** Whether every webhook has been sent. */
  over: () => boolean;
  /** When the last mail is due: before, nothing need change. */
  due: () => Date;
  onLook?: (look: Look) => void;
  everyMs?: number;
  /** So long without any change after that, and nobody waits any more. */
  stalledMs?: number;
}

const EVERY_MS = 5_000;
const STALLED_MS = 600_000;
/** A search may lag behind, and a parent ends a moment before what its end starts. */
const QUIET_LOOKS = 2;

/** Waits until nothing is under way; what stood still when it gave up, or undefined. */
export async function untilQuiet({
  read,
  over,
  due,
  onLook = () => undefined,
  everyMs = EVERY_MS,
  stalledMs = STALLED_MS,
}: Watched): Promise<string | undefined> {
  let quiet = 0;
  let last = { mails: -1, open: -1, at: Date.now() };
  const { value } = await poll(
    async () => {
      const isOver = over();
      const look = await read();
      onLook(look);
      if (look.mails !== last.mails || look.open !== last.open) last = { ...look, at: Date.now() };
      quiet = isOver && look.open === 0 ? quiet + 1 : 0;
      const since = Math.max(last.at, due().getTime());
      const stalled = isOver && Date.now() - since > stalledMs;
      return { ...look, stalled };
    },
    ({ stalled }) => stalled || quiet >= QUIET_LOOKS,
    Infinity,
    undefined,
    everyMs,
  );
  return value.stalled
    ? `${value.open} executions have not ended, and nothing has changed for ${stalledMs / 1_000} s`
    : undefined;
}
