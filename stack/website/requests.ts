import { z } from 'zod';
import { CHALLENGES, REVENUES } from './pages/landing.ts';
import { QUESTIONS } from './scoring.ts';

const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?';
const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";

/**
 * As the flows demand it, and as browsers check it: what is taken here and refused there would get mail 1 and no other, and
 * `Ada<x@y.example>` would be one more lead for each name before the same address.
 */
const Email = z
  .string()
  .trim()
  .max(200)
  .regex(
    new RegExp(`^(?=[^@]{1,64}@)${ATOM}(?:\\.${ATOM})*@${LABEL}(?:\\.${LABEL})+$`),
    'Please give an e-mail address such as you@example.com.',
  );

const keysOf = <T extends object>(options: T) => Object.keys(options) as [keyof T & string];

export const SignUp = z.object({
  firstName: z.string().trim().min(1, 'Please tell us your name.').max(120, 'This name is too long.'),
  email: Email,
  businessName: z.string().trim().max(120, 'This name is too long.').default(''),
  monthlyRevenue: z.enum(keysOf(REVENUES), 'Please choose one.'),
  biggestChallenge: z.enum(keysOf(CHALLENGES), 'Please choose one.'),
  privacy: z.literal(true, 'We need your consent to send you anything.'),
});
export type SignUp = z.infer<typeof SignUp>;

/** The page computes its results too; the server counts the answers again, so nobody chooses his own segment. */
export const Completion = z.object({
  leadId: z.string().max(100).default(''),
  email: Email,
  firstName: z.string().trim().min(1).max(120),
  businessName: z.string().trim().max(120).default(''),
  answers: z.array(z.boolean()).length(QUESTIONS.length),
});

/** A booked call, as the calendar tells it. */
export const Call = z.object({ date: z.iso.date(), time: z.string().regex(/^\d\d:\d\d$/) });
export type Call = z.infer<typeof Call>;

export const Booking = Call.extend({ email: Email });

/** The first message of each field. */
export const messagesOf = (error: z.ZodError): Record<string, string> =>
  Object.fromEntries(
    error.issues.toReversed().map(({ path, message }) => [String(path[0] ?? 'form'), message]),
  );
