import type { Container, LifecycleHandler, Pod } from "@kube-ts/api/core/v1";
import { annotations } from "../runtime/labels.ts";
import type { ContainerSummary, PodIdentity } from "../runtime/runtime.ts";

/**
 * What can be told of a pod of which only the runtime knows: who it was, the hooks of its containers and the grace
 * period it was to have. Enough to end it properly.
 */
export function orphanPod(identity: PodIdentity, containers: readonly ContainerSummary[]): Pod {
  const byName = new Map<string, Container>();
  let graceSeconds: number | undefined;
  for (const { name, annotations: written } of containers) {
    const preStop = parseHandler(written[annotations.containerPreStopHandler]);
    byName.set(name, { name, ...(preStop ? { lifecycle: { preStop } } : {}) });
    const grace = written[annotations.podDeletionGracePeriod] ?? written[annotations.podTerminationGracePeriod];
    if (grace !== undefined && /^\d+$/.test(grace)) graceSeconds = Number(grace);
  }
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...identity },
    spec: {
      containers: [...byName.values()],
      restartPolicy: "Never",
      ...(graceSeconds === undefined ? {} : { terminationGracePeriodSeconds: graceSeconds }),
    },
  };
}

function parseHandler(text: string | undefined): LifecycleHandler | undefined {
  if (text === undefined) return undefined;
  try {
    const handler: unknown = JSON.parse(text);
    return typeof handler === "object" && handler !== null ? handler : undefined;
  } catch {
    return undefined;
  }
}
