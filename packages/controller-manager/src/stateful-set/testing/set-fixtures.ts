import type { StatefulSet, StatefulSetSpec } from "@kube-ts/api/apps/v1";
import type { PersistentVolumeClaim, Pod } from "@kube-ts/api/core/v1";
import { formatTime } from "@kube-ts/api/rfc3339";
import { newPod } from "../identity.ts";
import type { SetView } from "../view.ts";

export const nowMs = Date.parse("2026-01-01T00:10:00Z");

const labels = { app: "db" };

export function setOf(spec: Partial<StatefulSetSpec> = {}, image = "v1"): StatefulSet {
  return {
    metadata: { name: "web", namespace: "ns", uid: "web-uid", generation: 3 },
    spec: {
      replicas: 3,
      serviceName: "db",
      selector: { matchLabels: labels },
      podManagementPolicy: "OrderedReady",
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 0 } },
      template: { metadata: { labels }, spec: { containers: [{ name: "c", image }] } },
      ...spec,
    },
  };
}

export function claimTemplate(name: string): PersistentVolumeClaim {
  return {
    metadata: { name, labels: { kind: name } },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
  };
}

/**
 * How a pod is, in one word: `ok` serves, `young` is ready since five seconds, `bad` runs and is not ready, `new` is
 * pending, `end` has succeeded, `fail` has failed. A dash before it says that somebody deletes the pod; an old revision
 * is told by `@name` behind it.
 */
export type PodState = string;

export function podOf(set: StatefulSet, ordinal: number, state: PodState): Pod {
  const [word = "", revision = "new"] = state.replace(/^-/, "").split("@");
  const phases = { ok: "Running", young: "Running", bad: "Running", new: "Pending", end: "Succeeded", fail: "Failed" };
  const phase = phases[word as keyof typeof phases];
  if (phase === undefined) throw new Error(`unknown state ${state}`);
  const readyAt = word === "young" ? nowMs - 5_000 : nowMs - 3_600_000;
  const isReady = word === "ok" || word === "young";
  const ready = { type: "Ready", status: isReady ? "True" : "False", lastTransitionTime: formatTime(readyAt) } as const;
  const pod = newPod(set, ordinal, `web-${revision}`, set.spec.template);
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      uid: `${pod.metadata.name}-uid`,
      ...(state.startsWith("-") && { deletionTimestamp: formatTime(nowMs) }),
    },
    status: { phase: phase as NonNullable<Pod["status"]>["phase"], conditions: [ready] },
  };
}

/** A view with a pod in each state from the first ordinal on; an empty text leaves the place free. */
export function viewOf(set: StatefulSet, states: readonly PodState[], rest: Partial<SetView> = {}): SetView {
  const first = set.spec.ordinals?.start ?? 0;
  const pods = states.flatMap((state, index) => (state === "" ? [] : [podOf(set, first + index, state)]));
  const template = { ...set.spec.template };
  const old = { metadata: { labels }, spec: { containers: [{ name: "c", image: "v0" }] } };
  return {
    set,
    current: { name: "web-old", template: old },
    update: { name: "web-new", template },
    pods,
    claims: new Map(),
    honoursMaxUnavailable: false,
    nowMs,
    ...rest,
  };
}
