import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { type FlowFolder, FlowSource } from '../flows/source.ts';

const Edit = z.strictObject({
  /** Below the flows' folder: `send-email.yaml`, `lib/mail.py`. Of the reference website: `website/scoring.ts`. */
  file: z.string(),
  /** Stands there exactly once. */
  find: z.string().min(1),
  replace: z.string(),
});

const Mutant = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  /** The kind of mistake, such as `delay`. */
  kind: z.string(),
  /** What a user would suffer. */
  harm: z.string().min(20),
  edits: z.array(Edit).min(1),
  /** The spec files to run against it. */
  specs: z.array(z.string().regex(/^specs\/.+\.spec\.ts$/)).min(1),
  killed_by: z.strictObject({
    /** A part of the title of the test that must fail. */
    test: z.string().min(3),
    /** A regular expression that its error matches: the reason, in the words a reader sees. */
    reason: z.string().min(1),
  }),
});
/** A defect somebody could really make, and the test that must notice. A generated one names none: any may. */
export type Mutant = Omit<z.infer<typeof Mutant>, 'killed_by' | 'edits'> & {
  killed_by?: z.infer<typeof Mutant>['killed_by'];
  /** `from`: where exactly, for a text that stands in the file more than once. */
  edits: Array<z.infer<typeof Edit> & { from?: number }>;
};

/** The mutants in a folder's `*.yaml`, each a list. Throws with file and field when one is not of the right shape. */
export async function readMutants(folder: string): Promise<Mutant[]> {
  const names = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name)).toSorted();
  if (names.length === 0) throw new Error(`No *.yaml with mutants in ${folder}.`);
  const lists = await Promise.all(
    names.map(async (name) => {
      const parsed = z.array(Mutant).safeParse(parse(await readFile(join(folder, name), 'utf8')));
      if (!parsed.success) throw new Error(`${join(folder, name)}:\n${z.prettifyError(parsed.error)}`);
      return parsed.data;
    }),
  );
  const mutants = lists.flat();
  const twice = mutants.filter(({ id }, index) => mutants.findIndex((other) => other.id === id) !== index);
  if (twice.length > 0) throw new Error(`Two mutants are called ${twice.map(({ id }) => id).join(', ')}.`);
  return mutants;
}

/** The text with one edit. Throws when what it replaces is not there exactly once: the file has moved on. */
function edited(text: string, { file, find, replace, from }: Mutant['edits'][number], id: string): string {
  if (from !== undefined) return text.slice(0, from) + replace + text.slice(from + find.length);
  const found = text.split(find).length - 1;
  if (found !== 1) throw new Error(`${id}: the text to replace stands ${found} times in ${file}, not once.`);
  return text.replace(find, () => replace);
}

const SITE = 'website/';

const ofSite = ({ file }: { file: string }): boolean => file.startsWith(SITE);

/** Whether the mutant changes the flows, the site, or both. */
export const changes = ({ edits }: Mutant): { flows: boolean; site: boolean } => ({
  flows: edits.some((edit) => !ofSite(edit)),
  site: edits.some(ofSite),
});

/** The reference website's files: text by path, such as `client/landing.ts`. */
export type SiteFiles = ReadonlyMap<string, string>;

/** The site with the mutant's edits of it. */
export function mutatedSite(site: SiteFiles, { id, edits }: Mutant): SiteFiles {
  return edits.filter(ofSite).reduce((before, edit): SiteFiles => {
    const path = edit.file.slice(SITE.length);
    const text = before.get(path);
    if (text === undefined) throw new Error(`${id}: there is no file ${path} in the site's folder.`);
    return new Map([...before, [path, edited(text, edit, id)]]);
  }, site);
}

/** The flows with the mutant's edits of them. */
export function mutated(folder: FlowFolder, mutant: Mutant): FlowFolder {
  const { id, edits } = mutant;
  return edits
    .filter((edit) => !ofSite(edit))
    .reduce((before, edit): FlowFolder => {
      const { file } = edit;
      const change = (text: string): string => edited(text, edit, id);
      const flow = before.flows.find((one) => one.file.endsWith(`/${file}`));
      const beside = before.files.find(({ path }) => path === `/${file}`);
      if (flow) {
        const changed = new FlowSource(flow.file, change(flow.text));
        return { ...before, flows: before.flows.map((one) => (one === flow ? changed : one)) };
      }
      if (!beside) throw new Error(`${id}: there is no file ${file} in the flows' folder.`);
      const changed = { ...beside, text: change(beside.text) };
      return { ...before, files: before.files.map((one) => (one === beside ? changed : one)) };
    }, folder);
}
