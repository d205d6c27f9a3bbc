import { createHash } from 'node:crypto';
import { z } from 'zod';
import { KestraAdmin } from '../flows/kestra-admin.ts';
import { KestraError, type KestraTransport } from '../../helpers/clients/kestra-transport.ts';

/** One mail of one sequence of one person. */
export interface MailId {
  email: string;
  sequence: string;
  number: number;
}

/** What the flows note in a deployment's key-value store, so that each mail goes out once. */
export class Ledger {
  readonly #admin: KestraAdmin;
  #run: Promise<unknown> | undefined;

  constructor(transport: KestraTransport, namespace: string) {
    this.#admin = new KestraAdmin(transport, namespace);
  }

  /** What `send-email` noted when the mail was out; undefined when it has not. */
  async sent(mail: MailId): Promise<unknown> {
    return this.#entry(await this.#claim(mail));
  }

  /** Marks a mail as settled although it was not sent: `send-email` then sends it no more, whoever asks. */
  async stop(mail: MailId): Promise<void> {
    const key = await this.#claim(mail);
    if ((await this.#entry(key)) === undefined) {
      await this.#admin.putSetting(key, { stopped: new Date().toISOString() });
    }
  }

  /** A disk that was full keeps the beginning of an entry, which nobody can read; only a mail that is out gets one. */
  async #entry(key: string): Promise<unknown> {
    return this.#admin.setting(key).catch((error: unknown) => {
      if (error instanceof KestraError && /invalid json/i.test(error.body)) return UNREADABLE;
      throw error;
    });
  }

  async #claim({ email, sequence, number }: MailId): Promise<string> {
    this.#run ??= this.#admin.setting('RUN');
    return claimKey([this.#admin.namespace, (await this.#run) ?? 'none', email, sequence, number]);
  }
}

const UNREADABLE = { unreadable: true };

/** As `vars.claim` of send-email.yaml has it: the hash of a JSON list. */
const claimKey = (parts: readonly unknown[]): string =>
  `sent.${createHash('sha256').update(JSON.stringify(parts)).digest('hex')}`;

const Stopped = z.looseObject({ stopped: z.string() });
export const isStopped = (entry: unknown): boolean => Stopped.safeParse(entry).success;
