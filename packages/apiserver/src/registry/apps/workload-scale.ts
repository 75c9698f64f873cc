import type { LabelSelector } from "@kube-ts/api/meta/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { selectorOf } from "@kube-ts/api/selectors";
import type { ScaleMapping } from "../resource-definition.ts";

interface Scalable extends KubeObject {
  spec: { replicas?: number; selector?: LabelSelector };
  status?: { replicas?: number };
}

/** How workloads with `spec.replicas` and a label selector are scaled. */
export function workloadScale<T extends Scalable>(): ScaleMapping<T> {
  return {
    replicas: (object) => object.spec.replicas ?? 0,
    statusReplicas: (object) => object.status?.replicas ?? 0,
    selector: (object) => selectorOf(object.spec.selector).toString(),
    setReplicas(object, replicas) {
      object.spec.replicas = replicas;
    },
  };
}
