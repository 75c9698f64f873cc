import type { Container, EphemeralContainer, Pod } from "@kube-ts/api/core/v1";
import { labels } from "../runtime/labels.ts";
import type { ContainerSummary, Runtime } from "../runtime/runtime.ts";

/** The pods of this node as the kubelet knows them, with their current status. */
export interface PodSource {
  list(): readonly Pod[];
  get(namespace: string, name: string): Pod | undefined;
}

/** A request that cannot be answered; the text is the body of the response. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly statusCode: number;

  constructor(statusCode: number, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

/** The pod of a path. A uid, if given, must be its. */
export function findPod(pods: PodSource, namespace: string, name: string, uid?: string): Pod {
  const pod = pods.get(namespace, name);
  if (!pod || (uid !== undefined && pod.metadata.uid !== uid)) throw new RequestError(404, "pod does not exist");
  return pod;
}

/** The container's spec, of whichever kind. */
export function containerSpec(pod: Pod, name: string): Container | EphemeralContainer | undefined {
  const { containers, initContainers = [], ephemeralContainers = [] } = pod.spec;
  return [...containers, ...initContainers, ...ephemeralContainers].find((container) => container.name === name);
}

/** The runtime's containers of one container of a pod, the newest first. */
export async function containersOf(
  runtime: Runtime,
  pod: Pod,
  containerName: string,
  signal: AbortSignal,
): Promise<readonly ContainerSummary[]> {
  const selector = { [labels.podUid]: pod.metadata.uid ?? "", [labels.containerName]: containerName };
  const found = await runtime.listContainers({ labels: selector }, signal);
  return found.toSorted((left, right) => right.attempt - left.attempt || right.createdAtMs - left.createdAtMs);
}

/** The id of the running container. Throws RequestError in upstream's words when none runs. */
export async function runningContainer(
  runtime: Runtime,
  pod: Pod,
  containerName: string,
  signal: AbortSignal,
): Promise<string> {
  const found = await containersOf(runtime, pod, containerName, signal);
  const running = found.find((container) => container.state === "running");
  if (!running) throw new RequestError(500, `container not found ("${containerName}")`);
  return running.id;
}

/** The id of the pod's ready sandbox. Throws RequestError when there is none. */
export async function readySandbox(runtime: Runtime, pod: Pod, signal: AbortSignal): Promise<string> {
  const selector = { [labels.podUid]: pod.metadata.uid ?? "" };
  const found = await runtime.listPodSandboxes({ labels: selector }, signal);
  const ready = found.find((sandbox) => sandbox.state === "ready");
  if (!ready) throw new RequestError(500, `pod not found ("${pod.metadata.name}_${pod.metadata.namespace}")`);
  return ready.id;
}
