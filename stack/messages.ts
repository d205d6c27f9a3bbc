import { z } from 'zod';

/** What the stack process tells the process that started it. */
export const Message = z.discriminatedUnion('event', [
  z.object({ event: z.literal('progress'), text: z.string() }),
  z.object({ event: z.literal('ready') }),
  z.object({ event: z.literal('failed'), reason: z.string() }),
]);
export type Message = z.infer<typeof Message>;
