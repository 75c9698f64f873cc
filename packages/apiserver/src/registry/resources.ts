import type { KubeObject } from "@kube-ts/api/object";
import { customResourceDefinitionResource } from "./apiextensions/custom-resource-definition.ts";
import { controllerRevisionResource } from "./apps/controller-revision.ts";
import { daemonSetResource } from "./apps/daemon-set.ts";
import { deploymentResource } from "./apps/deployment.ts";
import { replicaSetResource } from "./apps/replica-set.ts";
import { statefulSetResource } from "./apps/stateful-set.ts";
import { horizontalPodAutoscalerResource } from "./autoscaling/horizontal-pod-autoscaler.ts";
import { cronJobResource } from "./batch/cron-job.ts";
import { jobResource } from "./batch/job.ts";
import { certificateSigningRequestResource } from "./certificates/certificate-signing-request.ts";
import { leaseResource } from "./coordination/lease.ts";
import { configMapResource } from "./core/config-map.ts";
import { endpointsResource } from "./core/endpoints.ts";
import { forbidPrivileged } from "./core/forbid-privileged.ts";
import { limitRangeResource } from "./core/limit-range.ts";
import { namespaceResource } from "./core/namespace.ts";
import { nodeResource } from "./core/node.ts";
import { persistentVolumeClaimResource } from "./core/persistent-volume-claim.ts";
import { persistentVolumeResource } from "./core/persistent-volume.ts";
import { podTemplateResource } from "./core/pod-template.ts";
import { podResource } from "./core/pod.ts";
import { replicationControllerResource } from "./core/replication-controller.ts";
import { resourceQuotaResource } from "./core/resource-quota.ts";
import { secretResource } from "./core/secret.ts";
import { serviceAccountResource } from "./core/service-account.ts";
import type { ClusterFamily } from "./core/service-families.ts";
import { serviceResource } from "./core/service.ts";
import { endpointSliceResource } from "./discovery/endpoint-slice.ts";
import { eventResource } from "./events/event.ts";
import { ingressClassResource } from "./networking/ingress-class.ts";
import { ingressResource } from "./networking/ingress.ts";
import { ipAddressResource } from "./networking/ip-address.ts";
import { networkPolicyResource } from "./networking/network-policy.ts";
import { serviceCidrResource } from "./networking/service-cidr.ts";
import { runtimeClassResource } from "./node/runtime-class.ts";
import { podDisruptionBudgetResource } from "./policy/pod-disruption-budget.ts";
import { clusterRoleBindingResource, roleBindingResource } from "./rbac/role-binding.ts";
import { clusterRoleResource, roleResource } from "./rbac/role.ts";
import type { ResourceDefinition } from "./resource-definition.ts";
import { priorityClassResource } from "./scheduling/priority-class.ts";
import { csiDriverResource } from "./storage/csi-driver.ts";
import { csiNodeResource } from "./storage/csi-node.ts";
import { csiStorageCapacityResource } from "./storage/csi-storage-capacity.ts";
import { storageClassResource } from "./storage/storage-class.ts";
import { volumeAttachmentResource } from "./storage/volume-attachment.ts";
import { volumeAttributesClassResource } from "./storage/volume-attributes-class.ts";
import { flowSchemaResource } from "./flowcontrol/flow-schema.ts";
import { priorityLevelConfigurationResource } from "./flowcontrol/priority-level-configuration.ts";
import { apiServiceResource } from "./apiregistration/api-service.ts";
import { mutatingAdmissionPolicyResource } from "./admissionregistration/mutating-admission-policy.ts";
import {
  mutatingAdmissionPolicyBindingResource,
  validatingAdmissionPolicyBindingResource,
} from "./admissionregistration/policy-binding.ts";
import { validatingAdmissionPolicyResource } from "./admissionregistration/validating-admission-policy.ts";
import {
  mutatingWebhookConfigurationResource,
  validatingWebhookConfigurationResource,
} from "./admissionregistration/webhook-configuration.ts";
import { compileExpression } from "./meta/cel-compiler.ts";
import { deviceClassResource } from "./resource/device-class.ts";
import { resourceClaimTemplateResource } from "./resource/resource-claim-template.ts";
import { resourceClaimResource } from "./resource/resource-claim.ts";
import { resourceSliceResource } from "./resource/resource-slice.ts";

/** What the definitions of built-in resources depend on in the cluster. */
export interface ResourceSettings {
  /** The address families of the cluster's service ranges, the default one first; IPv4 when left out. */
  readonly serviceFamilies?: readonly ClusterFamily[];
  /** How long events are kept; an hour when left out. */
  readonly eventTtlSeconds?: number;
  /** Whether pods, and templates of pods, may have privileged containers; they may when left out. */
  readonly allowsPrivileged?: boolean;
  /** Whether stateful sets may say how many of their pods may be unavailable; not when left out. */
  readonly maxUnavailableStatefulSet?: boolean;
}

/** The definitions of all built-in resources. */
export function builtinResources(settings: ResourceSettings = {}): readonly ResourceDefinition[] {
  const { allowsPrivileged = true } = settings;
  const definitions = allDefinitions(settings);
  return allowsPrivileged ? definitions : definitions.map(forbidPrivileged);
}

function allDefinitions({
  serviceFamilies = ["IPv4"],
  eventTtlSeconds = 3600,
  maxUnavailableStatefulSet = false,
}: ResourceSettings): readonly ResourceDefinition[] {
  return [
    erase(podResource),
    erase(podTemplateResource),
    erase(serviceResource(serviceFamilies)),
    erase(endpointsResource),
    erase(nodeResource),
    erase(namespaceResource),
    erase(configMapResource),
    erase(secretResource),
    erase(serviceAccountResource),
    erase(eventResource(eventTtlSeconds)),
    erase(replicationControllerResource),
    erase(resourceQuotaResource),
    erase(limitRangeResource),
    erase(persistentVolumeResource),
    erase(persistentVolumeClaimResource),
    erase(deploymentResource),
    erase(replicaSetResource),
    erase(daemonSetResource),
    erase(statefulSetResource(maxUnavailableStatefulSet)),
    erase(controllerRevisionResource),
    erase(jobResource),
    erase(cronJobResource),
    erase(customResourceDefinitionResource),
    erase(endpointSliceResource),
    erase(leaseResource),
    erase(roleResource),
    erase(roleBindingResource),
    erase(clusterRoleResource),
    erase(clusterRoleBindingResource),
    erase(podDisruptionBudgetResource),
    erase(priorityClassResource),
    erase(ingressResource),
    erase(ingressClassResource),
    erase(networkPolicyResource),
    erase(ipAddressResource),
    erase(serviceCidrResource),
    erase(runtimeClassResource),
    erase(certificateSigningRequestResource),
    erase(horizontalPodAutoscalerResource),
    erase(storageClassResource),
    erase(volumeAttachmentResource),
    erase(csiDriverResource),
    erase(csiNodeResource),
    erase(csiStorageCapacityResource),
    erase(volumeAttributesClassResource),
    erase(flowSchemaResource),
    erase(priorityLevelConfigurationResource),
    erase(apiServiceResource),
    erase(mutatingWebhookConfigurationResource(compileExpression)),
    erase(validatingWebhookConfigurationResource(compileExpression)),
    erase(validatingAdmissionPolicyResource(compileExpression)),
    erase(validatingAdmissionPolicyBindingResource),
    erase(mutatingAdmissionPolicyResource(compileExpression)),
    erase(mutatingAdmissionPolicyBindingResource),
    erase(resourceClaimResource(compileExpression)),
    erase(resourceClaimTemplateResource(compileExpression)),
    erase(resourceSliceResource),
    erase(deviceClassResource(compileExpression)),
  ];
}

/** Forgets the object type: whoever holds all definitions pairs each with objects of its own type only. */
function erase<T extends KubeObject>(definition: ResourceDefinition<T>): ResourceDefinition {
  return definition as unknown as ResourceDefinition;
}
