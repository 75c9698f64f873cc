import { readFile } from "node:fs/promises";
import { isIPv6 } from "node:net";
import { type Random, systemRandom } from "@kube-ts/std/random";
import {
  type Kubeconfig,
  type KubeconfigCluster,
  type KubeconfigContext,
  KubeconfigError,
  type KubeconfigUser,
  loadKubeconfigFile,
} from "./kubeconfig.ts";
import { ServerChoice } from "./server-choice.ts";
import { type ServerList, serverListOf } from "./server-list.ts";

/** PEM text, or a file of it that is read again when it changes. */
export type PemSource = { readonly text: string } | { readonly file: string };

export interface ClientTls {
  /** Authorities that may vouch for the server; without them those of the system. */
  readonly ca?: PemSource;
  readonly cert?: PemSource;
  readonly key?: PemSource;
  /** The name that the server's certificate must carry, when it is not the host of the URL. */
  readonly serverName?: string;
  readonly insecureSkipVerify?: boolean;
}

/** A credential plugin of `client.authentication.k8s.io`. */
export interface ExecPlugin {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly installHint: string;
  readonly provideClusterInfo: boolean;
  readonly interactiveMode: "Never" | "IfAvailable" | "Always";
}

/** Proof of identity in a request header; a client certificate is part of `ClientTls`. */
export type ClientAuth =
  | { readonly kind: "none" }
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "tokenFile"; readonly path: string }
  | { readonly kind: "basic"; readonly username: string; readonly password: string }
  | { readonly kind: "exec"; readonly plugin: ExecPlugin };

export interface Impersonation {
  readonly user: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** How to reach the API server of a cluster, or one of several, and as whom. */
export interface ClientConfig {
  /** URL, with a path when the API lives under one. */
  readonly server: string;
  /** Where the kubeconfig names several servers: they are used instead, whichever of them serves. */
  readonly servers?: ServerChoice;
  /** What the kubeconfig says of them. */
  readonly serverList?: ServerList;
  /** The namespace to use where none is given. */
  readonly namespace: string;
  readonly tls: ClientTls;
  readonly auth: ClientAuth;
  readonly impersonate?: Impersonation;
}

/** What command line flags replace in a kubeconfig. */
export interface ConfigOverrides {
  readonly context?: string;
  readonly cluster?: string;
  readonly user?: string;
  readonly namespace?: string;
  readonly server?: string;
}

const defaultNamespace = "default";

/** The configuration of a daemon's `--kubeconfig` (and `--master`, if given). Throws a KubeconfigError. */
export async function clientConfigFromFile(path: string, overrides: ConfigOverrides = {}): Promise<ClientConfig> {
  return resolveClientConfig(await loadKubeconfigFile(path), overrides);
}

/** What a kubeconfig says of the context that is used. */
interface ChosenEntries {
  readonly context: KubeconfigContext | undefined;
  readonly clusterName: string;
  readonly cluster: KubeconfigCluster | undefined;
  readonly userName: string;
  readonly user: KubeconfigUser | undefined;
}

/** Throws a KubeconfigError when something is named that is not there. */
function chosenEntries(kubeconfig: Kubeconfig, overrides: ConfigOverrides): ChosenEntries {
  const contextName = overrides.context || kubeconfig["current-context"] || "";
  const context = kubeconfig.contexts?.find((entry) => entry.name === contextName)?.context;
  if (overrides.context && !context) throw new KubeconfigError(`context "${overrides.context}" does not exist`);
  if (contextName !== "" && !context)
    throw invalidConfig(`context was not found for specified context: ${contextName}`);
  const clusterName = overrides.cluster || context?.cluster || "";
  const cluster = kubeconfig.clusters?.find((entry) => entry.name === clusterName)?.cluster;
  if (overrides.cluster && !cluster) throw new KubeconfigError(`cluster "${overrides.cluster}" does not exist`);
  const userName = overrides.user || context?.user || "";
  const user = kubeconfig.users?.find((entry) => entry.name === userName)?.user;
  if (overrides.user && !user) throw new KubeconfigError(`auth info "${overrides.user}" does not exist`);
  if (!user && context?.user) throw invalidConfig(`user "${userName}" was not found for context "${contextName}"`);
  return { context, clusterName, cluster, userName, user };
}

function serverOf({ context, cluster, clusterName }: ChosenEntries, overrides: ConfigOverrides): string {
  const server = overrides.server || cluster?.server || "";
  if (server === "") {
    if (!context) {
      throw invalidConfig("no configuration has been provided, try setting KUBERNETES_MASTER environment variable");
    }
    throw invalidConfig(cluster ? "cluster has no server defined" : `cluster "${clusterName}" was not found`);
  }
  if (cluster?.["proxy-url"]) {
    throw new KubeconfigError(`cluster "${clusterName}": proxy-url is not supported: connect to the server directly`);
  }
  return server;
}

/** The cluster and user that a kubeconfig's context names. Throws a KubeconfigError that says what is missing. */
export function resolveClientConfig(
  kubeconfig: Kubeconfig,
  overrides: ConfigOverrides = {},
  random: Random = systemRandom,
): ClientConfig {
  const entries = chosenEntries(kubeconfig, overrides);
  const { context, clusterName, cluster, userName, user } = entries;
  const server = serverOf(entries, overrides);
  const skipVerify = cluster?.["insecure-skip-tls-verify"] === true;
  const ca = pemSource(cluster?.["certificate-authority-data"], cluster?.["certificate-authority"]);
  if (skipVerify && ca) {
    throw new KubeconfigError("specifying a root certificates file with the insecure flag is not allowed");
  }
  const impersonate = impersonationOf(user, userName);
  const serverList = overrides.server ? undefined : serverListOf(cluster?.extensions, clusterName);
  return {
    server: normalizeServer(server),
    ...(serverList && { serverList, servers: serverChoice(serverList, random) }),
    namespace: overrides.namespace || context?.namespace || defaultNamespace,
    tls: {
      ...(ca && { ca }),
      ...clientCertificate(user, userName),
      ...(cluster?.["tls-server-name"] && { serverName: cluster["tls-server-name"] }),
      ...(skipVerify && { insecureSkipVerify: true }),
    },
    auth: authOf(user, userName),
    ...(impersonate && { impersonate }),
  };
}

function serverChoice({ servers, start }: ServerList, random: Random): ServerChoice {
  return new ServerChoice(servers.map(normalizeServer), start, random);
}

const serviceAccountDirectory = "/var/run/secrets/kubernetes.io/serviceaccount";

/** The configuration of a process in a pod, from its service account. Throws a KubeconfigError outside of one. */
export async function inClusterConfig(
  env: Readonly<Record<string, string | undefined>>,
  directory = serviceAccountDirectory,
): Promise<ClientConfig> {
  const host = env["KUBERNETES_SERVICE_HOST"] ?? "";
  const port = env["KUBERNETES_SERVICE_PORT"] ?? "";
  if (host === "" || port === "") {
    throw new KubeconfigError(
      "unable to load in-cluster configuration, KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be defined",
    );
  }
  const tokenPath = `${directory}/token`;
  await readFile(tokenPath).catch((cause: unknown) => {
    throw new KubeconfigError(`unable to load in-cluster configuration: ${String(cause)}`, { cause });
  });
  const namespace = await readFile(`${directory}/namespace`, "utf8").catch(() => defaultNamespace);
  return {
    server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
    namespace: namespace.trim() || defaultNamespace,
    tls: { ca: { file: `${directory}/ca.crt` } },
    auth: { kind: "tokenFile", path: tokenPath },
  };
}

function authOf(user: KubeconfigUser | undefined, userName: string): ClientAuth {
  if (user?.["auth-provider"] !== undefined) {
    throw new KubeconfigError(`user "${userName}": auth-provider is not supported: use an exec credential plugin`);
  }
  const token = user?.token || user?.tokenFile;
  const methods = [...(token ? ["token"] : []), ...(user?.username || user?.password ? ["basicAuth"] : [])];
  if (methods.length > 1) {
    throw invalidConfig(
      `more than one authentication method found for ${userName}; found [${methods.join(" ")}], only one is allowed`,
    );
  }
  if (user?.exec && methods.length > 0) {
    throw invalidConfig(
      `more than one authentication method found for ${userName}; found [exec ${methods.join(" ")}], only one is allowed`,
    );
  }
  if (user?.exec) return { kind: "exec", plugin: execPlugin(user.exec, userName) };
  if (user?.tokenFile) return { kind: "tokenFile", path: user.tokenFile };
  if (user?.token) return { kind: "token", token: user.token };
  if (user?.username) return { kind: "basic", username: user.username, password: user.password ?? "" };
  return { kind: "none" };
}

const execVersions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];

function execPlugin(exec: NonNullable<KubeconfigUser["exec"]>, userName: string): ExecPlugin {
  const { command = "", apiVersion = "" } = exec;
  if (command === "") {
    throw invalidConfig(`command must be specified for ${userName} to use exec authentication plugin`);
  }
  if (apiVersion === "") {
    throw invalidConfig(`apiVersion must be specified for ${userName} to use exec authentication plugin`);
  }
  if (!execVersions.includes(apiVersion)) {
    throw invalidConfig(`exec plugin: invalid apiVersion ${JSON.stringify(apiVersion)}`);
  }
  const fallback = apiVersion === "client.authentication.k8s.io/v1beta1" ? "IfAvailable" : "";
  const interactiveMode = exec.interactiveMode || fallback;
  if (interactiveMode === "") {
    throw invalidConfig(`interactiveMode must be specified for ${userName} to use exec authentication plugin`);
  }
  if (interactiveMode !== "Never" && interactiveMode !== "IfAvailable" && interactiveMode !== "Always") {
    throw invalidConfig(
      `invalid interactiveMode for ${userName}: ${JSON.stringify(interactiveMode)}: must be Never, IfAvailable or Always`,
    );
  }
  return {
    apiVersion,
    command,
    args: exec.args ?? [],
    env: Object.fromEntries((exec.env ?? []).map(({ name = "", value = "" }) => [name, value] as const)),
    installHint: exec.installHint ?? "",
    provideClusterInfo: exec.provideClusterInfo ?? false,
    interactiveMode,
  };
}

function clientCertificate(user: KubeconfigUser | undefined, userName: string): Pick<ClientTls, "cert" | "key"> {
  const cert = pemSource(user?.["client-certificate-data"], user?.["client-certificate"]);
  const key = pemSource(user?.["client-key-data"], user?.["client-key"]);
  if (!cert && !key) return {};
  if (!cert)
    throw invalidConfig(
      `client-cert-data or client-cert must be specified for ${userName} to use the clientKey authentication method.`,
    );
  if (!key)
    throw invalidConfig(
      `client-key-data or client-key must be specified for ${userName} to use the clientCert authentication method.`,
    );
  return { cert, key };
}

function impersonationOf(user: KubeconfigUser | undefined, userName: string): Impersonation | undefined {
  const { "as-uid": uid, "as-groups": groups, "as-user-extra": extra } = user ?? {};
  if (!user?.as) {
    if (!uid && !groups?.length && !extra) return undefined;
    throw invalidConfig(`requesting uid, groups or user-extra for ${userName} without impersonating a user`);
  }
  return { user: user.as, ...(uid && { uid }), ...(groups && { groups }), ...(extra && { extra }) };
}

function pemSource(base64: string | undefined, file: string | undefined): PemSource | undefined {
  if (base64) return { text: Buffer.from(base64, "base64").toString("utf8") };
  return file ? { file } : undefined;
}

/** A server written without a scheme means HTTP, as for upstream's clients. */
function normalizeServer(server: string): string {
  const url = URL.parse(server.includes("://") ? server : `http://${server}`);
  if (!url || !/^https?:$/.test(url.protocol))
    throw new KubeconfigError(`invalid server URL ${JSON.stringify(server)}`);
  return url.href.replace(/\/+$/, "");
}

function invalidConfig(problem: string): KubeconfigError {
  return new KubeconfigError(`invalid configuration: ${problem}`);
}
