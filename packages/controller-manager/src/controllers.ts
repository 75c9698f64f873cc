import { bootstrapSignerController } from "./bootstrap-tokens/bootstrap-signer-controller.ts";
import { tokenCleanerController } from "./bootstrap-tokens/token-cleaner-controller.ts";
import { approvingController } from "./certificates/approving-controller.ts";
import { cleanerController } from "./certificates/cleaner-controller.ts";
import { signingController } from "./certificates/signing-controller.ts";
import { clusterRoleAggregationController } from "./cluster-role-aggregation/cluster-role-aggregation-controller.ts";
import { deploymentController } from "./deployment/deployment-controller.ts";
import { disruptionController } from "./disruption/disruption-controller.ts";
import { endpointSliceController } from "./endpoint-slice/endpoint-slice-controller.ts";
import { endpointSliceMirroringController } from "./endpoint-slice-mirroring/endpoint-slice-mirroring-controller.ts";
import { endpointsController } from "./endpoints/endpoints-controller.ts";
import { fencingController } from "./fencing/fencing-controller.ts";
import type { ControllerDefinition } from "./framework/controller.ts";
import { garbageCollectorController } from "./garbage-collector/garbage-collector-controller.ts";
import { attributesClassProtectionController } from "./in-use-protection/attributes-class-protection.ts";
import { claimProtectionController } from "./in-use-protection/claim-protection.ts";
import { volumeProtectionController } from "./in-use-protection/volume-protection.ts";
import { legacyTokenCleaner } from "./legacy-token-cleaner/legacy-token-cleaner.ts";
import { namespaceController } from "./namespace/namespace-controller.ts";
import { nodeCertificateApprover } from "./node-certificates/node-certificate-approver.ts";
import { nodeIpamController } from "./node-ipam/node-ipam-controller.ts";
import { nodeLifecycleController } from "./node-lifecycle/node-lifecycle-controller.ts";
import { podGarbageCollector } from "./pod-gc/pod-gc-controller.ts";
import { replicaSetController } from "./replica-set/replica-set-controller.ts";
import { replicationController } from "./replication-controller/replication-controller.ts";
import { resourceQuotaController } from "./resource-quota/resource-quota-controller.ts";
import { rootCaPublisher } from "./root-ca/root-ca-publisher.ts";
import { serviceCidrController } from "./service-cidr/service-cidr-controller.ts";
import { serviceAccountController } from "./service-account/service-account-controller.ts";
import { tokenController } from "./service-account-tokens/token-controller.ts";
import { statefulSetController } from "./stateful-set/stateful-set-controller.ts";
import { taintEvictionController } from "./taint-eviction/taint-eviction-controller.ts";
import { ttlAfterFinishedController } from "./ttl-after-finished/ttl-after-finished-controller.ts";
import { ttlController } from "./ttl/ttl-controller.ts";

/** Every controller, in the order in which they are created. */
export const controllers: readonly ControllerDefinition[] = [
  tokenController,
  serviceAccountController,
  clusterRoleAggregationController,
  rootCaPublisher,
  signingController,
  approvingController,
  cleanerController,
  nodeCertificateApprover,
  bootstrapSignerController,
  tokenCleanerController,
  legacyTokenCleaner,
  replicationController,
  replicaSetController,
  deploymentController,
  statefulSetController,
  disruptionController,
  endpointsController,
  endpointSliceController,
  endpointSliceMirroringController,
  namespaceController,
  resourceQuotaController,
  nodeIpamController,
  nodeLifecycleController,
  taintEvictionController,
  fencingController,
  podGarbageCollector,
  ttlController,
  ttlAfterFinishedController,
  claimProtectionController,
  volumeProtectionController,
  attributesClassProtectionController,
  serviceCidrController,
  garbageCollectorController,
];
