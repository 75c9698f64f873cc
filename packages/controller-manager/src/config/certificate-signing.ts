import type { FlagValues } from "@kube-ts/std/flags";
import { FlagError, defineFlags } from "@kube-ts/std/flags";
import type { SignerName } from "../certificates/signer-rules.ts";
import type { AuthorityFiles } from "../certificates/signing-authority.ts";

/** Who issues certificates with which authority, and for how long. */
export interface CertificateSigningConfig {
  /** Longest validity of a certificate. */
  readonly durationMs: number;
  /** A signer that is missing issues nothing. */
  readonly authorities: ReadonlyMap<SignerName, AuthorityFiles>;
}

const cert = (whose: string) =>
  ({
    type: "string",
    default: "",
    description: `PEM file of the certificate of the authority that signs ${whose}`,
  }) as const;
const key = (whose: string) =>
  ({ type: "string", default: "", description: `PEM file of the key of the authority that signs ${whose}` }) as const;

const all = "certificates of all of the cluster's signers; not together with those of single signers";

export const certificateSigningFlags = defineFlags({
  "cluster-signing-cert-file": cert(all),
  "cluster-signing-key-file": key(all),
  "cluster-signing-kubelet-serving-cert-file": cert("for kubernetes.io/kubelet-serving"),
  "cluster-signing-kubelet-serving-key-file": key("for kubernetes.io/kubelet-serving"),
  "cluster-signing-kubelet-client-cert-file": cert("for kubernetes.io/kube-apiserver-client-kubelet"),
  "cluster-signing-kubelet-client-key-file": key("for kubernetes.io/kube-apiserver-client-kubelet"),
  "cluster-signing-kube-apiserver-client-cert-file": cert("for kubernetes.io/kube-apiserver-client"),
  "cluster-signing-kube-apiserver-client-key-file": key("for kubernetes.io/kube-apiserver-client"),
  "cluster-signing-legacy-unknown-cert-file": cert("for kubernetes.io/legacy-unknown"),
  "cluster-signing-legacy-unknown-key-file": key("for kubernetes.io/legacy-unknown"),
  "cluster-signing-duration": {
    type: "duration",
    default: 365 * 24 * 3_600_000,
    description: "longest validity of signed certificates; requests may ask for less by spec.expirationSeconds",
  },
});

type Values = FlagValues<typeof certificateSigningFlags>;

const flagsBySigner = {
  "kubernetes.io/kubelet-serving": "cluster-signing-kubelet-serving",
  "kubernetes.io/kube-apiserver-client-kubelet": "cluster-signing-kubelet-client",
  "kubernetes.io/kube-apiserver-client": "cluster-signing-kube-apiserver-client",
  "kubernetes.io/legacy-unknown": "cluster-signing-legacy-unknown",
} as const satisfies Record<SignerName, string>;

type FlagPrefix = "cluster-signing" | (typeof flagsBySigner)[SignerName];

/** Checks which files are given for whom. Throws a FlagError. */
export function certificateSigningConfig(values: Values): CertificateSigningConfig {
  const shared = authorityFiles(values, "cluster-signing");
  const authorities = new Map<SignerName, AuthorityFiles>();
  for (const [signer, flag] of Object.entries(flagsBySigner) as [SignerName, FlagPrefix][]) {
    const own = authorityFiles(values, flag);
    if (own && shared) {
      const text =
        "cannot specify --cluster-signing-{cert,key}-file and other --cluster-signing-*-file flags at the same time";
      throw new FlagError(`${flag}-cert-file`, text);
    }
    const files = own ?? shared;
    if (files) authorities.set(signer, files);
  }
  return { durationMs: values["cluster-signing-duration"], authorities };
}

function authorityFiles(values: Values, flag: FlagPrefix): AuthorityFiles | undefined {
  const certFile = values[`${flag}-cert-file`];
  const keyFile = values[`${flag}-key-file`];
  if (certFile === "" && keyFile === "") return undefined;
  if (certFile === "") throw new FlagError(`${flag}-key-file`, `"${flag}": cannot specify key without cert`);
  if (keyFile === "") throw new FlagError(`${flag}-cert-file`, `"${flag}": cannot specify cert without key`);
  return { certFile, keyFile };
}
