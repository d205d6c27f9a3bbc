/** The part of a page under one heading, up to the next heading of the same or a higher level. */
export function section(page: string, heading: string): string {
  const lines = page.split('\n');
  const start = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === heading);
  if (start < 0) throw new Error(`No heading "${heading}"`);
  const level = /^#+/.exec(lines[start] ?? '')?.[0].length ?? 0;
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => (/^(#+) /.exec(line)?.[1]?.length ?? Infinity) <= level);
  return rest.slice(0, end < 0 ? rest.length : end).join('\n');
}

export type Row = Record<string, string>;

/** The rows of a text's first table, by column; cells as they are written. */
export function tableIn(text: string): Row[] {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.startsWith('|'));
  if (start < 0) throw new Error('No table');
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  const [header = '', , ...rows] = lines.slice(start, end < 0 ? lines.length : end);
  const columns = cellsOf(header);
  return rows.map((row) => {
    const cells = cellsOf(row);
    if (cells.length !== columns.length) throw new Error(`Not ${columns.length} cells: ${row}`);
    return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']));
  });
}

const cellsOf = (line: string): string[] =>
  line
    .trim()
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));

/** What a cell holds as code and nothing else; undefined for words. */
export const codeIn = (cell: string): string | undefined => /^`([^`]*)`$/.exec(cell)?.[1];

/** A text's first block of code. */
export function codeBlockIn(text: string): string {
  const code = /^```\w*\n([\s\S]*?)^```$/m.exec(text)?.[1];
  if (code === undefined) throw new Error('No block of code');
  return code;
}
