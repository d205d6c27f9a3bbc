import { PATHS } from '../paths.ts';
import { byId } from './visitor.ts';

interface Told {
  booked?: Record<string, string>;
  height?: number;
}

const frame = byId<HTMLIFrameElement>('calendar');

addEventListener('message', ({ origin, source, data }: MessageEvent<Told>) => {
  if (origin !== location.origin || source !== frame.contentWindow) return;
  if (data.height) frame.style.height = `${data.height + 2}px`; // with its border
  if (data.booked) location.assign(`${PATHS.booked}?${new URLSearchParams(data.booked).toString()}`);
});
// A calendar that was there before this script told its height when nobody listened.
frame.contentWindow?.postMessage('height', location.origin);
