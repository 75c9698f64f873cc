import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { ClusterConfig, Machine } from "../cluster/cluster-config.ts";
import { hasRole } from "../cluster/cluster-view.ts";
import { note } from "../local/progress.ts";
import { machineDaemons } from "../machine/machine-daemons.ts";
import {
  clusterConfigFile,
  environmentDirectory,
  etcdData,
  kubeconfigPath,
  kubeletDirectory,
  pkiDirectory,
} from "../machine/places.ts";
import { disableUnit, stopUnit } from "../machine/systemd.ts";
import { certificatesTimer, daemonUnits } from "../units/unit-files.ts";
import type { EtcdMembership } from "./etcd/etcd-membership.ts";
import { nodeDaemons } from "./node-daemons.ts";

const timeoutMs = 300_000;

/** Kubeconfigs that a machine may have, for itself and for its daemons. */
const kubeconfigs = [
  ...["admin", "super-admin", "controller-manager", "scheduler", "cluster-autoscaler"].map((name) => `${name}.conf`),
  ...["kubelet", "bootstrap-kubelet"].map((name) => `${name}.conf`),
  ...nodeDaemons.map(({ kubeconfig }) => kubeconfig),
];

/**
 * Takes a machine that was joining out of the cluster again: out of etcd first, while its certificates are there. What
 * cannot be done is said and does not keep the rest from being done.
 */
export async function undoJoin(config: ClusterConfig, machine: Machine, membership: EtcdMembership): Promise<void> {
  const signal = AbortSignal.timeout(timeoutMs);
  const attempt = async (what: string, work: () => Promise<unknown>) => {
    await work().catch((error: unknown) => {
      note(`${what} failed: ${error instanceof Error ? error.message : String(error)}`);
    });
  };
  await attempt("taking away the configuration", () => rm(clusterConfigFile, { force: true }));
  if (hasRole(machine, "etcd")) await attempt("leaving etcd", () => membership.leave(signal));
  for (const unit of [
    ...machineDaemons(config, machine).map((name) => daemonUnits[name].unit),
    certificatesTimer,
  ].toReversed()) {
    await attempt(`stopping ${unit}`, async () => {
      await disableUnit(unit, signal);
      await stopUnit(unit, signal);
    });
  }
  const paths = [
    pkiDirectory,
    environmentDirectory,
    etcdData,
    join(kubeletDirectory, "pki"),
    join(kubeletDirectory, "config.yaml"),
    ...kubeconfigs.map(kubeconfigPath),
  ];
  for (const path of paths) await attempt(`removing ${path}`, () => rm(path, { recursive: true, force: true }));
}
