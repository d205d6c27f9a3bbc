import type { Mode } from './timetable.ts';

/** Which deployment of the flows is meant; the test's own mode when nothing is said. */
export interface Where {
  mode?: Mode;
  /** A deployment by its namespace, for one that is neither mode's. */
  namespace?: string;
}

/** The namespace that is meant. */
export type Resolve = (where: Where) => string;

export const resolverOf =
  (namespaces: Record<Mode, string>, usual: Mode): Resolve =>
  ({ mode = usual, namespace }) =>
    namespace ?? namespaces[mode];
