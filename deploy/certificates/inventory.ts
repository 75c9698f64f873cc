import type { ClusterConfig, Machine } from "../cluster/cluster-config.ts";
import { hasRole } from "../cluster/cluster-view.ts";
import type { CertificateRequest } from "../pki/authority.ts";
import {
  type AuthorityName,
  type PlannedKubeconfig,
  authorities,
  machineCertificates,
  machineKubeconfigs,
} from "../pki/certificate-plan.ts";
import { daemonGroup, nodeDaemons } from "../join/node-daemons.ts";

/** Where a certificate is kept. */
export type CertificatePlace =
  /** `NAME.crt` and `NAME.key`, below the PKI directory. */
  | { readonly kind: "files"; readonly name: string }
  /** In a kubeconfig, below the cluster's directory. */
  | { readonly kind: "kubeconfig"; readonly file: string };

/** A certificate that a machine has, and who can make the next one. */
export interface ListedCertificate {
  /** As it is named in tables and on the command line: `apiserver`, `etcd-server`, `admin.conf`. */
  readonly name: string;
  readonly authority: AuthorityName;
  readonly place: CertificatePlace;
  readonly request: CertificateRequest;
  /** `authority`: with the key on this machine. `cluster`: by a request that the cluster approves and signs. */
  readonly issuer: "authority" | "cluster";
}

/** Every certificate that this machine renews, by name. The kubelet renews its own. */
export function listedCertificates(config: ClusterConfig, machine: Machine): readonly ListedCertificate[] {
  const files = machineCertificates(config, machine).map(({ name, authority, request }): ListedCertificate => ({
    name: displayName(name),
    authority,
    place: { kind: "files", name },
    request,
    issuer: "authority",
  }));
  const kubeconfigs = machineKubeconfigs(config, machine)
    .filter(({ file }) => file !== "kubelet.conf")
    .map((plan) => ofKubeconfig(plan, "authority"));
  const ofCluster = hasRole(machine, "control-plane") ? [] : workerKubeconfigs(machine);
  return [...files, ...kubeconfigs, ...ofCluster].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function workerKubeconfigs(machine: Machine): readonly ListedCertificate[] {
  if (!hasRole(machine, "worker")) return [];
  return nodeDaemons.map(({ kubeconfig, user }) =>
    ofKubeconfig({ file: kubeconfig, user, organizations: [daemonGroup(machine.name)] }, "cluster"),
  );
}

function ofKubeconfig(
  { file, user, organizations }: Pick<PlannedKubeconfig, "file" | "user" | "organizations">,
  issuer: ListedCertificate["issuer"],
): ListedCertificate {
  return {
    name: file,
    authority: "ca",
    place: { kind: "kubeconfig", file },
    request: { commonName: user, organizations, usages: ["client"] },
    issuer,
  };
}

/** The authorities whose certificates a machine has. */
export function listedAuthorities(machine: Machine): readonly AuthorityName[] {
  const names = Object.keys(authorities) as AuthorityName[];
  return names.filter((name) => {
    if (hasRole(machine, "control-plane")) return true;
    return name === "ca" ? hasRole(machine, "worker") : name === "etcd/ca" && hasRole(machine, "etcd");
  });
}

/** `etcd-server` for `etcd/server`, as kubeadm says it. */
export function displayName(path: string): string {
  return path.replaceAll("/", "-");
}
