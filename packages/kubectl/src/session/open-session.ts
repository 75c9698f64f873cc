import type { Client } from "@kube-ts/client/client";
import { createClient } from "@kube-ts/client/rest-client";
import { systemClock } from "@kube-ts/std/clock";
import { parseDuration } from "@kube-ts/std/duration";
import { systemRandom } from "@kube-ts/std/random";
import { kubernetesVersion } from "@kube-ts/std/version";
import { discover } from "../builder/discovery.ts";
import { ResourceMapper } from "../builder/resource-mapper.ts";
import { FlagError } from "../command-line/command-error.ts";
import type { GlobalValues } from "../command-line/global-flags.ts";
import { safeText } from "../printers/terminal-text.ts";
import { Api } from "./api.ts";
import { readKubeconfig, resolveConfig } from "./resolve-config.ts";
import type { Environment, Session, Terminal } from "./session.ts";

export const userAgent = `kubectl/${kubernetesVersion}`;

interface SessionInput {
  readonly commandPath: string;
  readonly terminal: Terminal;
  readonly env: Environment;
  readonly globals: GlobalValues;
  readonly signal: AbortSignal;
}

/** A session for one command. Disposing it closes its connections. */
export function openSession(input: SessionInput): Session & AsyncDisposable {
  const { globals, env, terminal, signal } = input;
  const warnings = { count: 0 };
  const seen = new Set<string>();
  const onWarning = (text: string) => {
    if (seen.has(text)) return;
    seen.add(text);
    warnings.count += 1;
    terminal.error(`Warning: ${safeText(text)}\n`);
  };
  const timeoutMs = requestTimeoutMs(globals["request-timeout"]);
  const kubeconfig = once(() => readKubeconfig(globals, env));
  const config = once(async () => resolveConfig(await kubeconfig(), globals, env));
  let opened: Client | undefined;
  const client = once(async () => {
    opened = createClient(await config(), { userAgent, qps: -1 });
    return opened;
  });
  const api = once(async () => new Api(await client(), { signal, timeoutMs, onWarning }));
  return {
    ...input,
    clock: systemClock,
    random: systemRandom,
    warnings,
    kubeconfig,
    config,
    client,
    api,
    namespace: async () => ({ name: (await config()).namespace, explicit: globals.namespace !== "" }),
    mapper: once(async () => new ResourceMapper(await discover(await api()))),
    [Symbol.asyncDispose]: async () => {
      await opened?.[Symbol.asyncDispose]();
    },
  };
}

/** Calls at most once, when first asked. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

function requestTimeoutMs(text: string): number {
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  try {
    return parseDuration(text);
  } catch {
    throw new FlagError(
      `Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)`,
    );
  }
}
