import { existsSync } from "node:fs";
import type { ClientConfig, Impersonation } from "@kube-ts/client/client-config";
import { inClusterConfig, resolveClientConfig } from "@kube-ts/client/client-config";
import {
  type Kubeconfig,
  KubeconfigError,
  kubeconfigPaths,
  loadKubeconfigFile,
  loadKubeconfigs,
} from "@kube-ts/client/kubeconfig";
import { CommandError, FlagError } from "../command-line/command-error.ts";
import type { GlobalValues } from "../command-line/global-flags.ts";
import type { Environment } from "./session.ts";

/** What an address stands for when nobody names one. */
const fallbackServer = "http://localhost:8080";

/** The kubeconfig that the flags and the environment name, merged. */
export async function readKubeconfig(globals: GlobalValues, env: Environment): Promise<Kubeconfig> {
  if (globals.kubeconfig !== "" && !existsSync(globals.kubeconfig)) {
    throw new CommandError(`stat ${globals.kubeconfig}: no such file or directory`);
  }
  return globals.kubeconfig !== "" ? loadKubeconfigFile(globals.kubeconfig) : loadKubeconfigs(kubeconfigPaths(env));
}

/** How to reach the server: the kubeconfig, with what the flags replace. Throws a CommandError or KubeconfigError. */
export async function resolveConfig(
  kubeconfig: Kubeconfig,
  globals: GlobalValues,
  env: Environment,
): Promise<ClientConfig> {
  if (globals.context !== "" && !kubeconfig.contexts?.some(({ name }) => name === globals.context)) {
    throw new KubeconfigError(`invalid configuration: context was not found for specified context: ${globals.context}`);
  }
  if (globals.cluster !== "" && !kubeconfig.clusters?.some(({ name }) => name === globals.cluster)) {
    throw new CommandError(`no server found for cluster ${JSON.stringify(globals.cluster)}`);
  }
  if (globals["client-certificate"] !== "" && !existsSync(globals["client-certificate"])) {
    const file = globals["client-certificate"];
    const reason = `open ${file}: no such file or directory`;
    throw new CommandError(`unable to read client-cert ${file} for ${userOf(kubeconfig, globals)} due to ${reason}`);
  }
  const overrides = {
    ...(globals.context !== "" && { context: globals.context }),
    ...(globals.cluster !== "" && { cluster: globals.cluster }),
    ...(globals.user !== "" && { user: globals.user }),
    ...(globals.namespace !== "" && { namespace: globals.namespace }),
    ...(globals.server !== "" && { server: globals.server }),
  };
  const empty = (kubeconfig.contexts ?? []).length === 0 && (kubeconfig.clusters ?? []).length === 0;
  if (empty && Object.keys(overrides).filter((name) => name !== "namespace").length === 0) {
    const inCluster = await inClusterConfig(env).catch(() => undefined);
    if (inCluster)
      return withFlags({ ...inCluster, ...(globals.namespace && { namespace: globals.namespace }) }, globals);
    overrides.server = fallbackServer;
  }
  return withFlags(
    resolveClientConfig(withoutCredentials(kubeconfig, globals), overrides),
    globals,
    userOf(kubeconfig, globals),
  );
}

function userOf(kubeconfig: Kubeconfig, globals: GlobalValues): string {
  const context = globals.context || kubeconfig["current-context"];
  return globals.user || (kubeconfig.contexts?.find(({ name }) => name === context)?.context?.user ?? "");
}

/** A credential flag replaces whatever the kubeconfig says about the same thing. */
function withoutCredentials(kubeconfig: Kubeconfig, globals: GlobalValues): Kubeconfig {
  const clusters = kubeconfig.clusters?.map((entry) => {
    if (!globals["insecure-skip-tls-verify"] || !entry.cluster) return entry;
    const { "certificate-authority": _file, "certificate-authority-data": _data, ...cluster } = entry.cluster;
    return { ...entry, cluster };
  });
  return { ...kubeconfig, ...(clusters && { clusters }) };
}

function withFlags(config: ClientConfig, globals: GlobalValues, userName = ""): ClientConfig {
  if (globals["insecure-skip-tls-verify"] && globals["certificate-authority"] !== "") {
    throw new KubeconfigError("specifying a root certificates file with the insecure flag is not allowed");
  }
  const impersonate = impersonation(globals, userName) ?? config.impersonate;
  return {
    ...config,
    tls: {
      ...config.tls,
      ...(globals["certificate-authority"] !== "" && { ca: { file: globals["certificate-authority"] } }),
      ...(globals["client-certificate"] !== "" && { cert: { file: globals["client-certificate"] } }),
      ...(globals["client-key"] !== "" && { key: { file: globals["client-key"] } }),
      ...(globals["tls-server-name"] !== "" && { serverName: globals["tls-server-name"] }),
      ...(globals["insecure-skip-tls-verify"] && { insecureSkipVerify: true }),
    },
    ...(globals.token !== "" && { auth: { kind: "token", token: globals.token } as const }),
    ...(globals.username !== "" && {
      auth: { kind: "basic", username: globals.username, password: globals.password } as const,
    }),
    ...(impersonate && { impersonate }),
  };
}

function impersonation(globals: GlobalValues, userName: string): Impersonation | undefined {
  const groups = globals["as-group"];
  const extras = globals["as-user-extra"];
  if (globals.as === "") {
    if (groups.length === 0 && globals["as-uid"] === "" && extras.length === 0) return undefined;
    throw new CommandError(`requesting uid, groups or user-extra for ${userName} without impersonating a user`);
  }
  const extra: Record<string, string[]> = {};
  for (const each of extras) {
    const equals = each.indexOf("=");
    if (equals < 0) throw new FlagError(`invalid argument ${JSON.stringify(each)} for "--as-user-extra" flag`);
    (extra[each.slice(0, equals)] ??= []).push(each.slice(equals + 1));
  }
  return {
    user: globals.as,
    ...(globals["as-uid"] !== "" && { uid: globals["as-uid"] }),
    ...(groups.length > 0 && { groups }),
    ...(extras.length > 0 && { extra }),
  };
}
