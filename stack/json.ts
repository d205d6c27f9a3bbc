/** Deeper than anything that Notion, Resend, Discord or Slack take; shallow enough for code that walks it by recursion. */
const DEEPEST = 100;

/** What `text` says in JSON; undefined when it is none, or nested so deeply that no honest caller sent it. */
export function parseJson(text: string): unknown {
  if (depthOf(text) > DEEPEST) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** How deeply lists and objects are nested: brackets inside of texts do not count. */
function depthOf(json: string): number {
  let [depth, deepest, inText] = [0, 0, false];
  for (let place = 0; place < json.length; place += 1) {
    const sign = json[place];
    if (sign === '"') inText = !inText;
    else if (inText) place += sign === '\\' ? 1 : 0;
    else if (sign === '[' || sign === '{') deepest = Math.max(deepest, (depth += 1));
    else if (sign === ']' || sign === '}') depth -= 1;
  }
  return deepest;
}
