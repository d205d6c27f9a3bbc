import { chmodSync, writeFileSync } from 'node:fs';

/**
 * Variables as a file that a shell, Docker and Compose read alike. Throws, without the value, at one that would not
 * come out as it went in.
 */
export function envFileOf(variables: Readonly<Record<string, string>>): string {
  const lines = Object.entries(variables).map(([name, value]) => {
    if (/['\n\r\0]/.test(value))
      throw new Error(`${name} has a quote or a line break in it: give it without`);
    return `${name}='${value}'\n`;
  });
  return lines.join('');
}

/** Writes them for nobody but this user's eyes. */
export function writeEnvFile(path: string, variables: Readonly<Record<string, string>>): void {
  writeFileSync(path, envFileOf(variables), { mode: 0o600 });
  chmodSync(path, 0o600); // a file that was there keeps the mode it had
}
