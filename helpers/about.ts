type Feature =
  | 'Lead capture'
  | 'Assessment'
  | 'Sequences'
  | 'E-mail split'
  | 'Delays'
  | 'Tracker'
  | 'Resilience'
  | 'Safety'
  | 'Harness';

export interface About {
  feature: Feature;
  /** Ids of the specification's features that the tests prove: `helpers/features.ts`. */
  covers?: readonly string[];
  /** One plain sentence: what would be wrong in the business if this failed. */
  purpose: string;
  severity?: 'blocker' | 'critical' | 'normal' | 'minor';
  issue?: string;
}

/** What the report tells of a describe or a test, known when it is written. */
export const about = ({ feature, covers = [], purpose: sentence, severity = 'normal', issue }: About) => [
  { type: 'allure.label.epic', description: 'Sales funnel' },
  { type: 'allure.label.feature', description: feature },
  ...covers.map((id) => ({ type: 'allure.label.story', description: id })),
  { type: 'allure.label.severity', description: severity },
  purpose(sentence),
  ...(issue ? [{ type: 'issue', description: issue }] : []),
];

/** A test's own purpose, where its describe's is too wide. */
export const purpose = (sentence: string) => ({ type: 'description', description: sentence });

/** The number a case has in the specification's inventory, such as TC-4.11.1: one test each, listed in docs/test-cases.md. */
export const testCase = (id: `TC-${string}`) => ({ type: 'allure.id', description: id });
