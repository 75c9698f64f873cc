import type { Pod } from "@kube-ts/api/core/v1";
import type { Runtime } from "../runtime/runtime.ts";

/** The pods that run as the runtime tells it, whether or not the kubelet wants them. */
export async function runningPods(runtime: Runtime, signal: AbortSignal): Promise<readonly Pod[]> {
  const pods = new Map<string, Pod>();
  for (const container of await runtime.listContainers({}, signal)) {
    if (container.state !== "running") continue;
    const { name, namespace, uid } = container.pod;
    const pod = pods.get(uid) ?? { metadata: { name, namespace, uid }, spec: { containers: [] }, status: {} };
    pod.spec.containers.push({ name: container.name, image: container.image, resources: {} });
    pods.set(uid, pod);
  }
  return [...pods.values()];
}
