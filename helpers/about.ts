import { type FeatureId, featureIds, storyOf, type Subject } from './features.ts';

type FunnelArea =
  | 'Lead capture'
  | 'Assessment'
  | 'Sequences'
  | 'E-mail split'
  | 'Delays'
  | 'Tracker'
  | 'Resilience'
  | 'Safety';

/** The specification's features that the tests prove: helpers/features.ts. The harness's own tests prove none of them. */
type Proven =
  | { feature: FunnelArea; covers: readonly [FeatureId, ...FeatureId[]] }
  | { feature: 'Harness'; covers?: never };

export type About = Proven & {
  /** One plain sentence: what would be wrong in the business if this failed. */
  purpose: string;
  severity?: 'blocker' | 'critical' | 'normal' | 'minor';
  issue?: string;
};

interface Annotation {
  type: string;
  description?: string | undefined;
}

const STORY = 'allure.label.story';
const ID = 'allure.id';

/** What the report tells of a describe or a test, known when it is written. */
export const about = ({ feature, covers: ids, purpose: sentence, severity = 'normal', issue }: About) => [
  { type: 'allure.label.epic', description: 'Sales funnel' },
  { type: 'allure.label.feature', description: feature },
  ...(ids ?? (['harness'] as const)).map(storyAnnotation),
  { type: 'allure.label.severity', description: severity },
  purpose(sentence),
  ...(issue ? [{ type: 'issue', description: issue }] : []),
];

/** A test's own purpose, where its describe's is too wide. */
export const purpose = (sentence: string) => ({ type: 'description', description: sentence });

/** One more feature that a single test proves, next to those of its describe. */
export const covers = (feature: FeatureId) => storyAnnotation(feature);

/**
 * The number a case has in the specification's inventory, such as TC-4.11.1: one test each, listed in
 * docs/test-cases.md. The test counts for the feature in its number, so it needs no `covers` for that one.
 */
export const testCase = (id: `TC-${FeatureId}.${number}`) => ({ type: ID, description: id });

/** The numbers among annotations. */
export const testCasesIn = (annotations: readonly Annotation[]): string[] =>
  annotations.flatMap(({ type, description }) => (type === ID && description ? [description] : []));

const storyAnnotation = (subject: Subject) => ({ type: STORY, description: storyOf(subject) });

const STORIES = new Map([...featureIds, 'harness' as const].map((subject) => [storyOf(subject), subject]));

/** What a test with these annotations proves. */
export function subjectsIn(annotations: readonly Annotation[]): Subject[] {
  const found = annotations.map(({ type, description = '' }) => {
    if (type === STORY) return STORIES.get(description);
    return type === ID ? featureIds.find((id) => description.startsWith(`TC-${id}.`)) : undefined;
  });
  return [...new Set(found.filter((subject) => subject !== undefined))];
}
