/** Each secret in the forms in which it travels: as it is, in base64, in a URL. */
export function formsOf(secret: string): string[] {
  return [...new Set([secret, Buffer.from(secret).toString('base64'), encodeURIComponent(secret)])];
}

/** `text` without the secrets, so that it may go into a report. */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets.flatMap(formsOf).reduce((clean, form) => clean.replaceAll(form, '***'), text);
}
