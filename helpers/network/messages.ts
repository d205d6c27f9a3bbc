import type { CDPEvents } from 'puppeteer';

/** What the browser tells of a page's network, and the little of the page itself that a HAR needs. */
export const EVENTS = [
  'Page.frameAttached',
  'Page.frameStartedLoading',
  'Page.domContentEventFired',
  'Page.loadEventFired',
  'Page.windowOpen',
  'Network.requestWillBeSent',
  'Network.requestWillBeSentExtraInfo', // the headers as they really go out, cookies among them
  'Network.requestServedFromCache',
  'Network.responseReceived',
  'Network.responseReceivedExtraInfo',
  'Network.loadingFinished',
  'Network.loadingFailed',
  'Network.eventSourceMessageReceived',
  'Network.webSocketCreated',
  'Network.webSocketWillSendHandshakeRequest',
  'Network.webSocketHandshakeResponseReceived',
  'Network.webSocketFrameSent',
  'Network.webSocketFrameReceived',
  'Network.webTransportCreated',
] as const satisfies ReadonlyArray<keyof CDPEvents>;

/** One event as it came. */
export type Message = {
  [Method in (typeof EVENTS)[number]]: { method: Method; params: CDPEvents[Method] };
}[(typeof EVENTS)[number]];

/** The answer to a request, as the page reads it. */
export interface Body {
  requestId: string;
  text: string;
}

/** Such an answer has a body that nobody reads, and the browser hands it to nobody. */
export const isRedirect = (status: number | undefined): boolean =>
  [301, 302, 303, 307, 308].includes(status ?? 0);
