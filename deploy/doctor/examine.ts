import { existsSync } from "node:fs";
import { clientConfigFromFile } from "@kube-ts/client/client-config";
import { createClient } from "@kube-ts/client/rest-client";
import type { LocalCluster } from "../local/layout.ts";
import type { Finding } from "./check.ts";
import { findings } from "./check.ts";
import { cisChecks } from "./cis/checks.ts";
import type { ClusterObjects } from "./cluster-view.ts";
import { watchClock } from "./collect/clock-facts.ts";
import { apiServerFacts, clusterObjects } from "./collect/cluster-objects.ts";
import { clusterView } from "./collect/cluster-view.ts";
import { machineView } from "./collect/machine-view.ts";
import { machineChecks } from "./machine/checks.ts";
import type { ApiServerFacts } from "./machine-view.ts";

/** Findings of one kind, under a heading. */
export interface Section {
  readonly name: "machine" | "cis";
  readonly heading: string;
  readonly findings: readonly Finding[];
}

/** Looks at the machine and the local cluster on it, changes nothing, and judges what it saw. */
export async function examine(cluster: LocalCluster, signal: AbortSignal): Promise<readonly Section[]> {
  const clock = watchClock();
  const { apiServer, objects } = await askApiServer(cluster, signal);
  const view = await clusterView(cluster, objects);
  const machine = await machineView(cluster, view, apiServer, clock);
  return [
    { name: "machine", heading: "Machine and cluster", findings: findings(machineChecks, machine) },
    { name: "cis", heading: "CIS Kubernetes Benchmark 1.12", findings: findings(cisChecks, view) },
  ];
}

interface Answers {
  readonly apiServer: ApiServerFacts | undefined;
  readonly objects: ClusterObjects | undefined;
}

async function askApiServer(cluster: LocalCluster, signal: AbortSignal): Promise<Answers> {
  if (!existsSync(cluster.adminKubeconfig)) return { apiServer: undefined, objects: undefined };
  await using client = createClient(await clientConfigFromFile(cluster.adminKubeconfig), {
    userAgent: "kube-ts-doctor",
  });
  const none = () => undefined;
  const apiServer = await apiServerFacts(client, cluster.nodeName, signal).catch(none);
  return { apiServer, objects: apiServer && (await clusterObjects(client, signal).catch(none)) };
}
