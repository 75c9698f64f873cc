import type { StatefulSet } from "@kube-ts/api/apps/v1";
import type { ObjectKey } from "@kube-ts/api/object";
import { nameOf, namespaceOf } from "@kube-ts/api/object";
import { Gauge } from "@kube-ts/std/metrics";
import type { Registry } from "@kube-ts/std/metrics";

const labelNames = ["statefulset_namespace", "statefulset_name", "pod_management_policy"] as const;
type Labels = Record<(typeof labelNames)[number], string>;

/** Upstream's metrics of the sets whose updates may make several pods unavailable; one series for each set. */
export class StatefulSetMetrics {
  readonly #maxUnavailable: Gauge<(typeof labelNames)[number]>;
  readonly #unavailable: Gauge<(typeof labelNames)[number]>;
  readonly #labels = new Map<ObjectKey, Labels>();

  constructor(registry: Registry) {
    const shared = { labelNames, registers: [registry] };
    this.#maxUnavailable = new Gauge({
      ...shared,
      name: "statefulset_controller_statefulset_max_unavailable",
      help: "How many pods of a stateful set may be unavailable during its rolling updates.",
    });
    this.#unavailable = new Gauge({
      ...shared,
      name: "statefulset_controller_statefulset_unavailable_replicas",
      help: "How many pods of a stateful set are unavailable.",
    });
  }

  observed(key: ObjectKey, set: StatefulSet, maxUnavailable: number, unavailable: number): void {
    const labels: Labels = {
      statefulset_namespace: namespaceOf(set),
      statefulset_name: nameOf(set),
      pod_management_policy: set.spec.podManagementPolicy ?? "OrderedReady",
    };
    this.#labels.set(key, labels);
    this.#maxUnavailable.set(labels, maxUnavailable);
    this.#unavailable.set(labels, unavailable);
  }

  forget(key: ObjectKey): void {
    const labels = this.#labels.get(key);
    if (!labels) return;
    this.#labels.delete(key);
    this.#maxUnavailable.remove(labels);
    this.#unavailable.remove(labels);
  }
}
