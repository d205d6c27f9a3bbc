export type Segment = 'CRITICAL' | 'URGENT' | 'OPTIMIZE';

/** The lead's segment by red and orange systems; yellow and green play no part. Stated here independently of the flows. */
export function segmentOf({ red, orange }: { red: number; orange: number }): Segment {
  if (red >= 2) return 'CRITICAL';
  if (red === 1 || orange >= 2) return 'URGENT';
  return 'OPTIMIZE';
}

/** Who is called first: 1 before 2 before 3. */
export const PRIORITY: Record<Segment, number> = { CRITICAL: 1, URGENT: 2, OPTIMIZE: 3 };

/** The nine cases of the specification, written out and not computed. */
export const SEGMENT_CASES: ReadonlyArray<{ red: number; orange: number; segment: Segment }> = [
  { red: 2, orange: 0, segment: 'CRITICAL' },
  { red: 3, orange: 1, segment: 'CRITICAL' },
  { red: 8, orange: 0, segment: 'CRITICAL' },
  { red: 1, orange: 0, segment: 'URGENT' },
  { red: 1, orange: 2, segment: 'URGENT' },
  { red: 0, orange: 2, segment: 'URGENT' },
  { red: 0, orange: 3, segment: 'URGENT' },
  { red: 0, orange: 1, segment: 'OPTIMIZE' },
  { red: 0, orange: 0, segment: 'OPTIMIZE' },
];
