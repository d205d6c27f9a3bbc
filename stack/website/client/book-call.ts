import { PATHS } from '../paths.ts';
import { byId } from './visitor.ts';

const frame = byId<HTMLIFrameElement>('calendar');

addEventListener('message', ({ origin, source, data }: MessageEvent<{ booked?: Record<string, string> }>) => {
  if (origin !== location.origin || source !== frame.contentWindow || !data.booked) return;
  location.assign(`${PATHS.booked}?${new URLSearchParams(data.booked).toString()}`);
});
