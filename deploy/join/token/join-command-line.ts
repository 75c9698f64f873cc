import { type BootstrapToken, formatToken } from "./bootstrap-token.ts";

export interface JoinTarget {
  /** `host:port`. */
  readonly endpoint: string;
  /** `sha256:…` of each authority's public key. */
  readonly hashes: readonly string[];
}

/** The command that makes another machine part of the cluster; with a certificate key, of its control plane. */
export function joinCommandLine(target: JoinTarget, token: BootstrapToken, certificateKey = ""): string {
  return [
    `kube-ts join ${target.endpoint}`,
    `--token ${formatToken(token)}`,
    ...target.hashes.map((hash) => `--discovery-token-ca-cert-hash ${hash}`),
    ...(certificateKey === "" ? [] : [`--control-plane --certificate-key ${certificateKey}`]),
  ].join(" ");
}
