import { KestraTransport } from '../../helpers/clients/kestra-transport.ts';
import type { Target } from '../../helpers/target.ts';
import { type Funnel, openFunnel } from '../../scripts/ops/dossier.ts';
import { ResendReader } from '../../scripts/ops/resend-reader.ts';

export interface Opening {
  namespace?: string;
  /** Another key than the one that may read everything. */
  resendKey?: string;
}

/** A deployment as the operator's commands see it. */
export async function openFunnelOf(
  target: Target,
  { namespace = target.namespaces.production, resendKey = target.mail.keys.harness }: Opening = {},
): Promise<Funnel> {
  const funnel = await openFunnel({
    transport: new KestraTransport(target.kestra),
    namespace,
    notion: target.notion,
    resend: new ResendReader({ url: target.mail.url, key: resendKey }),
  });
  if (!funnel) throw new Error(`Nothing is deployed in ${namespace}`);
  return funnel;
}
