interface Feature {
  title: string;
  /** Nothing proves it yet: why not, and the issue that brings it. */
  planned?: string;
}

/** The specification's features. */
const REGISTRY = {
  '1.1': { title: 'Kestra and Postgres by compose' },
  '1.2': { title: 'Secrets in place of eight blocks' },
  '1.3': { title: 'Health check' },
  '1.4': { title: 'Flows in one folder, deployed whole' },
  '2.1': { title: 'Segment of a lead' },
  '2.2': { title: 'Contacts and tracker rows in Notion' },
  '2.3': { title: 'Mails by Resend' },
  '2.4': { title: 'Each mail sent once and tracked' },
  '2.5': { title: 'Schedule from mail 1 on, mail 1 left out' },
  '2.6': { title: 'Templates of Notion, static ones behind' },
  '2.7': { title: 'Payloads checked first' },
  '2.8': { title: 'Five tracker facts per mail' },
  '3.1': { title: 'Sign-up handler: tracking, no mail' },
  '3.2': { title: 'No-show handler: three mails' },
  '3.3': { title: 'Post-call handler: three mails' },
  '3.4': { title: 'Onboarding handler: three mails once paid' },
  '3.5': { title: 'Assessment handler: mails 2 to 5' },
  '3.6': { title: 'Analytics with the sender' },
  '4.1': { title: 'Webhooks called directly' },
  '4.2': { title: 'Page about the webhooks for the website' },
  '4.3': { title: 'Compose file for production' },
  '4.4': { title: 'Assessment end to end, mail 1 played' },
  '4.5': { title: 'Handlers end to end' },
  '4.6': { title: 'Documents and who sends what' },
  '4.7': { title: 'Browser: assessment and the split' },
  '4.8': { title: 'Browser: sign-up without mails' },
  '4.9': { title: 'Browser: secondary funnels' },
  '4.10': { title: 'Browser: the complete funnel' },
  '4.11': { title: 'Webhooks end to end' },
  '4.12': { title: 'Tracker end to end' },
  '4.13': { title: 'Domain behind Traefik' },
  '4.14': { title: 'Property name Email, not email' },
} as const satisfies Record<string, Feature>;

export type FeatureId = keyof typeof REGISTRY;

export const FEATURES: Readonly<Record<FeatureId, Feature>> = REGISTRY;
export const featureIds = Object.keys(REGISTRY) as FeatureId[];

/** The wave a feature belongs to: the number before the point. */
export const waveOf = (id: FeatureId): number => Number(id.split('.')[0]);

/** What a test can prove: a feature, or that the harness can be believed. */
export type Subject = FeatureId | 'harness';

/** A subject as the report names it. */
export const storyOf = (subject: Subject): string =>
  subject === 'harness' ? 'The harness itself' : `${subject} ${FEATURES[subject].title}`;
