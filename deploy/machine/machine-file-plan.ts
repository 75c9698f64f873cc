import { join } from "node:path";
import { formatYaml } from "@kube-ts/std/yaml";
import { auditPolicy, authenticationConfiguration, clusterInfoPath } from "../cluster/api-server-documents.ts";
import { formatClusterConfig } from "../cluster/cluster-config.ts";
import { hasRole } from "../cluster/cluster-view.ts";
import { daemonFlags } from "../cluster/daemon-flags.ts";
import type { DaemonPlan } from "../cluster/daemon-flags.ts";
import { kubeProxyConfiguration } from "../cluster/kube-proxy-configuration.ts";
import { kubeletConfiguration } from "../cluster/kubelet-configuration.ts";
import { daemonUnits, programDirectory } from "../units/unit-files.ts";
import type { DaemonName } from "../units/unit-files.ts";
import { environmentLine } from "./environment-file.ts";
import { privateFile, publicFile } from "./files/planned-file.ts";
import type { PlannedFile } from "./files/planned-file.ts";
import { machineDaemons } from "./machine-daemons.ts";
import { clusterConfigFile } from "./places.ts";

/** The files of a machine that follow from its cluster's configuration; credentials are made apart. */
export function machineFilePlan(plan: DaemonPlan): readonly PlannedFile[] {
  const { config, machine } = plan;
  return [
    publicFile(clusterConfigFile, formatClusterConfig(config)),
    ...(hasRole(machine, "control-plane") ? serverFiles(plan) : []),
    ...(hasRole(machine, "worker") ? nodeFiles(plan) : []),
    ...machineDaemons(config, machine).map((daemon) => environmentFile(daemon, plan)),
  ];
}

/** What the unit of a daemon reads its flags from. */
function environmentFile(daemon: DaemonName, plan: DaemonPlan): PlannedFile {
  const { envFile, flagsVariable } = daemonUnits[daemon];
  return publicFile(envFile, environmentLine(flagsVariable, daemonFlags(daemon, plan)));
}

/** Neither has a secret in it, and the API server is nobody who may read others' files. */
function serverFiles({ files }: DaemonPlan): readonly PlannedFile[] {
  return [
    publicFile(files.apiServer.authentication, formatYaml(authenticationConfiguration([clusterInfoPath]))),
    publicFile(files.apiServer.auditPolicy, formatYaml(auditPolicy)),
  ];
}

function nodeFiles(plan: DaemonPlan): readonly PlannedFile[] {
  const { kubelet, kubeProxy } = plan.files;
  return [
    privateFile(kubelet.config, formatYaml(kubeletConfiguration(plan))),
    publicFile(kubeProxy.config, formatYaml(kubeProxyConfiguration(plan))),
  ];
}

/** What a daemon is made of: a new version of it runs when it is restarted. */
function programFiles(daemon: DaemonName): readonly string[] {
  if (daemon === "etcd") return ["/usr/bin/etcd"];
  return [join(programDirectory, "node"), join(programDirectory, `${daemon}.mjs`)];
}

/** The files that a daemon reads when it starts and not again: it has to be restarted when one of them changes. */
export function inputFiles(daemon: DaemonName, plan: DaemonPlan): readonly string[] {
  const { envFile, credentials, extraCredentialDirectory } = daemonUnits[daemon];
  const { files } = plan;
  const more: Readonly<Partial<Record<DaemonName, readonly string[]>>> = {
    etcd: [files.etcdCa],
    "kube-apiserver": [
      files.apiServer.authentication,
      files.apiServer.auditPolicy,
      files.clusterCa,
      files.etcdCa,
      files.frontProxyCa,
    ],
    "kube-controller-manager": [files.clusterCa],
    // Where it has asked for its first certificate, the kubelet has written its kubeconfig itself.
    kubelet: [
      files.kubelet.config,
      files.clusterCa,
      ...(files.kubelet.bootstrapKubeconfig ? [] : [files.kubelet.kubeconfig]),
    ],
    "kube-proxy": [files.kubeProxy.config],
  };
  return [
    ...programFiles(daemon),
    envFile,
    ...credentials.map(({ source }) => source),
    ...(extraCredentialDirectory === undefined ? [] : [extraCredentialDirectory]),
    ...(more[daemon] ?? []),
  ];
}
