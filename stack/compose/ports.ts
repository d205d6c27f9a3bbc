import type { Listen } from '../stack.ts';

/** The ports of `docker-compose.test.yml`: the same inside and, published on the loopback address, on this machine. */
export const KESTRA_PORTS = { api: 8080, management: 8081 };

/** Where the services beside Kestra listen there. What is published must be bound to more than the loopback address. */
export const LISTEN: Listen = {
  host: '0.0.0.0',
  ports: { testing: 3005, production: 3006, asItIs: 3007, notion: 3020, resend: 3021, alerts: 3022 },
};
