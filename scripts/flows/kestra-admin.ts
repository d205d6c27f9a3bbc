import { isDeepStrictEqual } from 'node:util';
import { FormData } from 'undici';
import { z } from 'zod';
import { KestraError, type KestraTransport, type Path } from '../../helpers/clients/kestra-transport.ts';
import { searchExecutions } from '../../helpers/clients/kestra-executions.ts';
import { forKestra2 } from './for-kestra-2.ts';

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
const Key = z.looseObject({ key: z.string() });

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

  /** A flow's text as this server's line reads it; the repository's is written for 1.x. */
  async inItsWords(source: string): Promise<string> {
    return (await this.#transport.dialect()) === '2.x' ? forKestra2(source) : source;
  }

  /** What Kestra has against a flow's text, in its own words; undefined when nothing. */
  async constraintsOf(source: string): Promise<string | undefined> {
    const violations = await this.#transport.json((routes) => routes.validate, z.array(Violation), {
      method: 'POST',
      body: source,
      contentType: YAML,
    });
    return violations.find(({ constraints }) => constraints)?.constraints ?? undefined;
  }

  flows(): Promise<DeployedFlow[]> {
    return this.#transport.json((routes) => routes.flowsOf(this.namespace), z.array(Flow));
  }

  flow(id: string): Promise<DeployedSource | undefined> {
    return this.#transport.jsonIfPresent((routes) => routes.flow(this.namespace, id), FlowWithSource, {
      query: { source: true },
    });
  }

  /** Every revision of a flow that Kestra keeps, oldest first; none for a flow that it does not have. */
  async revisions(id: string): Promise<DeployedSource[]> {
    const found = await this.#transport.jsonIfPresent(
      (routes) => routes.revisions(this.namespace, id),
      z.array(FlowWithSource),
    );
    return (found ?? []).toSorted((a, b) => a.revision - b.revision);
  }

  revision(id: string, revision: number): Promise<DeployedSource | undefined> {
    return this.#transport.jsonIfPresent((routes) => routes.flow(this.namespace, id), FlowWithSource, {
      query: { source: true, revision },
    });
  }

  /** Deletes the flow, or leaves it deleted. Its executions, also those that wait for their date, stay. */
  async deleteFlow(id: string): Promise<void> {
    await this.#deleted((routes) => routes.flow(this.namespace, id));
  }

  /** Updates the flow, or creates it when it is not there. Kestra keeps the revision when nothing changed. */
  async putFlow(id: string, source: string): Promise<DeployedFlow> {
    const updated = await this.#transport.jsonIfPresent((routes) => routes.flow(this.namespace, id), Flow, {
      method: 'PUT',
      body: source,
      contentType: YAML,
    });
    return updated ?? this.addFlow(source);
  }

  /** Throws when the flow is there. */
  addFlow(source: string): Promise<DeployedFlow> {
    return this.#transport.json((routes) => routes.flows, Flow, {
      method: 'POST',
      body: source,
      contentType: YAML,
    });
  }

  /** How many executions of a flow exist but have not begun: those scheduled for later, and any about to start. */
  async waiting(flowId: string): Promise<number> {
    const { namespace } = this;
    return (await searchExecutions(this.#transport, { namespace, flowId, state: ['CREATED'] })).length;
  }

  async setting(key: string): Promise<unknown> {
    return (await this.#transport.jsonIfPresent((routes) => routes.key(this.namespace, key), TypedValue))
      ?.value;
  }

  /** The keys of all settings of the namespace. */
  async settings(): Promise<string[]> {
    const keys = await this.#transport.json((routes) => routes.keys(this.namespace), z.array(Key));
    return keys.map(({ key }) => key);
  }

  async deleteSetting(key: string): Promise<void> {
    await this.#deleted((routes) => routes.key(this.namespace, key));
  }

  /** Writes a setting unless it has this value already: each write leaves a version behind. */
  async putSetting(key: string, value: unknown): Promise<void> {
    if (isDeepStrictEqual(await this.setting(key), value)) return;
    await this.#transport.text((routes) => routes.key(this.namespace, key), {
      method: 'PUT',
      body: JSON.stringify(value),
      contentType: 'text/plain',
    });
  }

  /** The paths of all files in a folder and below it; none when there is no such folder. */
  async filesIn(folder: string): Promise<string[]> {
    const entries = await this.#transport.jsonIfPresent(
      (routes) => routes.directory(this.namespace),
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
    try {
      return await this.#transport.text((routes) => routes.files(this.namespace), {
        query: { path },
        accept: 'application/octet-stream',
      });
    } catch (error) {
      if (error instanceof KestraError && error.status === 404) return undefined;
      throw error;
    }
  }

  async putFile(path: string, text: string): Promise<void> {
    const body = new FormData();
    body.append('fileContent', new Blob([text]), path.slice(path.lastIndexOf('/') + 1));
    await this.#transport.text((routes) => routes.files(this.namespace), {
      method: 'POST',
      query: { path },
      body,
    });
  }

  async deleteFile(path: string): Promise<void> {
    await this.#deleted((routes) => routes.files(this.namespace), { path });
  }

  async #deleted(path: Path, query: Record<string, string> = {}): Promise<void> {
    try {
      await this.#transport.text(path, { method: 'DELETE', query });
    } catch (error) {
      if (!(error instanceof KestraError && error.status === 404)) throw error;
    }
  }
}
