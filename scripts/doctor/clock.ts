import { fault, type Verdict, well } from './examine.ts';

/** One answer's `Date` header, and this machine's clock around it. */
export interface Glance {
  service: string;
  date: string;
  askedAt: number;
  answeredAt: number;
}

/** Machines that keep time by the net are within a fraction of a second; delays are asserted to the second. */
const MOST_MS = 5_000;

/** How far ahead of ours a server's clock is at the least, in ms: its header has whole seconds, and the answer travelled. */
export function skewMs({ date, askedAt, answeredAt }: Glance): number {
  const told = Date.parse(date);
  const [least, most] = [told - answeredAt, told + 1_000 - askedAt];
  if (least > 0) return least;
  return most < 0 ? most : 0;
}

/** Whose clock is wrong, as far as it can be told. Glances without a readable date are left out by the caller. */
export function clockVerdict(glances: readonly Glance[]): Verdict {
  const all = glances.map((glance) => ({ service: glance.service, ms: skewMs(glance) }));
  const off = all.filter(({ ms }) => Math.abs(ms) > MOST_MS);
  if (off.length === 0) {
    return well(
      `within ${MOST_MS / 1_000} s of ${all
        .map(({ service }) => service)
        .toSorted()
        .join(', ')}`,
    );
  }
  const told = off
    .map(
      ({ service, ms }) =>
        `${service} is ${(Math.abs(ms) / 1_000).toFixed(0)} s ${ms > 0 ? 'ahead' : 'behind'}`,
    )
    .join(', ');
  const ours = off.length > 1 && off.length === all.length;
  return fault(
    told,
    `set ${ours ? "this machine's clock" : `the clock there`} by the net (timedatectl set-ntp true)`,
  );
}
