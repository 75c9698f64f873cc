import { formatYaml } from "@kube-ts/std/yaml";

/** The extension of a cluster that lists the API servers among which kube-ts's clients choose. */
export const serversExtension = "kube-ts.io/servers";

/** Whom a kubeconfig makes its bearer: texts of PEM, paths of files, or a token. */
export type KubeconfigUser =
  | { readonly clientCertificate: string; readonly clientKey: string }
  | { readonly clientCertificateFile: string; readonly clientKeyFile: string }
  | { readonly token: string };

export interface KubeconfigContent {
  readonly clusterName: string;
  /** URLs; clients that know of one server only use the first. */
  readonly servers: readonly string[];
  /** PEM. */
  readonly authority: string;
  readonly userName: string;
  readonly user: KubeconfigUser;
}

/** The text of a kubeconfig file. */
export function formatKubeconfig(content: KubeconfigContent): string {
  const { clusterName, authority, userName, user } = content;
  const servers = [...new Set(content.servers)];
  const context = `${userName}@${clusterName}`;
  const extensions = [{ name: serversExtension, extension: { servers } }];
  return formatYaml({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: clusterName,
        cluster: {
          server: servers[0],
          "certificate-authority-data": base64(authority),
          ...(servers.length > 1 ? { extensions } : {}),
        },
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
