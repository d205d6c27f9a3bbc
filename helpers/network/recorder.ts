import type { CDPSession, Page, Protocol } from 'puppeteer';
import { BUDGET } from '../budgets.ts';
import { poll } from '../wait.ts';
import { type Body, EVENTS, isRedirect, type Message } from './messages.ts';
import { Recording } from './recording.ts';

/** Long enough for whatever a form posts: a longer body would be left out of the event. */
const MOST_POSTED_BYTES = 10 * 1024 * 1024;

/** Records everything that one tab sends and receives, from its first request on. */
export class NetworkRecorder {
  readonly #messages: Message[] = [];
  readonly #bodies: Body[] = [];
  /** What escaped the recording. */
  readonly #missed: string[] = [];
  readonly #session: CDPSession;
  #stopped: Promise<Recording> | undefined;

  private constructor(session: CDPSession) {
    this.#session = session;
  }

  /** Of a tab that has asked for nothing yet. */
  static async start(page: Page): Promise<NetworkRecorder> {
    const session = await page.createCDPSession();
    const recorder = new NetworkRecorder(session);
    for (const method of EVENTS)
      session.on(method, (params) => recorder.#messages.push({ method, params } as Message));
    session.on('Fetch.requestPaused', (paused) => void recorder.#keepBody(paused));
    // A worker, and a frame of another site, has a network of its own.
    session.on('Target.attachedToTarget', ({ targetInfo: { type, url } }) =>
      recorder.#missed.push(`not recorded is the network of the ${type} ${url}`.trimEnd()),
    );
    await session.send('Target.setAutoAttach', {
      autoAttach: true,
      waitForDebuggerOnStart: false,
      flatten: true,
    });
    await session.send('Page.enable');
    await session.send('Network.enable', { maxPostDataSize: MOST_POSTED_BYTES });
    // Each answer is held until its body is read: a page that moves on takes the bodies of its answers with it.
    await session.send('Fetch.enable', { patterns: [{ requestStage: 'Response' }] });
    return recorder;
  }

  /** Waits until each request has ended, unless something escaped anyway, and ends the recording. The second call returns the same. */
  async stop(): Promise<Recording> {
    return (this.#stopped ??= this.#finish());
  }

  async #finish(): Promise<Recording> {
    await poll(
      async () => this.#recording().calls.filter(({ ended }) => !ended),
      (open) => open.length === 0 || this.#missed.length > 0,
      BUDGET.pageMs,
    );
    await this.#session.detach();
    return this.#recording();
  }

  #recording(): Recording {
    return new Recording([...this.#messages], [...this.#bodies], [...this.#missed]);
  }

  async #keepBody(paused: Protocol.Fetch.RequestPausedEvent): Promise<void> {
    const { requestId, networkId, request, responseStatusCode, responseErrorReason } = paused;
    try {
      if (responseErrorReason === undefined && !isRedirect(responseStatusCode)) {
        const { body, base64Encoded } = await this.#session.send('Fetch.getResponseBody', { requestId });
        const text = base64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;
        this.#bodies.push({ requestId: networkId ?? requestId, text });
      }
      await this.#session.send('Fetch.continueRequest', { requestId });
    } catch (error) {
      if (this.#stopped) return;
      this.#missed.push(`the answer to ${request.method} ${request.url} could not be read: ${String(error)}`);
    }
  }
}
