import type { Taint } from "./affinity.ts";
import type { NodeStatus } from "./node-status.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Uid } from "../../meta/v1/primitives.ts";

/**
 * Points at the ConfigMap that held the configuration of a node's kubelet. Deprecated: dynamic kubelet
 * configuration is no longer supported.
 */
export interface ConfigMapNodeConfigSource {
  /**
   * Namespace of the referenced ConfigMap. Required.
   * @proto 1
   */
  namespace: string;
  /**
   * Name of the referenced ConfigMap. Required.
   * @proto 2
   */
  name: string;
  /**
   * UID of the referenced ConfigMap. Forbidden in a node's spec and required in its status.
   * @proto 3
   */
  uid?: Uid;
  /**
   * Resource version of the referenced ConfigMap. Forbidden in a node's spec and required in its status.
   * @proto 4
   */
  resourceVersion?: string;
  /**
   * Key of the ConfigMap whose value is the KubeletConfiguration. Required.
   * @proto 5
   */
  kubeletConfigKey: string;
}

/**
 * A worker machine in the cluster, identified by its unique name.
 * @kind
 */
export interface Node extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Desired behavior of the node.
   * @proto 2
   * @alwaysPresent
   */
  spec: NodeSpec;
  /**
   * Most recently observed state of the node, mostly reported by its kubelet.
   * @proto 3
   * @alwaysPresent
   */
  status?: NodeStatus;
}

/**
 * Where a node's kubelet configuration comes from. Deprecated: dynamic kubelet configuration has been
 * removed.
 */
export interface NodeConfigSource {
  /**
   * ConfigMap that holds the kubelet configuration.
   * @proto 2
   */
  configMap?: ConfigMapNodeConfigSource;
}

/**
 * A list of Node objects.
 * @kind
 */
export interface NodeList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * The Node objects in the list.
   * @proto 2
   */
  items: Node[];
}

/** Desired attributes of a node. */
export interface NodeSpec {
  /**
   * IP range from which pods on this node get their addresses, in CIDR notation.
   * @proto 1
   */
  podCIDR?: string;
  /**
   * IP ranges from which pods on this node get their addresses, at most one per IP family. The first entry
   * must equal podCIDR when that is set.
   * @proto 7
   * @listType set
   * @patchStrategy merge
   */
  podCIDRs?: string[];
  /**
   * Identifier given to the node by the cloud provider, usually written as provider name, then ://, then a
   * provider-specific ID.
   * @proto 3
   */
  providerID?: string;
  /**
   * When true, new pods are not scheduled onto the node. Defaults to false.
   * @proto 4
   */
  unschedulable?: boolean;
  /**
   * Taints that keep pods without a matching toleration away from the node.
   * @proto 5
   * @listType atomic
   */
  taints?: Taint[];
  /**
   * Source of dynamic kubelet configuration. Deprecated: the feature has been removed.
   * @proto 6
   */
  configSource?: NodeConfigSource;
  /**
   * Deprecated identifier of the node in an external system, no longer used.
   * @proto 2
   */
  externalID?: string;
}
