import type {
  ContainerState,
  ContainerStateTerminated,
  ContainerStatus,
  Pod,
  VolumeMountStatus,
} from "@kube-ts/api/core/v1";
import { formatTime } from "@kube-ts/api/rfc3339";
import { type ObservedContainer, instancesOf } from "../pods/observed-pod.ts";
import { type PodContainer, restartsAfterExit } from "../pods/pod-containers.ts";
import { annotations } from "../runtime/labels.ts";
import { containerIdOf, hasPassed } from "./probe-verdict.ts";
import {
  type StatusView,
  type WaitingReason,
  awaitsRestartOfAll,
  knowsNewer,
  lastContainerStatus,
  restartOfAll,
} from "./status-view.ts";

/** Exit code of a container whose end nobody saw. */
export const lostExitCode = 137;
const lostReason = "ContainerStatusUnknown";
const lostWhenTerminated = "The container could not be located when the pod was terminated";
const lostWhileRunning =
  "The container could not be located when the pod was deleted.  The container used to be Running";

/** The status of one container. `idle` is the waiting reason of a container that nothing holds back yet. */
export function containerStatus(view: StatusView, container: PodContainer, idle: WaitingReason): ContainerStatus {
  const name = container.spec.name;
  const last = lastContainerStatus(view.last, name);
  const startingAttempt = view.starting.get(name);
  const instances = instancesOf(view.observed, name).filter(
    (instance) =>
      instance.state !== "created" && !(instance.attempt === startingAttempt && instance.state === "running"),
  );
  const [current, previous] = instances;
  const held = view.waiting.get(name);
  if (!current || knowsNewer(last, current)) return missingStatus(view, container, last, held ?? idle);
  const lastState = previous?.state === "exited" ? { terminated: terminatedState(view, previous) } : last?.lastState;
  const status = instanceStatus(view, container, current);
  if (current.state === "running") {
    return { ...status, state: { running: runningState(current) }, lastState: lastState ?? {} };
  }
  if (current.state === "unknown") {
    return { ...status, state: last?.state ?? { waiting: waitingState(idle) }, lastState: lastState ?? {} };
  }
  const terminated = { terminated: terminatedState(view, current) };
  if (view.restartingAll && container.kind !== "ephemeral") {
    return { ...status, ready: false, state: { waiting: waitingState(restartOfAll) }, lastState: terminated };
  }
  if (held && !view.ended) return { ...status, state: { waiting: waitingState(held) }, lastState: terminated };
  return { ...status, state: terminated, lastState: lastState ?? {} };
}

function instanceStatus(view: StatusView, { kind, spec }: PodContainer, instance: ObservedContainer): ContainerStatus {
  const running = instance.state === "running";
  const probed = kind === "app" || kind === "sidecar";
  const started = running && (!probed || !spec.startupProbe || hasPassed(view, "startup", instance));
  const status: ContainerStatus = {
    name: spec.name,
    ready:
      kind === "init"
        ? hasSucceeded(instance)
        : started && (!spec.readinessProbe || hasPassed(view, "readiness", instance)),
    restartCount: instance.attempt,
    image: instance.image || (spec.image ?? ""),
    imageID: instance.imageRef,
    containerID: containerIdOf(view.runtimeName, instance),
  };
  if (kind !== "ephemeral") status.started = kind === "init" ? false : started;
  if (running) Object.assign(status, allocated(view, spec, instance));
  const mounts = volumeMountStatuses(spec.volumeMounts ?? [], imageVolumesOf(instance));
  if (mounts.length > 0) status.volumeMounts = mounts;
  if (instance.user) {
    const { uid, gid, supplementalGroups } = instance.user;
    status.user = { linux: { uid, gid, supplementalGroups: [...supplementalGroups] } };
  }
  if (spec.lifecycle?.stopSignal) status.stopSignal = spec.lifecycle.stopSignal;
  return status;
}

/**
 * What the container has: what its spec asks for, or what it had before if the node refuses a change. While a change is
 * under way it has been allocated the new and uses the old.
 */
function allocated(
  view: StatusView,
  { name, resources = {} }: PodContainer["spec"],
  instance: ObservedContainer,
): Pick<ContainerStatus, "allocatedResources" | "resources"> {
  const changing = view.resizing.has(name);
  const last = view.resizeRefusal || changing ? lastContainerStatus(view.last, name) : undefined;
  if (last?.resources && last.containerID === containerIdOf(view.runtimeName, instance)) {
    const amounts = changing ? resources.requests : last.allocatedResources;
    return { ...(amounts ? { allocatedResources: amounts } : {}), resources: last.resources };
  }
  return { ...(resources.requests ? { allocatedResources: resources.requests } : {}), resources };
}

/** The status of a container of which the runtime has nothing: what was known before it, or that it waits. */
function missingStatus(
  view: StatusView,
  container: PodContainer,
  last: ContainerStatus | undefined,
  idle: WaitingReason,
): ContainerStatus {
  const { spec, kind } = container;
  const blank: ContainerStatus = {
    name: spec.name,
    ready: false,
    restartCount: last?.restartCount ?? 0,
    image: spec.image ?? "",
    imageID: last?.imageID ?? "",
    ...(kind === "ephemeral" ? {} : { started: false }),
  };
  if (awaitsRestartOfAll(last) && !view.ended) {
    return { ...blank, state: { waiting: waitingState(restartOfAll) }, lastState: last?.lastState ?? {} };
  }
  const ran = last?.state?.terminated ?? (last?.state?.running ? lostState(lostWhileRunning) : undefined);
  if (ran) {
    if (view.restartingAll && container.kind !== "ephemeral") {
      return { ...blank, state: { waiting: waitingState(restartOfAll) }, lastState: { terminated: ran } };
    }
    const gone = { ...blank, ...(last?.containerID ? { containerID: last.containerID } : {}) };
    const again = !view.ended && restartsAfterExit(view.pod, container, ran.exitCode);
    if (!again) {
      const done = kind === "init" && ran.exitCode === 0;
      return { ...gone, ready: done, state: { terminated: ran }, lastState: last?.lastState ?? {} };
    }
    return { ...gone, state: { waiting: waitingState(idle) }, lastState: { terminated: ran } };
  }
  if (view.ended && hasBegun(view, kind)) {
    return { ...blank, state: { terminated: lostState(lostWhenTerminated) }, lastState: last?.lastState ?? {} };
  }
  return { ...blank, state: { waiting: waitingState(idle) }, lastState: last?.lastState ?? {} };
}

/** Whether the pod got as far as starting containers of this kind, so that a missing one is a failure. */
function hasBegun(view: StatusView, kind: PodContainer["kind"]): boolean {
  return kind === "app" && view.observed.containers.some((container) => isAppContainer(view.pod, container.name));
}

function isAppContainer(pod: Pod, name: string): boolean {
  return pod.spec.containers.some((container) => container.name === name);
}

function hasSucceeded(instance: ObservedContainer): boolean {
  return instance.state === "exited" && instance.exitCode === 0;
}

function runningState(instance: ObservedContainer): NonNullable<ContainerState["running"]> {
  return { startedAt: formatTime(instance.startedAtMs ?? instance.createdAtMs) };
}

function waitingState({ reason, message }: WaitingReason): NonNullable<ContainerState["waiting"]> {
  return message === "" ? { reason } : { reason, message };
}

function terminatedState(view: StatusView, instance: ObservedContainer): ContainerStateTerminated {
  const message = instance.terminationMessage || instance.message || storedMessage(view, instance);
  const finishedAtMs = instance.finishedAtMs ?? instance.createdAtMs;
  return {
    exitCode: instance.exitCode,
    reason: instance.reason || (instance.exitCode === 0 ? "Completed" : "Error"),
    ...(message === "" ? {} : { message }),
    startedAt: formatTime(instance.startedAtMs ?? finishedAtMs),
    finishedAt: formatTime(finishedAtMs),
    containerID: containerIdOf(view.runtimeName, instance),
  };
}

/** The last words that were reported before: their file goes with the pod's directory. */
function storedMessage(view: StatusView, instance: ObservedContainer): string {
  const last = lastContainerStatus(view.last, instance.name);
  const id = containerIdOf(view.runtimeName, instance);
  const ended = [last?.state?.terminated, last?.lastState?.terminated];
  return ended.find((state) => state?.containerID === id)?.message ?? "";
}

function lostState(message: string): ContainerStateTerminated {
  return { exitCode: lostExitCode, reason: lostReason, message };
}

function volumeMountStatuses(
  mounts: NonNullable<Pod["spec"]["containers"][number]["volumeMounts"]>,
  images: Readonly<Record<string, string>>,
): VolumeMountStatus[] {
  return mounts.map(({ name, mountPath, readOnly, recursiveReadOnly }) => ({
    name,
    mountPath,
    ...(images[name] === undefined ? {} : { volumeStatus: { image: { imageRef: images[name] } } }),
    ...(readOnly ? { readOnly, recursiveReadOnly: recursiveReadOnly ?? ("Disabled" as const) } : {}),
  }));
}

/** The images that the container's volumes show, by volume. */
function imageVolumesOf({ annotations: stored }: ObservedContainer): Readonly<Record<string, string>> {
  const text = stored[annotations.imageVolumes];
  return text === undefined ? {} : (JSON.parse(text) as Record<string, string>);
}
