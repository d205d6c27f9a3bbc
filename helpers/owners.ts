/** Who looks into a failed test first. */
export type Owner = 'automation' | 'website' | 'homelab';

interface Owned {
  /** From the repository's root. */
  file: string;
  /** With the `@`. */
  tags: readonly string[];
}

/** The first rule that fits a test names its owner. The flows and the harness are the automation's. */
const RULES: ReadonlyArray<{ owner: Owner; tags?: RegExp; file?: RegExp }> = [
  { owner: 'homelab', tags: /^@(?:blocked:traefik-domain|edge)$/, file: /^specs\/edge\// },
  { owner: 'website', tags: /^@blocked:(?:website|event)-webhooks$/ },
  { owner: 'website', tags: /^@website$/ },
  // The reference website is ours: it shows the website's team what to build.
];

/** The owner of a test, by what stands behind it: a gate that somebody has to open, the site, or the machines. */
export const ownerOf = ({ file, tags }: Owned): Owner =>
  RULES.find(
    (rule) => (rule.tags && tags.some((tag) => rule.tags?.test(tag))) || (rule.file?.test(file) ?? false),
  )?.owner ?? 'automation';
