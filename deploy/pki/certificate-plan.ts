import type { ClusterConfig, Machine } from "../cluster/cluster-config.ts";
import {
  apiServerHosts,
  apiServerUrl,
  apiServerUrls,
  clusterUrl,
  etcdHosts,
  hasRole,
  kubeletHosts,
} from "../cluster/cluster-view.ts";
import { daemonGroup, nodeDaemons } from "../join/node-daemons.ts";
import type { CertificateRequest } from "./authority.ts";

/** The authorities of a cluster, by their place below the PKI directory. */
export const authorities = {
  ca: "kubernetes",
  "etcd/ca": "etcd-ca",
  "front-proxy-ca": "front-proxy-ca",
} as const satisfies Readonly<Record<string, string>>;

export type AuthorityName = keyof typeof authorities;

/** A certificate that a machine has, by its place below the PKI directory, without `.crt`. */
export interface PlannedCertificate {
  readonly name: string;
  readonly authority: AuthorityName;
  readonly request: CertificateRequest;
}

/** A kubeconfig with a client certificate of its own. */
export interface PlannedKubeconfig {
  /** Below `/etc/kubernetes`. */
  readonly file: string;
  readonly user: string;
  readonly organizations: readonly string[];
  /** The API servers, this machine's first. */
  readonly servers: readonly string[];
  /** What clients use that know of one server only; the first of `servers` unless given. */
  readonly server?: string;
}

/** Groups of people and programs who may do everything; kubeadm's name, bound to cluster-admin. */
export const clusterAdmins = "kubeadm:cluster-admins";

/** What an etcd of a machine shows, and what asks it. */
function etcdCertificates(machine: Machine): readonly PlannedCertificate[] {
  if (!hasRole(machine, "etcd")) return [];
  const hosts = etcdHosts(machine);
  const member = (name: string): PlannedCertificate => ({
    name: `etcd/${name}`,
    authority: "etcd/ca",
    request: { commonName: machine.name, hosts, usages: ["server", "client"] },
  });
  return [
    member("server"),
    member("peer"),
    {
      name: "etcd/healthcheck-client",
      authority: "etcd/ca",
      request: { commonName: "kube-etcd-healthcheck-client", usages: ["client"] },
    },
  ];
}

/** Every certificate of a machine's daemons that is a file of its own. */
export function machineCertificates(config: ClusterConfig, machine: Machine): readonly PlannedCertificate[] {
  return [
    ...etcdCertificates(machine),
    ...(hasRole(machine, "control-plane") ? serverCertificates(config, machine) : []),
  ];
}

function serverCertificates(config: ClusterConfig, machine: Machine): readonly PlannedCertificate[] {
  return [
    {
      name: "apiserver",
      authority: "ca",
      request: { commonName: "kube-apiserver", hosts: apiServerHosts(config, machine), usages: ["server"] },
    },
    {
      name: "apiserver-kubelet-client",
      authority: "ca",
      request: {
        commonName: "kube-apiserver-kubelet-client",
        organizations: [clusterAdmins],
        usages: ["client"],
      },
    },
    {
      name: "apiserver-etcd-client",
      authority: "etcd/ca",
      request: { commonName: "kube-apiserver-etcd-client", usages: ["client"] },
    },
    {
      name: "front-proxy-client",
      authority: "front-proxy-ca",
      request: { commonName: "front-proxy-client", usages: ["client"] },
    },
    ...(hasRole(machine, "worker") ? [kubeletServing(machine)] : []),
  ];
}

/** Only a machine that has the authority's key makes this one itself. */
function kubeletServing(machine: Machine): PlannedCertificate {
  return {
    name: "kubelet-server",
    authority: "ca",
    request: {
      commonName: `system:node:${machine.name}`,
      organizations: ["system:nodes"],
      hosts: kubeletHosts(machine),
      usages: ["server"],
    },
  };
}

/**
 * The kubeconfigs that a control-plane machine makes itself. Its daemons speak to its own API server first, and to the
 * others when that is not there.
 */
export function machineKubeconfigs(config: ClusterConfig, machine: Machine): readonly PlannedKubeconfig[] {
  if (!hasRole(machine, "control-plane")) return [];
  const servers = apiServerUrls(config, machine);
  const own = (file: string, user: string, organizations: readonly string[] = []): PlannedKubeconfig => ({
    file,
    user,
    organizations,
    servers,
    server: apiServerUrl(config, machine),
  });
  return [
    { ...own("admin.conf", "kubernetes-admin", [clusterAdmins]), server: clusterUrl(config, machine) },
    // Not subject to RBAC: for repairs, and for the first steps of a cluster.
    {
      ...own("super-admin.conf", "kubernetes-super-admin", ["system:masters"]),
      servers: [apiServerUrl(config, machine)],
    },
    own("controller-manager.conf", "system:kube-controller-manager"),
    own("scheduler.conf", "system:kube-scheduler"),
    own("cluster-autoscaler.conf", "system:cluster-autoscaler"),
    ...(hasRole(machine, "worker")
      ? [
          own("kubelet.conf", `system:node:${machine.name}`, ["system:nodes"]),
          ...nodeDaemons.map(({ kubeconfig, user }) => own(kubeconfig, user, [daemonGroup(machine.name)])),
        ]
      : []),
  ];
}
