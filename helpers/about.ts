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
  /** One plain sentence: what would be wrong in the business if this failed. */
  purpose: string;
  severity?: 'blocker' | 'critical' | 'normal' | 'minor';
  issue?: string;
}

/** What the report tells of a describe or a test, known when it is written. */
export const about = ({ feature, purpose: sentence, severity = 'normal', issue }: About) => [
  { type: 'allure.label.epic', description: 'Sales funnel' },
  { type: 'allure.label.feature', description: feature },
  { type: 'allure.label.severity', description: severity },
  purpose(sentence),
  ...(issue ? [{ type: 'issue', description: issue }] : []),
];

/** A test's own purpose, where its describe's is too wide. */
export const purpose = (sentence: string) => ({ type: 'description', description: sentence });
