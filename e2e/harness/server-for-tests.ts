import { after, before } from "node:test";
import { startServer } from "../../bench/api-server-process.ts";
import type { ServerUnderTest } from "../../bench/api-server-process.ts";

export interface ServerForTestsOptions {
  /** Flags of the server. */
  readonly extraArgs?: readonly string[];
  /** Flags that servers under test usually get and this one does not, with their dashes. */
  readonly withoutFlags?: readonly string[];
  /** What is made before the first test. The `before` hooks of a file do not wait for each other, so it goes here. */
  readonly prepare?: () => Promise<unknown> | void;
}

/**
 * The API server of the file or suite that calls this: started before its tests and stopped after them. Its
 * properties can be read from `prepare` on.
 */
export function serverForTests({ extraArgs = [], withoutFlags, prepare }: ServerForTestsOptions = {}): ServerUnderTest {
  let started: ServerUnderTest | undefined;
  const server = (): ServerUnderTest => {
    if (!started) throw new Error("the API server of these tests does not run yet");
    return started;
  };
  before(async () => {
    started = await startServer(extraArgs, withoutFlags && { withoutFlags });
    await prepare?.();
  });
  after(() => started?.[Symbol.asyncDispose]());
  return {
    get url() {
      return server().url;
    },
    get pid() {
      return server().pid;
    },
    get etcdUrl() {
      return server().etcdUrl;
    },
    get ca() {
      return server().ca;
    },
    get admin() {
      return server().admin;
    },
    get directory() {
      return server().directory;
    },
    restart: () => server().restart(),
    [Symbol.asyncDispose]: () => server()[Symbol.asyncDispose](),
  };
}
