import type { ResourceList } from "@kube-ts/api/core/v1";
import type { ResourcePolicy } from "./linux-resources.ts";
import type { SandboxPolicy } from "./sandbox-config.ts";

/** What of the node and its configuration decides how pods are set up. */
export interface NodePolicy extends SandboxPolicy, ResourcePolicy {
  /** The node's own hosts file, given to pods on its network. */
  readonly hostsFile: string;
  /** Addresses of the node, the primary first. */
  hostIps(): readonly string[];
  /** What the node can give to pods. */
  allocatable(): ResourceList;
}
