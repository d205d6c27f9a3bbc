/** One thing wrong with a flow or with a file beside it. */
export interface Finding {
  file: string;
  line: number;
  rule: string;
  reason: string;
}

/** One line a finding, `file:line`, so that editors and terminals make it a link. */
export function describeFindings(findings: readonly Finding[]): string {
  return findings
    .toSorted((a, b) => a.file.localeCompare(b.file) || a.line - b.line)
    .map(({ file, line, rule, reason }) => `${file}:${line}  ${reason}  [${rule}]`)
    .join('\n');
}

/** Flows or files that must not be deployed. Nothing was changed when this is thrown. */
export class FlowsBroken extends Error {
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    super(`Not deployable, nothing was changed:\n${describeFindings(findings)}`);
    this.name = 'FlowsBroken';
    this.findings = findings;
  }
}
