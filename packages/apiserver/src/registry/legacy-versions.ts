import { loadLegacyTypes } from "@kube-ts/api/legacy-types";
import type { KubeObject } from "@kube-ts/api/object";
import { type ResourceType, apiVersionOf } from "@kube-ts/api/resource-type";
import * as types from "@kube-ts/api/resource-types";
import {
  legacyMutatingWebhooks,
  legacyValidatingWebhooks,
} from "./admissionregistration/legacy-webhook-configuration.ts";
import { legacyDefinitions } from "./apiextensions/legacy-definition.ts";
import {
  legacyControllerRevisions,
  legacyDaemonSets,
  legacyDeployments,
  legacyReplicaSets,
  legacyStatefulSets,
} from "./apps/legacy-workloads.ts";
import { legacyCertificateSigningRequests } from "./certificates/legacy-certificate-signing-request.ts";
import { legacyEndpointSlices } from "./discovery/legacy-endpoint-slice.ts";
import { legacyEvents } from "./events/legacy-event.ts";
import { legacyFlowSchemas, legacyPriorityLevels } from "./flowcontrol/legacy-flow-control.ts";
import { legacyVersion } from "./legacy-version.ts";
import {
  legacyIngressClasses,
  legacyIngresses,
  legacyIpAddresses,
  legacyNetworkPolicies,
  legacyServiceCidrs,
} from "./networking/legacy-networking.ts";
import { legacyRuntimeClasses } from "./node/legacy-runtime-class.ts";
import { legacyDisruptionBudgets } from "./policy/legacy-disruption-budget.ts";
import { legacyClusterRoleBindings, legacyClusterRoles, legacyRoleBindings, legacyRoles } from "./rbac/legacy-rbac.ts";
import type { AlternateVersion, ResourceDefinition } from "./resource-definition.ts";

const versions = new Map<string, readonly AlternateVersion<KubeObject>[]>();

function declare<T extends KubeObject>(type: ResourceType<T>, alternates: readonly AlternateVersion<T>[]): void {
  versions.set(keyOf(type), alternates);
}

/** Declares versions that are what is stored but for their name. */
function declareSame<T extends KubeObject>(type: ResourceType<T>, ...apiVersions: readonly string[]): void {
  declare(
    type,
    apiVersions.map((apiVersion) => legacyVersion(type, apiVersion)),
  );
}

declare(types.deployments, legacyDeployments);
declare(types.replicaSets, legacyReplicaSets);
declare(types.daemonSets, legacyDaemonSets);
declare(types.statefulSets, legacyStatefulSets);
declare(types.controllerRevisions, legacyControllerRevisions);
declareSame(types.cronJobs, "batch/v1beta1");
declare(types.ingresses, legacyIngresses);
declare(types.ingressClasses, legacyIngressClasses);
declare(types.networkPolicies, legacyNetworkPolicies);
declare(types.ipAddresses, legacyIpAddresses);
declare(types.serviceCidrs, legacyServiceCidrs);
declare(types.podDisruptionBudgets, legacyDisruptionBudgets);
declare(types.roles, legacyRoles);
declare(types.roleBindings, legacyRoleBindings);
declare(types.clusterRoles, legacyClusterRoles);
declare(types.clusterRoleBindings, legacyClusterRoleBindings);
declare(types.endpointSlices, legacyEndpointSlices);
declare(types.events, legacyEvents);
declareSame(types.leases, "coordination.k8s.io/v1beta1");
declareSame(types.priorityClasses, "scheduling.k8s.io/v1beta1");
declareSame(types.storageClasses, "storage.k8s.io/v1beta1");
declareSame(types.csiDrivers, "storage.k8s.io/v1beta1");
declareSame(types.csiNodes, "storage.k8s.io/v1beta1");
declareSame(types.csiStorageCapacities, "storage.k8s.io/v1beta1", "storage.k8s.io/v1alpha1");
declareSame(types.volumeAttachments, "storage.k8s.io/v1beta1", "storage.k8s.io/v1alpha1");
declareSame(types.volumeAttributesClasses, "storage.k8s.io/v1beta1", "storage.k8s.io/v1alpha1");
declare(types.runtimeClasses, legacyRuntimeClasses);
declare(types.certificateSigningRequests, legacyCertificateSigningRequests);
declare(types.mutatingWebhookConfigurations, legacyMutatingWebhooks);
declare(types.validatingWebhookConfigurations, legacyValidatingWebhooks);
declare(types.customResourceDefinitions, legacyDefinitions);
declareSame(types.apiServices, "apiregistration.k8s.io/v1beta1");
declare(types.flowSchemas, legacyFlowSchemas);
declare(types.priorityLevelConfigurations, legacyPriorityLevels);

/**
 * Adds the versions that upstream serves no more to the definitions, as far as they are wanted, and makes their types
 * known.
 */
export async function withLegacyVersions(
  definitions: readonly ResourceDefinition[],
  isServed: (type: ResourceType) => boolean,
): Promise<ResourceDefinition[]> {
  await loadLegacyTypes();
  return definitions.map((definition) => {
    const added = (versions.get(keyOf(definition.type)) ?? []).filter(({ type }) => isServed(type));
    if (added.length === 0) return definition;
    return { ...definition, alternates: [...(definition.alternates ?? []), ...added] };
  });
}

function keyOf(type: Pick<ResourceType, "group" | "version" | "plural">): string {
  return `${apiVersionOf(type)}/${type.plural}`;
}
