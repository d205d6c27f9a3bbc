import { z } from 'zod';
import { KestraTransport } from '../helpers/clients/kestra-transport.ts';
import { poll } from '../helpers/wait.ts';
import { KESTRA_PORTS } from './compose/ports.ts';
import type { Engine, EngineOptions } from './engine.ts';

const ANSWERS_MS = 60_000;
const Configs = z.looseObject({ version: z.string() });

/** Waits until the Kestra of `docker-compose.test.yml` answers to this login. Others start and stop it. */
export async function findRunningEngine({ user, password }: EngineOptions): Promise<Engine> {
  const address = {
    url: `http://127.0.0.1:${KESTRA_PORTS.api}`,
    managementUrl: `http://127.0.0.1:${KESTRA_PORTS.management}`,
    user,
    password,
  };
  return {
    ...(await whenItAnswers(address, ANSWERS_MS)),
    ended: new Promise<void>(() => undefined),
    stop: async () => undefined,
  };
}

/** The Kestra at an address as soon as its API answers to this login; throws the last refusal when it never does. */
export async function whenItAnswers(
  { managementUrl, ...address }: { url: string; managementUrl: string; user: string; password: string },
  withinMs: number,
): Promise<Pick<Engine, 'url' | 'managementUrl' | 'version'>> {
  const transport = new KestraTransport(address);
  const { value } = await poll(
    () => transport.json('/api/v1/configs', Configs).catch((error: unknown) => new Error(String(error))),
    (answer) => !(answer instanceof Error),
    withinMs,
  );
  if (value instanceof Error) {
    throw new Error(`Kestra does not answer at ${address.url} in time: ${value.message}`, { cause: value });
  }
  return { url: address.url, managementUrl, version: value.version };
}
