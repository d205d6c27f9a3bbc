import type { Execution } from '../clients/execution.ts';
import type { Target } from '../target.ts';

/** An address that a person can open. */
export interface Link {
  name: string;
  url: string;
}

/** What a target's services show a person; a part is missing where nobody could open it. */
export interface Pages {
  execution?: (execution: Pick<Execution, 'id' | 'namespace' | 'flowId'>) => string;
  row?: (id: string) => string;
  mail?: (id: string) => string;
}

/**
 * The pages of a target's services. A stack of this machine has the stand-ins' alone, and those only while it is kept: its
 * engine has no pages, and what ends with the run cannot be opened from the report.
 */
export function pagesOf({
  kestra,
  notion,
  mail,
  powers,
}: {
  kestra: { url: string };
  notion: { url: string };
  mail: { url: string };
  powers: Target['powers'];
}): Pages {
  const kept = powers.has('mailbox') && !powers.has('throw-away');
  const own = (url: string) => /^(127\.0\.0\.1|localhost|\[::1\])$/.test(new URL(url).hostname);
  return {
    ...(own(kestra.url)
      ? {}
      : {
          execution: ({ namespace, flowId, id }) =>
            `${kestra.url.replace(/\/$/, '')}/ui/main/executions/${namespace}/${flowId}/${id}`,
        }),
    ...(new URL(notion.url).hostname === 'api.notion.com'
      ? { row: (id) => `https://www.notion.so/${id.replaceAll('-', '')}` }
      : {}),
    ...(new URL(mail.url).hostname === 'api.resend.com'
      ? { mail: (id) => `https://resend.com/emails/${encodeURIComponent(id)}` }
      : kept
        ? { mail: (id) => `${mail.url}/_control/mails/${encodeURIComponent(id)}/html` }
        : {}),
  };
}
