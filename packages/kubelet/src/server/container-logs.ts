import { once } from "node:events";
import type { Writable } from "node:stream";
import type { ContainerStatus, Pod } from "@kube-ts/api/core/v1";
import type { Runtime } from "../runtime/runtime.ts";
import { formatLogLine } from "./log-request.ts";
import type { LogRequest } from "./log-request.ts";
import { RequestError, containerSpec, containersOf } from "./pod-source.ts";

/** The container whose log is meant. Throws RequestError in upstream's words when it has none (yet). */
export async function loggedContainer(
  runtime: Runtime,
  pod: Pod,
  containerName: string,
  previous: boolean,
  signal: AbortSignal,
): Promise<string> {
  const podName = pod.metadata.name;
  if (!containerSpec(pod, containerName)) {
    throw new RequestError(404, `container "${containerName}" not found in pod "${podName}"`);
  }
  const found = await containersOf(runtime, pod, containerName, signal);
  // The newest may have been made and not started.
  const [current, before] = found.filter((container) => container.state !== "created");
  const chosen = previous ? before : current;
  if (chosen) return chosen.id;
  if (previous) {
    throw new RequestError(400, `previous terminated container "${containerName}" in pod "${podName}" not found`);
  }
  const reason = waitingReason(pod, containerName);
  throw new RequestError(400, `container "${containerName}" in pod "${podName}" is waiting to start: ${reason}`);
}

function waitingReason(pod: Pod, containerName: string): string {
  const { containerStatuses = [], initContainerStatuses = [], ephemeralContainerStatuses = [] } = pod.status ?? {};
  const all: readonly ContainerStatus[] = [
    ...containerStatuses,
    ...initContainerStatuses,
    ...ephemeralContainerStatuses,
  ];
  const reason = all.find((status) => status.name === containerName)?.state?.waiting?.reason;
  if (reason === "ErrImagePull" || reason === "ImagePullBackOff" || reason === "ErrImageNeverPull") {
    return "trying and failing to pull image";
  }
  return reason ?? "ContainerCreating";
}

/** Sends the log until it ends, the limit is reached or the signal aborts; waits for a slow reader. */
export async function sendLogs(
  runtime: Runtime,
  containerId: string,
  request: LogRequest,
  sink: Writable,
  signal: AbortSignal,
): Promise<void> {
  let left = request.limitBytes ?? Infinity;
  for await (const line of runtime.logs(containerId, request.options, signal)) {
    const bytes = formatLogLine(line, request.timestamps).subarray(0, left);
    left -= bytes.length;
    if (!sink.write(bytes)) await once(sink, "drain", { signal });
    if (left <= 0) return;
  }
}
