import type { Container, Pod, PodStatus } from "@kube-ts/api/core/v1";
import { podQosClass } from "@kube-ts/api/pod-resources";
import { countChange, startGeneration } from "../meta/generation.ts";
import type { PartStrategy, Strategy } from "../resource-definition.ts";
import { defaultPod } from "./default-pod.ts";
import { dropDisabledPodFields } from "./drop-disabled-fields.ts";
import { mergeLabelKeys } from "./label-keys.ts";
import { podCreateWarnings } from "./pod-warnings.ts";
import { validatePodCreate } from "./validate-pod.ts";
import { validateEphemeralContainersUpdate, validatePodResize } from "./validate-pod-parts.ts";
import { validatePodStatusUpdate } from "./validate-pod-status.ts";
import { validatePodUpdate } from "./validate-pod-update.ts";

/** Pods as their users write them. */
export const podStrategy: Strategy<Pod> = {
  defaults: defaultPod,
  prepareForCreate(pod) {
    pod.status = initialStatus(pod);
    startGeneration(pod);
    dropDisabledPodFields(pod.spec, undefined);
    mergeLabelKeys(pod);
  },
  prepareForUpdate(pod, old) {
    keepStatus(pod, old);
    dropDisabledPodFields(pod.spec, old.spec);
    countChange(pod, pod.spec, old.spec);
  },
  validateCreate: validatePodCreate,
  validateUpdate: validatePodUpdate,
  warnings: (pod, old) => (old === undefined ? podCreateWarnings(pod) : []),
  gracePeriodSeconds: podGraceSeconds,
  returnsDeletedObject: true,
};

/** What kubelets and the scheduler report. */
export const podStatusStrategy: PartStrategy<Pod> = {
  prepareForUpdate(pod, old) {
    pod.spec = old.spec;
    if (old.metadata.ownerReferences === undefined) delete pod.metadata.ownerReferences;
    else pod.metadata.ownerReferences = old.metadata.ownerReferences;
    pod.status ??= {};
    if (!pod.status.qosClass && old.status?.qosClass) pod.status.qosClass = old.status.qosClass;
  },
  validateUpdate: validatePodStatusUpdate,
};

/** The part that adds debugging containers; everything else that comes with it is dropped. */
export const ephemeralContainersStrategy: PartStrategy<Pod> = {
  prepareForUpdate(pod, old) {
    const added = pod.spec.ephemeralContainers;
    keepAllButIdentity(pod, old);
    if (added === undefined) delete pod.spec.ephemeralContainers;
    else pod.spec.ephemeralContainers = added;
    dropDisabledPodFields(pod.spec, old.spec);
    countChange(pod, pod.spec, old.spec);
  },
  validateUpdate: validateEphemeralContainersUpdate,
};

/** The part that changes the resources of running containers; everything else that comes with it is dropped. */
export const podResizeStrategy: PartStrategy<Pod> = {
  prepareForUpdate(pod, old) {
    const wanted = pod.spec;
    keepAllButIdentity(pod, old);
    for (const field of ["initContainers", "containers"] as const) {
      const containers: readonly Container[] = pod.spec[field] ?? [];
      for (const container of containers) takeResources(container, wanted[field]);
    }
    countChange(pod, pod.spec, old.spec);
  },
  validateUpdate: validatePodResize,
};

/**
 * How long the containers of a deleted pod may take: what was asked for, else what the pod says. Nothing runs of a
 * pod without a node or at its end.
 */
export function podGraceSeconds(pod: Pod, requested: number | undefined): number {
  const isOver = pod.status?.phase === "Failed" || pod.status?.phase === "Succeeded";
  if (!pod.spec.nodeName || isOver) return 0;
  const seconds = requested ?? pod.spec.terminationGracePeriodSeconds ?? 0;
  return seconds < 0 ? 1 : seconds;
}

function initialStatus(pod: Pod): PodStatus {
  const status: PodStatus = { phase: "Pending" };
  if (pod.spec.schedulingGates?.length) {
    status.conditions = [
      {
        type: "PodScheduled",
        status: "False",
        reason: "SchedulingGated",
        message: "Scheduling is blocked due to non-empty scheduling gates",
      },
    ];
  }
  status.qosClass = podQosClass(pod);
  return status;
}

function keepStatus(pod: Pod, old: Pod): void {
  if (old.status === undefined) delete pod.status;
  else pod.status = old.status;
}

/** Replaces the object's content with the old one's, but for what tells which version of which object is meant. */
function keepAllButIdentity(pod: Pod, old: Pod): void {
  const { name, namespace, uid, resourceVersion } = pod.metadata;
  const kept = structuredClone(old);
  pod.metadata = kept.metadata;
  Object.assign(pod.metadata, withoutUndefined({ name, namespace, uid, resourceVersion }));
  pod.spec = kept.spec;
  keepStatus(pod, kept);
}

function withoutUndefined<T extends object>(object: T): Partial<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function takeResources(container: Container, wanted: readonly Container[] | undefined): void {
  const source = wanted?.find((candidate) => candidate.name === container.name);
  if (source === undefined) return;
  if (source.resources) container.resources = source.resources;
  if (source.resizePolicy) container.resizePolicy = source.resizePolicy;
  else delete container.resizePolicy;
}
