import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { daemonPorts } from "../local/daemon-ports.ts";
import { servingHosts } from "../local/identities.ts";
import { kubeletConfigFile } from "../local/layout.ts";
import type { LocalCluster } from "../local/layout.ts";
import { daemonPid } from "../local/supervision.ts";
import type { DaemonName } from "../units/unit-files.ts";
import type { Places } from "./cluster-view.ts";
import { nodePrograms } from "./subject.ts";
import type { Advice, Subject, SubjectCertificate, SubjectDaemon } from "./subject.ts";

/** The local cluster of a checkout, as `npm run up` makes it. */
export function localSubject(cluster: LocalCluster): Subject {
  const etcdPki = join(cluster.pkiDirectory, "etcd");
  return {
    hasCluster: existsSync(cluster.directory),
    nodeName: cluster.nodeName,
    kubeconfig: cluster.adminKubeconfig,
    daemons: daemons(cluster),
    programs: ["etcd", ...nodePrograms, "pgrep"],
    places: places(cluster),
    certificates: certificates(cluster),
    bundles: [],
    etcd: {
      port: cluster.etcdPort,
      ca: join(etcdPki, "ca.crt"),
      cert: join(etcdPki, "client.crt"),
      key: join(etcdPki, "client.key"),
    },
    dockerSocket: cluster.dockerSocket,
    stores: ["etcd", "kubelet"].map((name) => ({ purpose: name, path: join(cluster.directory, name) })),
    advice,
  };
}

const advice: Advice = {
  makeCluster: "`npm run up` makes one",
  startEngine: "`npm run up` starts one; see .cluster/logs/dockerd.log",
  installPrograms: "`npm run up` installs them",
  raiseOpenFiles: "`ulimit -n` before `npm run up`",
  renewCertificates: "remove the file and its key, then `npm run down && npm run up`",
  start: (daemon) => `\`npm run up\`; see .cluster/logs/${daemon}.log`,
  logs: (daemon) => `see .cluster/logs/${daemon}.log`,
};

function daemons(cluster: LocalCluster): ReadonlyMap<DaemonName, SubjectDaemon> {
  return new Map(
    Object.entries(daemonPorts(cluster)).map(([name, ports]): [DaemonName, SubjectDaemon] => [
      name as DaemonName,
      { ports, pid: () => Promise.resolve(daemonPid(cluster, name)) },
    ]),
  );
}

function places(cluster: LocalCluster): Places {
  const kubeconfig = (name: string) => join(cluster.kubeconfigDirectory, `${name}.kubeconfig`);
  return {
    adminKubeconfig: cluster.adminKubeconfig,
    schedulerKubeconfig: kubeconfig("kube-scheduler"),
    controllerManagerKubeconfig: kubeconfig("kube-controller-manager"),
    kubeletKubeconfig: kubeconfig("kubelet"),
    proxyKubeconfig: kubeconfig("kube-proxy"),
    kubeletConfig: kubeletConfigFile(cluster),
    etcdData: join(cluster.directory, "etcd"),
    pki: cluster.pkiDirectory,
    cniConfigs: join(cluster.directory, "cni", "net.d"),
    manifests: join(cluster.directory, "manifests"),
    kubeletUnit: "/etc/systemd/system/kubelet.service",
  };
}

function certificates(cluster: LocalCluster): readonly SubjectCertificate[] {
  const hosts = servingHosts(cluster);
  const hostsOf = new Map([
    ["apiserver.crt", hosts.apiServer],
    ["kubelet-server.crt", hosts.kubelet],
    ["etcd/server.crt", hosts.etcd],
    ["etcd/peer.crt", hosts.etcd],
  ]);
  return certificatesBelow(cluster.pkiDirectory, hostsOf);
}

/** Every certificate below a directory, each signed by the authority in its own; those of the front proxy have another. */
export function certificatesBelow(
  pkiDirectory: string,
  hostsOf: ReadonlyMap<string, readonly string[]>,
): readonly SubjectCertificate[] {
  return namesBelow(pkiDirectory)
    .filter((name) => name.endsWith(".crt"))
    .map((name) => {
      const path = join(pkiDirectory, name);
      const authority = basename(path).startsWith("front-proxy-") ? "front-proxy-ca.crt" : "ca.crt";
      return { path, authority: join(dirname(path), authority), hosts: hostsOf.get(name) ?? [] };
    });
}

function namesBelow(directory: string): readonly string[] {
  return existsSync(directory) ? readdirSync(directory, { recursive: true, encoding: "utf8" }) : [];
}
