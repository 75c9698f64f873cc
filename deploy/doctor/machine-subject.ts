import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { apiServerHosts, etcdHosts, hasRole, kubeletHosts } from "../cluster/cluster-view.ts";
import type { ClusterConfig, Machine } from "../cluster/cluster-config.ts";
import { allDaemons, isStaticPod } from "../machine/machine-daemons.ts";
import {
  adminKubeconfig,
  cniConfigDirectory,
  dockerSocket,
  etcdData,
  etcdDirectory,
  kubeconfigPath,
  kubeletDirectory,
  pkiDirectory,
  staticPodDirectory,
} from "../machine/places.ts";
import { portsOf } from "../machine/preflight.ts";
import { containerPid } from "../machine/static-pods/containers.ts";
import { mainPid } from "../machine/systemd.ts";
import { certificateFiles, trustedFile } from "../pki/certificate-files.ts";
import { authorities, machineCertificates } from "../pki/certificate-plan.ts";
import type { AuthorityName } from "../pki/certificate-plan.ts";
import { daemonUnits } from "../units/unit-files.ts";
import type { DaemonName } from "../units/unit-files.ts";
import type { Places } from "./cluster-view.ts";
import { certificatesBelow } from "./local-subject.ts";
import { nodePrograms } from "./subject.ts";
import type { Advice, Subject, SubjectCertificate, SubjectDaemon } from "./subject.ts";

/** A machine that `kube-ts install` or `kube-ts join` has set up, or one before that. */
export function machineSubject(
  own: { config: ClusterConfig; machine: Machine } | undefined,
  signal: AbortSignal,
): Subject {
  const machine = own?.machine;
  const isServer = machine !== undefined && hasRole(machine, "control-plane");
  const hasEtcd = machine !== undefined && hasRole(machine, "etcd");
  const etcdPki = join(pkiDirectory, "etcd");
  return {
    hasCluster: own !== undefined,
    nodeName: machine?.name ?? "",
    kubeconfig: isServer ? adminKubeconfig : kubeconfigPath("kubelet.conf"),
    daemons: own ? daemons(own.config, own.machine, signal) : new Map(),
    programs: [
      ...(hasEtcd ? ["etcd", "etcdctl"] : []),
      ...(machine === undefined || hasRole(machine, "worker") ? nodePrograms : []),
    ],
    places,
    certificates: own ? certificates(own.config, own.machine) : [],
    bundles: own ? bundles() : [],
    etcd: {
      port: own?.config.ports.etcdClient ?? 2379,
      ca: trustedFile(pkiDirectory, "etcd/ca"),
      cert: join(etcdPki, "healthcheck-client.crt"),
      key: join(etcdPki, "healthcheck-client.key"),
    },
    dockerSocket,
    stores: [
      ...(hasEtcd ? [{ purpose: "etcd", path: etcdDirectory }] : []),
      { purpose: "kubelet", path: kubeletDirectory },
    ],
    advice: adviceFor(own?.config),
  };
}

const advice: Omit<Advice, "start" | "logs"> = {
  makeCluster: "`kube-ts install` starts a cluster, `kube-ts join` makes the machine part of one",
  startEngine: "systemctl start docker; see journalctl -u docker",
  installPrograms: "install the packages of the machine's roles",
  raiseOpenFiles: "LimitNOFILE= in a drop-in of the unit",
  renewCertificates: "`kube-ts certificates renew`",
};

function adviceFor(config: ClusterConfig | undefined): Advice {
  const inPod = (daemon: DaemonName) => config !== undefined && isStaticPod(config, daemon);
  const logs = (daemon: DaemonName) =>
    inPod(daemon)
      ? `see journalctl -u kubelet, and docker logs of k8s_${daemon}_…`
      : `see journalctl -u ${daemonUnits[daemon].unit}`;
  return {
    ...advice,
    logs,
    start: (daemon) =>
      `${inPod(daemon) ? "kube-ts install" : `systemctl start ${daemonUnits[daemon].unit}`}; ${logs(daemon)}`,
  };
}

const places: Places = {
  adminKubeconfig,
  schedulerKubeconfig: kubeconfigPath("scheduler.conf"),
  controllerManagerKubeconfig: kubeconfigPath("controller-manager.conf"),
  kubeletKubeconfig: kubeconfigPath("kubelet.conf"),
  proxyKubeconfig: kubeconfigPath("kube-proxy.conf"),
  kubeletConfig: join(kubeletDirectory, "config.yaml"),
  etcdData,
  pki: pkiDirectory,
  cniConfigs: cniConfigDirectory,
  manifests: staticPodDirectory,
  kubeletUnit: "/usr/lib/systemd/system/kubelet.service",
};

function daemons(config: ClusterConfig, machine: Machine, signal: AbortSignal): ReadonlyMap<DaemonName, SubjectDaemon> {
  return new Map(
    allDaemons(config, machine).map((name): [DaemonName, SubjectDaemon] => {
      const pid = isStaticPod(config, name)
        ? () => containerPid(name, signal)
        : () => mainPid(daemonUnits[name].unit, signal);
      return [name, { ports: portsOf(config, name), pid }];
    }),
  );
}

function certificates(config: ClusterConfig, machine: Machine): readonly SubjectCertificate[] {
  const hostsOf = new Map([
    ["apiserver.crt", apiServerHosts(config, machine)],
    ["kubelet-server.crt", kubeletHosts(machine)],
    ["etcd/server.crt", etcdHosts(machine)],
    ["etcd/peer.crt", etcdHosts(machine)],
  ]);
  const inPki = (name: string) => join(pkiDirectory, `${name}.crt`);
  const signers = new Map(
    machineCertificates(config, machine).map(({ name, authority }) => [inPki(name), inPki(authority)]),
  );
  const severalAuthorities = bundles();
  const below = certificatesBelow(pkiDirectory, hostsOf)
    // Two authorities are no certificate.
    .filter(({ path }) => !severalAuthorities.includes(path))
    .map((found) => ({ ...found, authority: signers.get(found.path) ?? found.authority }));
  return [...below, ...kubeletCertificates()];
}

function bundles(): readonly string[] {
  const names = Object.keys(authorities) as AuthorityName[];
  return names
    .map((name) => trustedFile(pkiDirectory, name))
    .filter((path) => names.every((name) => path !== certificateFiles(pkiDirectory, name).cert));
}

/** What the kubelet has been given, and renews by itself. */
function kubeletCertificates(): readonly SubjectCertificate[] {
  const directory = join(kubeletDirectory, "pki");
  const names = existsSync(directory) ? readdirSync(directory) : [];
  return names
    .filter((name) => name.endsWith("-current.pem"))
    .map((name) => ({ path: join(directory, name), authority: join(pkiDirectory, "ca.crt"), hosts: [] }));
}
