/** The stand-in's only source of time, so that a test can move it. */
export class Clock {
  offsetMs = 0;

  now(): number {
    return Date.now() + this.offsetMs;
  }
}

/** A moment as Resend writes it: `2023-04-03 22:13:42.674000+00`. */
export const resendTime = (ms: number): string =>
  new Date(ms).toISOString().replace('T', ' ').replace('Z', '000+00');
