import type { Quantity } from "../../meta/v1/primitives.ts";

/** A container's reference to an entry in the pod's spec.resourceClaims. */
export interface ResourceClaim {
  /**
   * Name of the entry in the pod's spec.resourceClaims whose resources the container uses.
   * @proto 1
   */
  name: string;
  /**
   * Name of a single request within the claim to make available. All results of the claim are made
   * available when empty.
   * @proto 2
   */
  request?: string;
}

/** Map from resource name to an amount of that resource. */
export type ResourceList = Record<string, Quantity>;

/**
 * Name of a countable resource, such as cpu, memory, ephemeral-storage or a domain-prefixed extended
 * resource.
 * @knownValues cpu, memory, storage, ephemeral-storage, pods, services, replicationcontrollers, resourcequotas, secrets, configmaps, persistentvolumeclaims, services.nodeports, services.loadbalancers, requests.cpu, requests.memory, requests.storage, requests.ephemeral-storage, limits.cpu, limits.memory, limits.ephemeral-storage
 */
export type ResourceName = string;

/** Compute resources that a container asks for and may use. */
export interface ResourceRequirements {
  /**
   * Largest amount of each compute resource that may be used.
   * @proto 1
   */
  limits?: ResourceList;
  /**
   * Least amount of each compute resource needed. Where omitted, it defaults to the limit if one is given,
   * and otherwise to an implementation-defined value; it cannot exceed the limit.
   * @proto 2
   */
  requests?: ResourceList;
  /**
   * Dynamic resource claims, named in the pod's spec.resourceClaims, that the container uses. Immutable,
   * and settable only on containers.
   * @proto 3
   * @listType map
   * @listMapKey name
   */
  claims?: ResourceClaim[];
}

/**
 * What happens to a container when a resource is resized in place: NotRequired tries to resize without a
 * restart, RestartContainer restarts it.
 */
export type ResourceResizeRestartPolicy = "NotRequired" | "RestartContainer";
