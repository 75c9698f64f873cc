import { serverFields } from "@kube-ts/client/server-list";
import { formatYaml } from "@kube-ts/std/yaml";

/** Whom a kubeconfig makes its bearer: texts of PEM, paths of files, or a token. */
export type KubeconfigUser =
  | { readonly clientCertificate: string; readonly clientKey: string }
  | { readonly clientCertificateFile: string; readonly clientKeyFile: string }
  | { readonly token: string };

export interface KubeconfigContent {
  readonly clusterName: string;
  /** URLs of the API servers. */
  readonly servers: readonly string[];
  /** `first` for the daemons of a machine that has an API server itself, which then comes first; `random` unless given. */
  readonly start?: "first" | "random";
  /** What clients use that know of one server only; the first of `servers` unless given. */
  readonly server?: string;
  /** PEM. */
  readonly authority: string;
  readonly userName: string;
  readonly user: KubeconfigUser;
}

/** The text of a kubeconfig file. */
export function formatKubeconfig(content: KubeconfigContent): string {
  const { clusterName, servers, start, server, authority, userName, user } = content;
  const context = `${userName}@${clusterName}`;
  return formatYaml({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: clusterName,
        cluster: { "certificate-authority-data": base64(authority), ...serverFields(servers, start, server) },
      },
    ],
    contexts: [{ name: context, context: { cluster: clusterName, user: userName } }],
    "current-context": context,
    users: [{ name: userName, user: userFields(user) }],
  });
}

function userFields(user: KubeconfigUser): Readonly<Record<string, string>> {
  if ("token" in user) return { token: user.token };
  if ("clientCertificateFile" in user) {
    return { "client-certificate": user.clientCertificateFile, "client-key": user.clientKeyFile };
  }
  return {
    "client-certificate-data": base64(user.clientCertificate),
    "client-key-data": base64(user.clientKey),
  };
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
