import { deploymentController } from "./deployment/deployment-controller.ts";
import type { ControllerDefinition } from "./framework/controller.ts";
import { replicaSetController } from "./replica-set/replica-set-controller.ts";
import { replicationController } from "./replication-controller/replication-controller.ts";

/** Every controller, in the order in which they are created. */
export const controllers: readonly ControllerDefinition[] = [
  replicationController,
  replicaSetController,
  deploymentController,
];
