import { isDeepStrictEqual } from 'node:util';
import { FormData } from 'undici';
import { z } from 'zod';
import { KestraError, type KestraTransport } from '../../helpers/clients/kestra-transport.ts';
import { ROUTES } from '../../helpers/clients/kestra-routes.ts';

export const Flow = z.object({
  id: z.string(),
  revision: z.number(),
  disabled: z.boolean().default(false),
  labels: z.array(z.object({ key: z.string(), value: z.string() })).nullish(),
});
export const FlowWithSource = Flow.extend({ source: z.string() });
const Violation = z.object({ constraints: z.string().nullish() });
export const TypedValue = z.object({ value: z.unknown() });
export const FileAttributes = z.object({ fileName: z.string(), type: z.enum(['File', 'Directory']) });
const Page = z.object({ total: z.number() });

export type DeployedFlow = z.infer<typeof Flow>;
export type DeployedSource = z.infer<typeof FlowWithSource>;

const YAML = 'application/x-yaml';

/** What deploying needs of one namespace of one Kestra: flows, key-value store, files. */
export class KestraAdmin {
  readonly namespace: string;
  readonly #transport: KestraTransport;

  constructor(transport: KestraTransport, namespace: string) {
    this.#transport = transport;
    this.namespace = namespace;
  }

  /** What Kestra has against a flow's text, in its own words; undefined when nothing. */
  async constraintsOf(source: string): Promise<string | undefined> {
    const violations = await this.#transport.json(ROUTES.validate, z.array(Violation), {
      method: 'POST',
      body: source,
      contentType: YAML,
    });
    return violations.find(({ constraints }) => constraints)?.constraints ?? undefined;
  }

  flows(): Promise<DeployedFlow[]> {
    return this.#transport.json(ROUTES.flowsOf(this.namespace), z.array(Flow));
  }

  flow(id: string): Promise<DeployedSource | undefined> {
    return this.#transport.jsonIfPresent(ROUTES.flow(this.namespace, id), FlowWithSource, {
      query: { source: true },
    });
  }

  /** Updates the flow, or creates it when it is not there. Kestra keeps the revision when nothing changed. */
  async putFlow(id: string, source: string): Promise<DeployedFlow> {
    const body = { body: source, contentType: YAML };
    const updated = await this.#transport.jsonIfPresent(ROUTES.flow(this.namespace, id), Flow, {
      method: 'PUT',
      ...body,
    });
    return updated ?? this.#transport.json(ROUTES.flows, Flow, { method: 'POST', ...body });
  }

  /** How many executions of a flow exist but have not begun: those scheduled for later, and any about to start. */
  async waiting(flowId: string): Promise<number> {
    const { total } = await this.#transport.json(ROUTES.search, Page, {
      query: {
        'filters[namespace][EQUALS]': this.namespace,
        'filters[flowId][EQUALS]': flowId,
        'filters[state][EQUALS]': 'CREATED',
        size: 1,
        page: 1,
      },
    });
    return total;
  }

  async setting(key: string): Promise<unknown> {
    return (await this.#transport.jsonIfPresent(ROUTES.key(this.namespace, key), TypedValue))?.value;
  }

  /** Writes a setting unless it has this value already: each write leaves a version behind. */
  async putSetting(key: string, value: unknown): Promise<void> {
    if (isDeepStrictEqual(await this.setting(key), value)) return;
    await this.#transport.text(ROUTES.key(this.namespace, key), {
      method: 'PUT',
      body: JSON.stringify(value),
      contentType: 'text/plain',
    });
  }

  /** The paths of all files in a folder and below it; none when there is no such folder. */
  async filesIn(folder: string): Promise<string[]> {
    const entries = await this.#transport.jsonIfPresent(
      ROUTES.directory(this.namespace),
      z.array(FileAttributes),
      { query: { path: folder } },
    );
    const paths = (entries ?? []).map(async ({ fileName, type }) => {
      const path = `${folder}/${fileName}`;
      return type === 'File' ? [path] : this.filesIn(path);
    });
    return (await Promise.all(paths)).flat();
  }

  async file(path: string): Promise<string | undefined> {
    const answer = await this.#transport.raw(ROUTES.files(this.namespace), {
      query: { path },
      accept: 'application/octet-stream',
    });
    if (answer.status === 404) return undefined;
    if (answer.status !== 200)
      throw new KestraError('GET', `${ROUTES.files(this.namespace)}?path=${path}`, answer);
    return answer.text;
  }

  async putFile(path: string, text: string): Promise<void> {
    const body = new FormData();
    body.append('fileContent', new Blob([text]), path.slice(path.lastIndexOf('/') + 1));
    await this.#transport.text(ROUTES.files(this.namespace), { method: 'POST', query: { path }, body });
  }

  async deleteFile(path: string): Promise<void> {
    await this.#transport.text(ROUTES.files(this.namespace), { method: 'DELETE', query: { path } });
  }
}
