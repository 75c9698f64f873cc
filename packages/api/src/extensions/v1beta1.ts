import type { DaemonSetStatus, DeploymentStatus, RollingUpdateDaemonSet, RollingUpdateDeployment } from "../apps/v1.ts";
import type { RollbackConfig } from "../apps/v1beta1.ts";
import type { DaemonSetUpdateStrategyType, DeploymentStrategyType } from "../apps/v1beta2.ts";
import type { PodTemplateSpec } from "../core/v1.ts";
import type { Int32, Int64, LabelSelector, ListMeta, ObjectMeta, TypeMeta } from "../meta/v1.ts";
import type { IngressStatus, IngressTLS, NetworkPolicyEgressRule, NetworkPolicyIngressRule } from "../networking/v1.ts";
import type { IngressBackend, PathType } from "../networking/v1beta1.ts";
export type {
  DaemonSetCondition,
  DaemonSetConditionType,
  DaemonSetStatus,
  DeploymentCondition,
  DeploymentConditionType,
  DeploymentStatus,
  ReplicaSet,
  ReplicaSetCondition,
  ReplicaSetConditionType,
  ReplicaSetList,
  ReplicaSetSpec,
  ReplicaSetStatus,
  RollingUpdateDaemonSet,
  RollingUpdateDeployment,
} from "../apps/v1.ts";
export type { DeploymentRollback, RollbackConfig } from "../apps/v1beta1.ts";
export type {
  DaemonSetUpdateStrategyType,
  DeploymentStrategyType,
  Scale,
  ScaleSpec,
  ScaleStatus,
} from "../apps/v1beta2.ts";
export type {
  IPBlock,
  IngressLoadBalancerIngress,
  IngressLoadBalancerStatus,
  IngressPortStatus,
  IngressStatus,
  IngressTLS,
  NetworkPolicyEgressRule,
  NetworkPolicyIngressRule,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from "../networking/v1.ts";
export type { IngressBackend, PathType } from "../networking/v1beta1.ts";

/**
 * Runs a copy of a Pod on every node, or on the nodes selected by its Pod template.
 * @kind
 */
export interface DaemonSet extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Desired behavior of the daemon set.
   * @proto 2
   * @alwaysPresent
   */
  spec: DaemonSetSpec;
  /**
   * Observed state of the daemon set, set by the system and read-only. It can be out of date by some window of
   * time.
   * @proto 3
   * @alwaysPresent
   */
  status?: DaemonSetStatus;
}

/**
 * List of DaemonSet objects.
 * @kind
 */
export interface DaemonSetList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * DaemonSet objects in the list.
   * @proto 2
   */
  items: DaemonSet[];
}

/** Desired state of a daemon set. */
export interface DaemonSetSpec {
  /**
   * Selects the Pods that the daemon set manages; must match the labels of the Pod template. Immutable.
   * @proto 1
   */
  selector?: LabelSelector;
  /**
   * Template for the Pods to create on every matching node. Its restartPolicy must be Always.
   * @proto 2
   */
  template: PodTemplateSpec;
  /**
   * How existing Pods are replaced when the template changes. Defaults to RollingUpdate.
   * @proto 3
   * @alwaysPresent
   */
  updateStrategy?: DaemonSetUpdateStrategy;
  /**
   * Minimum number of seconds a new Pod must be ready, with no container crashing, before it counts as
   * available. Defaults to 0, meaning available as soon as it is ready.
   * @proto 4
   */
  minReadySeconds?: Int32;
  /**
   * Number of the template, which grows with each change of it; set by the system.
   * @proto 5
   */
  templateGeneration?: Int64;
  /**
   * Number of old revisions to keep for rollback. Defaults to 10.
   * @proto 6
   */
  revisionHistoryLimit?: Int32;
}

/** How Pods of a daemon set are replaced after a template change. */
export interface DaemonSetUpdateStrategy {
  /**
   * RollingUpdate (the default) replaces Pods automatically, and OnDelete replaces a Pod only after it is
   * deleted.
   * @proto 1
   */
  type?: DaemonSetUpdateStrategyType;
  /**
   * Parameters for a rolling update; used only when type is RollingUpdate.
   * @proto 2
   */
  rollingUpdate?: RollingUpdateDaemonSet;
}

/**
 * Declarative management of a set of Pods and the replica sets that own them, with rollouts and rollback.
 * @kind
 */
export interface Deployment extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Desired behavior of the deployment.
   * @proto 2
   * @alwaysPresent
   */
  spec: DeploymentSpec;
  /**
   * Most recently observed state of the deployment; set by the system and read-only.
   * @proto 3
   * @alwaysPresent
   */
  status?: DeploymentStatus;
}

/**
 * List of Deployment objects.
 * @kind
 */
export interface DeploymentList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * Deployment objects in the list.
   * @proto 2
   */
  items: Deployment[];
}

/** Desired state of a deployment. */
export interface DeploymentSpec {
  /**
   * Number of desired Pods. Defaults to 1; an explicit 0 is allowed.
   * @proto 1
   */
  replicas?: Int32;
  /**
   * Selects the Pods that the deployment manages; must match the labels of the Pod template. Immutable.
   * @proto 2
   */
  selector?: LabelSelector;
  /**
   * Template for the Pods to create. The only allowed restartPolicy is Always.
   * @proto 3
   */
  template: PodTemplateSpec;
  /**
   * How old Pods are replaced by new ones. Defaults to RollingUpdate.
   * @proto 4
   * @patchStrategy retainKeys
   * @alwaysPresent
   */
  strategy?: DeploymentStrategy;
  /**
   * Minimum number of seconds a new Pod must be ready, with no container crashing, before it counts as
   * available. Defaults to 0.
   * @proto 5
   */
  minReadySeconds?: Int32;
  /**
   * Number of old replica sets to keep for rollback. Defaults to 10; an explicit 0 keeps none.
   * @proto 6
   */
  revisionHistoryLimit?: Int32;
  /**
   * When true, template changes do not start a rollout until the deployment is resumed.
   * @proto 7
   */
  paused?: boolean;
  /**
   * The revision to go back to; the deployment controller clears it when that is done.
   * @proto 8
   */
  rollbackTo?: RollbackConfig;
  /**
   * Seconds without progress after which the rollout is reported as failed with reason ProgressDeadlineExceeded.
   * The controller keeps trying, and no progress is estimated while paused. Defaults to 600.
   * @proto 9
   */
  progressDeadlineSeconds?: Int32;
}

/** How a deployment replaces old Pods with new ones. */
export interface DeploymentStrategy {
  /**
   * Recreate removes all existing Pods before creating new ones, and RollingUpdate (the default) replaces them
   * gradually.
   * @proto 1
   */
  type?: DeploymentStrategyType;
  /**
   * Parameters for a rolling update; used only when type is RollingUpdate.
   * @proto 2
   */
  rollingUpdate?: RollingUpdateDeployment;
}

/** A path, and where requests for it go. */
export interface HTTPIngressPath {
  /**
   * Path to match, beginning with a slash; how it is matched is up to pathType.
   * @proto 1
   */
  path?: string;
  /**
   * How the path is matched: Exact compares the whole path, Prefix compares its elements, ImplementationSpecific
   * leaves it to the controller.
   * @proto 3
   */
  pathType?: PathType;
  /**
   * Where matching requests go.
   * @proto 2
   */
  backend: IngressBackend;
}

/** Paths of one host, and where their requests go. */
export interface HTTPIngressRuleValue {
  /**
   * Paths and their backends; at least one.
   * @proto 1
   * @listType atomic
   */
  paths: HTTPIngressPath[];
}

/**
 * Rules by which connections from outside reach services of the cluster. A controller carries them out.
 * @kind
 */
export interface Ingress extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Desired state of the ingress.
   * @proto 2
   * @alwaysPresent
   */
  spec: IngressSpec;
  /**
   * Where the ingress can be reached; set by its controller.
   * @proto 3
   * @alwaysPresent
   */
  status?: IngressStatus;
}

/**
 * List of Ingress objects.
 * @kind
 */
export interface IngressList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * Ingress objects in the list.
   * @proto 2
   */
  items: Ingress[];
}

/** Which requests for a host go where. */
export interface IngressRule extends IngressRuleValue {
  /**
   * Host of the requests, as a fully qualified name without port; *. as its first label stands for any one
   * label. All hosts when it is left out.
   * @proto 1
   */
  host?: string;
}

/** What an ingress rule does with requests. */
export interface IngressRuleValue {
  /**
   * Paths of the host and their backends; all requests go to the default backend when it is left out.
   * @proto 1
   */
  http?: HTTPIngressRuleValue;
}

/** Which requests go where. */
export interface IngressSpec {
  /**
   * IngressClass of the ingress, which decides what controller carries it out. The default class when it is left
   * out and there is one.
   * @proto 4
   */
  ingressClassName?: string;
  /**
   * Takes the traffic that no rule matches.
   * @proto 1
   */
  backend?: IngressBackend;
  /**
   * Certificates to serve, by host.
   * @proto 2
   * @listType atomic
   */
  tls?: IngressTLS[];
  /**
   * Rules by host; requests that match none go to the default backend.
   * @proto 3
   * @listType atomic
   */
  rules?: IngressRule[];
}

/**
 * Which connections the selected Pods may have. Pods that no policy selects may have all.
 * @kind
 */
export interface NetworkPolicy extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Which Pods the policy is for, and what it allows.
   * @proto 2
   * @alwaysPresent
   */
  spec: NetworkPolicySpec;
}

/**
 * List of NetworkPolicy objects.
 * @kind
 */
export interface NetworkPolicyList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * NetworkPolicy objects in the list.
   * @proto 2
   */
  items: NetworkPolicy[];
}

/** Which Pods a policy is for, and what it allows. */
export interface NetworkPolicySpec {
  /**
   * Pods in the namespace that the policy is for. An empty selector selects all of them.
   * @proto 1
   */
  podSelector: LabelSelector;
  /**
   * Incoming connections that are allowed. Rules of all policies that select a Pod add up; none at all isolates
   * the Pod.
   * @proto 2
   * @listType atomic
   */
  ingress?: NetworkPolicyIngressRule[];
  /**
   * Outgoing connections that are allowed. Rules of all policies that select a Pod add up; none at all isolates
   * the Pod.
   * @proto 3
   * @listType atomic
   */
  egress?: NetworkPolicyEgressRule[];
  /**
   * Directions that the policy is about. Defaults to Ingress, and to Egress also when there are egress rules.
   * @proto 4
   * @listType atomic
   */
  policyTypes?: PolicyType[];
}

/**
 * Direction of connections.
 * @knownValues Ingress, Egress
 */
export type PolicyType = string;
