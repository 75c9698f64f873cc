import type { Summary } from "../stats/summary-api.ts";

/** The part of a summary that autoscalers read (`?only_cpu_and_memory=true`). */
export function cpuAndMemoryOf(summary: Summary): Summary {
  const { nodeName, startTime, ...node } = summary.node;
  return {
    node: { nodeName, startTime, ...usageOf(node) },
    pods: summary.pods.map((pod) => ({
      podRef: pod.podRef,
      startTime: pod.startTime,
      containers: pod.containers.map((container) => ({
        name: container.name,
        startTime: container.startTime,
        ...usageOf(container),
      })),
      ...usageOf(pod),
    })),
  };
}

type Usage = Pick<Summary["node"], "cpu" | "memory">;

function usageOf({ cpu, memory }: Usage): Usage {
  return { ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) };
}
