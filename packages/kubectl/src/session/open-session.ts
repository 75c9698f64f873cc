import { join } from "node:path";
import type { Client } from "@kube-ts/client/client";
import type { ClientConfig } from "@kube-ts/client/client-config";
import { kubeconfigPaths } from "@kube-ts/client/kubeconfig";
import { createClient } from "@kube-ts/client/rest-client";
import { systemClock } from "@kube-ts/std/clock";
import { parseDuration } from "@kube-ts/std/duration";
import { systemRandom } from "@kube-ts/std/random";
import { kubernetesVersion } from "@kube-ts/std/version";
import { discover } from "../builder/discovery.ts";
import { DiscoveryCache } from "../builder/discovery-cache.ts";
import { ResourceMapper } from "../builder/resource-mapper.ts";
import { allowsPlugin, type CredentialPluginPolicy } from "../kuberc/preferences.ts";
import { CommandError } from "../command-line/command-error.ts";
import type { GlobalValues } from "../command-line/global-flags.ts";
import { safeText } from "../printers/terminal-text.ts";
import { Api } from "./api.ts";
import { identityHeaders, RequestLog } from "./request-log.ts";
import { readKubeconfig, resolveConfig } from "./resolve-config.ts";
import type { Environment, Session, Terminal } from "./session.ts";

export const userAgent = `kubectl/${kubernetesVersion}`;

interface SessionInput {
  readonly commandPath: string;
  readonly commandLine: string;
  readonly terminal: Terminal;
  readonly env: Environment;
  readonly globals: GlobalValues;
  readonly signal: AbortSignal;
  /** Which programs the user lets kubectl start for credentials; all where nothing is said. */
  readonly credentialPlugins?: CredentialPluginPolicy | undefined;
}

/** A session for one command. Disposing it closes its connections. */
export function openSession(input: SessionInput): Session & AsyncDisposable {
  const { globals, env, terminal, signal } = input;
  const warnings = new ShownWarnings(terminal);
  const timeoutMs = requestTimeoutMs(globals["request-timeout"]);
  const write = (line: string) => terminal.error(line);
  const requests = new RequestLog({ verbosity: globals.v, write, clock: systemClock, pid: process.pid });
  const kubeconfig = once(() => {
    const paths = globals.kubeconfig === "" ? kubeconfigPaths(env) : [globals.kubeconfig];
    for (const path of paths) requests.message(6, `Config loaded from file:  ${path}`);
    return readKubeconfig(globals, env);
  });
  const config = once(async () => {
    const resolved = await resolveConfig(await kubeconfig(), globals, env);
    checkPlugin(resolved, input.credentialPlugins);
    return resolved;
  });
  let opened: Client | undefined;
  const client = once(async () => {
    opened = createClient(await config(), { userAgent, qps: -1 });
    return opened;
  });
  const api = once(async () => {
    const { server } = await config();
    const headers = identityHeaders(await config(), userAgent);
    const log = { requests, server, headers, nowMs: () => systemClock.monotonicMs() };
    const made = new Api(await client(), { signal, timeoutMs, onWarning: (text) => warnings.show(text), log });
    if (globals["match-server-version"]) await requireSameVersion(made);
    return made;
  });
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
    requests,
    mapper: mapperSource(cacheDirectory(globals, env), config, api),
    [Symbol.asyncDispose]: async () => {
      await opened?.[Symbol.asyncDispose]();
    },
  };
}

/** Prints each of the server's warnings once. */
class ShownWarnings {
  readonly #terminal: Terminal;
  readonly #seen = new Set<string>();

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  get count(): number {
    return this.#seen.size;
  }

  show(text: string): void {
    if (this.#seen.has(text)) return;
    this.#seen.add(text);
    this.#terminal.error(`Warning: ${safeText(text)}\n`);
  }
}

function checkPlugin({ auth }: ClientConfig, policy: CredentialPluginPolicy | undefined): void {
  if (!policy || auth.kind !== "exec" || allowsPlugin(policy, auth.plugin.command)) return;
  throw new CommandError(
    `plugin ${JSON.stringify(auth.plugin.command)} not allowed: credentialPluginPolicy is ${policy.kind}`,
  );
}

/** What the server has: from the files of the last time, and anew where those do not do or are not wanted. */
function mapperSource(
  directory: string,
  config: () => Promise<ClientConfig>,
  api: () => Promise<Api>,
): Session["mapper"] {
  let discovered = false;
  const open = async (cached: boolean) => {
    const cache =
      directory === "" ? undefined : new DiscoveryCache(directory, (await config()).server, () => systemClock.now());
    const rediscover = async () => {
      if (discovered) return undefined;
      discovered = true;
      const found = await discover(await api());
      await cache?.write(found);
      return found;
    };
    const known = (cached ? await cache?.read() : undefined) ?? (await rediscover());
    return new ResourceMapper(known ?? { resources: [], groups: [] }, rediscover);
  };
  let mapper: Promise<ResourceMapper> | undefined;
  return ({ fresh = false } = {}) => {
    mapper = fresh && !discovered ? open(false) : (mapper ?? open(true));
    return mapper;
  };
}

/** Empty when nothing says where. */
function cacheDirectory(globals: GlobalValues, env: Environment): string {
  const home = env["HOME"] ?? "";
  return globals["cache-dir"] || env["KUBECACHEDIR"] || (home === "" ? "" : join(home, ".kube", "cache"));
}

async function requireSameVersion(api: Api): Promise<void> {
  const { gitVersion } = await api.json({ path: "/version" });
  if (gitVersion === kubernetesVersion) return;
  throw new CommandError(
    `server version (${JSON.stringify(gitVersion)}) differs from client version (${JSON.stringify(kubernetesVersion)})`,
  );
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
    throw new CommandError(
      `Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)`,
    );
  }
}
