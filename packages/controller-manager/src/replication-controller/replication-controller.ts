import type { ReplicationController, ReplicationControllerStatus } from "@kube-ts/api/core/v1";
import { replicationControllers } from "@kube-ts/api/resource-types";
import { nothing, selectorFromSet } from "@kube-ts/api/selectors";
import type { ControllerDefinition } from "../framework/controller.ts";
import type { ReplicaKind } from "../replica-set/replica-controller.ts";
import { ReplicaController } from "../replica-set/replica-controller.ts";

function replicationControllerKind(workers: number): ReplicaKind<ReplicationController> {
  return {
    type: replicationControllers,
    queueName: "replicationmanager",
    workers,
    desired: ({ spec }) => spec.replicas ?? 1,
    minReadySeconds: ({ spec }) => spec.minReadySeconds ?? 0,
    selector: ({ spec }) => (Object.keys(spec.selector ?? {}).length > 0 ? selectorFromSet(spec.selector) : nothing),
    template: ({ spec }) => spec.template ?? {},
    // A stored condition always has its type: validation requires it.
    status: ({ status }) => status ?? { replicas: 0 },
    tellsTerminating: false,
    withStatus: (object, status) => ({ ...object, status: status as ReplicationControllerStatus }),
  };
}

export const replicationController: ControllerDefinition = {
  name: "replicationcontroller-controller",
  serviceAccount: "replication-controller",
  create: (context) =>
    new ReplicaController(replicationControllerKind(context.config.workers.replicationControllers), context),
};
