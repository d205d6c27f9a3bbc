declare module 'chrome-har' {
  interface NamedValue {
    name: string;
    value: string;
  }

  export interface HarEntry {
    startedDateTime: string;
    /** Milliseconds. */
    time: number;
    request: { method: string; url: string; headers: NamedValue[] };
    response: { status: number; headers: NamedValue[]; content: { mimeType: string; text?: string } };
  }

  export interface Har {
    log: { version: string; pages: Array<{ id: string; title: string }>; entries: HarEntry[] };
  }

  export function harFromMessages(
    messages: ReadonlyArray<{ method: string; params: object }>,
    options: { includeResourcesFromDiskCache: boolean; includeTextFromResponseBody: boolean },
  ): Har;
}
