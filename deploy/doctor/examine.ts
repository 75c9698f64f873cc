import { existsSync } from "node:fs";
import { clientConfigFromFile } from "@kube-ts/client/client-config";
import { createClient } from "@kube-ts/client/rest-client";
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
import type { Subject } from "./subject.ts";

/** Findings of one kind, under a heading. */
export interface Section {
  readonly name: "machine" | "cis";
  readonly heading: string;
  readonly findings: readonly Finding[];
}

/** Looks at the machine and its part of a cluster, changes nothing, and judges what it saw. */
export async function examine(subject: Subject, signal: AbortSignal): Promise<readonly Section[]> {
  const clock = watchClock();
  const { apiServer, objects } = await askApiServer(subject, signal);
  const view = await clusterView(subject, objects);
  const machine = await machineView(subject, view, apiServer, clock);
  return [
    { name: "machine", heading: "Machine and cluster", findings: findings(machineChecks, machine) },
    { name: "cis", heading: "CIS Kubernetes Benchmark 1.12", findings: findings(cisChecks, view) },
  ];
}

interface Answers {
  readonly apiServer: ApiServerFacts | undefined;
  readonly objects: ClusterObjects | undefined;
}

async function askApiServer(subject: Subject, signal: AbortSignal): Promise<Answers> {
  if (!existsSync(subject.kubeconfig)) return { apiServer: undefined, objects: undefined };
  await using client = createClient(await clientConfigFromFile(subject.kubeconfig), {
    userAgent: "kube-ts-doctor",
  });
  const none = () => undefined;
  const apiServer = await apiServerFacts(client, subject.nodeName, signal).catch(none);
  return { apiServer, objects: apiServer && (await clusterObjects(client, signal).catch(none)) };
}
