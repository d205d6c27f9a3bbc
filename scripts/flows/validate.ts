import { findingsOf } from './constraints.ts';
import type { Finding } from './finding.ts';
import type { KestraAdmin } from './kestra-admin.ts';
import { checkPython } from './python-lint.ts';
import { checkFlow } from './rules.ts';
import type { FlowFolder, FlowSource } from './source.ts';
import { forDeployment } from './stamp.ts';

/** Where flows are about to go: Kestra judges the text it would get. */
export interface Destination {
  admin: KestraAdmin;
  commit: string;
}

/** Everything wrong with a folder: the local rules, and what Kestra itself says when a destination is given. */
export async function validateFolder(folder: FlowFolder, destination?: Destination): Promise<Finding[]> {
  const ids = new Set(folder.flows.map(({ id }) => id));
  const judged = folder.flows.map((flow) => ({ flow, findings: checkFlow(flow, ids) }));
  const sound = judged.flatMap(({ flow, findings }) => (findings.length === 0 ? [flow] : []));
  const [python, kestra] = await Promise.all([
    checkPython(folder),
    destination ? Promise.all(sound.map((flow) => askKestra(flow, destination))) : [],
  ]);
  return [...judged.flatMap(({ findings }) => findings), ...python, ...kestra.flat()];
}

async function askKestra(flow: FlowSource, { admin, commit }: Destination): Promise<Finding[]> {
  const text = forDeployment(flow, { namespace: admin.namespace, commit });
  const constraints = await admin.constraintsOf(text);
  return constraints === undefined ? [] : findingsOf(constraints, flow);
}
