import { findingsOf } from './constraints.ts';
import type { Finding } from './finding.ts';
import type { KestraAdmin } from './kestra-admin.ts';
import { checkPython } from './python-lint.ts';
import { checkFlow } from './rules.ts';
import { type FlowFolder, type FlowSource, readFlowFolder } from './source.ts';
import { forDeployment } from './stamp.ts';

/** Where flows are about to go: Kestra judges the text it would get. */
export interface Destination {
  admin: KestraAdmin;
  commit: string;
}

/** A folder and what the local rules have against it, for as many deployments of it as follow. */
export interface Checked {
  folder: FlowFolder;
  findings: readonly Finding[];
}

/** Reads a folder and applies the local rules; no Kestra is asked. */
export async function checkFolder(path: string): Promise<Checked> {
  const folder = await readFlowFolder(path);
  const ids = new Set(folder.flows.map(({ id }) => id));
  return {
    folder,
    findings: [...folder.flows.flatMap((flow) => checkFlow(flow, ids)), ...(await checkPython(folder))],
  };
}

/** Everything wrong with a folder: the local rules, and what Kestra itself says of the flows that keep them. */
export async function validateFolder(
  { folder, findings }: Checked,
  destination?: Destination,
): Promise<Finding[]> {
  const broken = new Set(findings.map(({ file }) => file));
  const sound = folder.flows.filter(({ file }) => !broken.has(file));
  const kestra = destination ? await Promise.all(sound.map((flow) => askKestra(flow, destination))) : [];
  return [...findings, ...kestra.flat()];
}

async function askKestra(flow: FlowSource, { admin, commit }: Destination): Promise<Finding[]> {
  const text = await admin.inItsWords(forDeployment(flow, { namespace: admin.namespace, commit }));
  const constraints = await admin.constraintsOf(text);
  return constraints === undefined ? [] : findingsOf(constraints, flow);
}
