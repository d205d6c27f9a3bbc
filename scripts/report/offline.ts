/** What a browser may do with the report: run and show what is in the file, and ask nobody for anything. */
const POLICY = [
  "default-src 'none'",
  "script-src 'unsafe-inline' data: blob:",
  "style-src 'unsafe-inline' data: blob:",
  'img-src data: blob:',
  'font-src data: blob:',
  'media-src data: blob:',
  'connect-src data: blob:',
  'frame-src data: blob:',
  "form-action 'none'",
].join('; ');

/** Allure's analytics: a script from elsewhere, and the lines that feed it with the report's own data. */
const ANALYTICS = /<script[^>]*>[\s\S]*?<\/script>/g;

/** The report without its call home, and with a policy that keeps browsers from any other. */
export function makeOffline(html: string): string {
  const quiet = html.replace(ANALYTICS, (script) =>
    /googletagmanager|gtag\(/.test(script.slice(0, 2_000)) ? '' : script,
  );
  const offline = quiet.replace(
    '<head>',
    `<head>\n    <meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
  );
  const foreign = foreignLoads(offline);
  if (foreign.length > 0) throw new Error(`The report would load from elsewhere: ${foreign.join(', ')}`);
  if (!offline.includes(POLICY))
    throw new Error('The report has no <head>: Allure writes it differently now.');
  return offline;
}

/** Addresses that tags or styles of a page would load. Links to click are none. */
export function foreignLoads(html: string): string[] {
  const tags = html.match(/<(?:script|link|img|iframe|source|video|audio|object|embed)\b[^>]{0,500}/gi) ?? [];
  const inTags = tags.flatMap(
    (tag) => tag.match(/(?:src|href|data)\s*=\s*["']?((?:https?:)?\/\/[^"'\s>]+)/i)?.[1] ?? [],
  );
  const inStyles = [...html.matchAll(/(?:url\(|@import\s+)["']?((?:https?:)?\/\/[^"')\s]+)/gi)].map(
    ([, url]) => url ?? '',
  );
  return [...new Set([...inTags, ...inStyles])];
}
