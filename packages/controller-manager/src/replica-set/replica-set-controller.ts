import type { ReplicaSet, ReplicaSetStatus } from "@kube-ts/api/apps/v1";
import { replicaSets } from "@kube-ts/api/resource-types";
import { selectorOf } from "@kube-ts/api/selectors";
import type { ControllerDefinition } from "../framework/controller.ts";
import type { ReplicaKind } from "./replica-controller.ts";
import { ReplicaController } from "./replica-controller.ts";

function replicaSetKind(workers: number): ReplicaKind<ReplicaSet> {
  return {
    type: replicaSets,
    queueName: "replicaset",
    workers,
    desired: ({ spec }) => spec.replicas ?? 1,
    minReadySeconds: ({ spec }) => spec.minReadySeconds ?? 0,
    selector: ({ spec }) => selectorOf(spec.selector),
    template: ({ spec }) => spec.template ?? {},
    // A stored condition always has its type: validation requires it.
    status: ({ status }) => status ?? { replicas: 0 },
    tellsTerminating: true,
    withStatus: (object, status) => ({ ...object, status: status as ReplicaSetStatus }),
  };
}

export const replicaSetController: ControllerDefinition = {
  name: "replicaset-controller",
  serviceAccount: "replicaset-controller",
  create: (context) => new ReplicaController(replicaSetKind(context.config.workers.replicaSets), context),
};
