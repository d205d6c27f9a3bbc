import { expect as base } from '@playwright/test';
import { toBeAccessible } from './to-be-accessible.ts';
import { toFollowTimetable } from './to-follow-timetable.ts';
import { toHaveArrivedOnTime } from './to-have-arrived-on-time.ts';
import { toHaveLostNothing } from './to-have-lost-nothing.ts';
import { toHaveLogged } from './to-have-logged.ts';
import { toHaveTrackerFacts } from './to-have-tracker-facts.ts';
import { toReachState } from './to-reach-state.ts';
import { toSettleAt } from './to-settle-at.ts';

export const expect = base.extend({
  toBeAccessible,
  toFollowTimetable,
  toHaveArrivedOnTime,
  toHaveLogged,
  toHaveLostNothing,
  toHaveTrackerFacts,
  toReachState,
  toSettleAt,
});
