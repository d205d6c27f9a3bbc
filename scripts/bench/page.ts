import { escaped, goalChart, partsChart, samplesChart, trendChart } from './charts.ts';
import { type Change, compare, earlierOf, machineOf, type Trend, trendsOf } from './compare.ts';
import { amount, inOrder, isMet, type Result } from './result.ts';

/**
 * One self-contained page about these results: the newest value of every figure, its charts, and its way so far; the newest
 * result beside the one before it, of all or of those that are named. Throws for none.
 */
export function page(results: readonly Result[], comparedWith: readonly Result[] = results): string {
  const newest = inOrder(results).at(-1);
  if (!newest) throw new Error('There is no result to make a page of.');
  const before = earlierOf(newest, comparedWith);
  const trends = trendsOf(results);
  const { machine, versions } = newest;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Bench of the harness</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; color: #0f172a; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 2.5rem; }
h2.part { text-transform: capitalize; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #e2e8f0; vertical-align: top; }
td.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.met { color: #15803d; } .missed { color: #b91c1c; font-weight: 600; } .quiet { color: #475569; }
article { margin: 1.5rem 0; } h3 { margin: 0 0 .25rem; font-size: 1rem; }
svg { display: block; margin: .5rem 0; max-width: 100%; height: auto; font-size: 11px; }
</style>
</head>
<body>
<h1>Bench of the harness</h1>
<p>Newest result: ${escaped(newest.takenAt.slice(0, 16).replace('T', ' '))} UTC, commit ${escaped(newest.commit)}, ${escaped(machineOf(newest))}, ${Math.round(machine.memoryMb / 1_000)} GB, ${escaped(machine.platform)}; ${escaped(
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
  )}.</p>
${busyWarning(newest)}
<h2>Goals</h2>
${goals(trends)}
${before ? changes(compare(newest, before), before, newest) : ''}
${groups(trends)
  .map(([part, of]) => `<h2 class="part">${escaped(part)}</h2>${of.map(figure).join('')}`)
  .join('\n')}
</body>
</html>
`;
}

function busyWarning({ machine: { loadBefore, cores } }: Result): string {
  if (loadBefore <= cores) return '';
  return `<p class="missed">The machine was busy before it (${loadBefore} processes wanted one of ${cores} cores): wall times say little, CPU times hold.</p>`;
}

function goals(trends: readonly Trend[]): string {
  const rows = trends.flatMap(({ figure: one, newest }) => {
    if (one.goal === undefined) return [];
    return `<tr><td>${escaped(one.what)}</td><td class="number">${amount(one.value, one.unit)}</td><td class="number quiet">at most ${amount(one.goal, one.unit)}</td><td>${verdict(one)}</td><td class="quiet">${escaped(newest.commit)}</td></tr>`;
  });
  return `<table><tr><th>figure</th><th>measured</th><th>goal</th><th></th><th>commit</th></tr>${rows.join('')}</table>`;
}

const verdict = (one: Trend['figure']): string =>
  isMet(one) ? '<span class="met">met</span>' : '<span class="missed">missed</span>';

function changes(all: readonly Change[], before: Result, now: Result): string {
  const other =
    machineOf(now) === machineOf(before)
      ? ''
      : `<p class="missed">Taken on another machine (${escaped(machineOf(before))}): the two can't be compared.</p>`;
  const rows = all.map(({ figure: one, before: earlier, ratio, verdict: how }) => {
    const percent =
      ratio === undefined ? '' : `${ratio >= 1 ? '+' : '−'}${Math.abs((ratio - 1) * 100).toFixed(0)} %`;
    return `<tr><td>${escaped(one.what)}</td><td class="number">${earlier === undefined ? '–' : amount(earlier, one.unit)}</td><td class="number">${amount(one.value, one.unit)}</td><td class="number">${percent}</td><td class="${how === 'worse' ? 'missed' : how === 'better' ? 'met' : 'quiet'}">${how}</td></tr>`;
  });
  return `<h2>Against ${escaped(before.commit)}</h2><p class="quiet">${escaped(before.takenAt.slice(0, 16).replace('T', ' '))} UTC. Within a tenth counts as the same.</p>${other}
<table><tr><th>figure</th><th>before</th><th>now</th><th></th><th></th></tr>${rows.join('')}</table>`;
}

/** By the part that measured them: what stands before the first dot of their ids. */
function groups(trends: readonly Trend[]): Array<[string, Trend[]]> {
  const parts = new Map<string, Trend[]>();
  for (const trend of trends) {
    const part = trend.figure.id.split('.')[0] ?? '';
    parts.set(part, [...(parts.get(part) ?? []), trend]);
  }
  return [...parts];
}

const figure = ({ figure: one, points, newest }: Trend): string => `<article id="${escaped(one.id)}">
<h3>${escaped(one.what)}: ${amount(one.value, one.unit)} ${one.goal === undefined ? '' : verdict(one)}</h3>
${one.note ? `<p class="quiet">${escaped(one.note)}</p>` : ''}
${goalChart(one)}${partsChart(one)}${samplesChart(one)}${trendChart(one, points)}
<p class="quiet">${escaped(one.id)}, commit ${escaped(newest.commit)}</p>
</article>`;
