import {
  type Answer,
  type Call,
  KestraTransport,
  type Path,
} from '../../../helpers/clients/kestra-transport.ts';

/** The harness's transport, which also counts what it asks. */
export class CountingTransport extends KestraTransport {
  requests = 0;

  override async raw(to: Path, call?: Call): Promise<Answer> {
    this.requests += 1;
    return super.raw(to, call);
  }

  override async stream(to: Path, signal: AbortSignal): Promise<AsyncIterable<Buffer>> {
    this.requests += 1;
    return super.stream(to, signal);
  }
}
