import type { Protocol } from "../../core/v1/service.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Int32, IntOrString } from "../../meta/v1/primitives.ts";
import type { LabelSelector } from "../../meta/v1/selector.ts";

/** A range of addresses, with exceptions. */
export interface IPBlock {
  /**
   * Range of addresses, such as 192.168.1.0/24 or 2001:db8::/64.
   * @proto 1
   */
  cidr: string;
  /**
   * Ranges within the range that are left out.
   * @proto 2
   * @listType atomic
   */
  except?: string[];
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

/** Outgoing connections that are allowed: those that match both ports and to. */
export interface NetworkPolicyEgressRule {
  /**
   * Ports that may be connected to, any of them; all when it is empty.
   * @proto 1
   * @listType atomic
   */
  ports?: NetworkPolicyPort[];
  /**
   * Peers that may be connected to, any of them; all when it is empty.
   * @proto 2
   * @listType atomic
   */
  to?: NetworkPolicyPeer[];
}

/** Incoming connections that are allowed: those that match both ports and from. */
export interface NetworkPolicyIngressRule {
  /**
   * Ports that may be connected to, any of them; all when it is empty.
   * @proto 1
   * @listType atomic
   */
  ports?: NetworkPolicyPort[];
  /**
   * Peers that may connect, any of them; all when it is empty.
   * @proto 2
   * @listType atomic
   */
  from?: NetworkPolicyPeer[];
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

/** The other end of allowed connections: Pods by their labels, or a range of addresses. */
export interface NetworkPolicyPeer {
  /**
   * Pods, in the namespace of the policy or in those that namespaceSelector selects. An empty selector selects all of
   * them.
   * @proto 1
   */
  podSelector?: LabelSelector;
  /**
   * Namespaces whose Pods are meant; narrowed down by podSelector when both are set. An empty selector selects all
   * namespaces.
   * @proto 2
   */
  namespaceSelector?: LabelSelector;
  /**
   * Range of addresses; excludes the selectors.
   * @proto 3
   */
  ipBlock?: IPBlock;
}

/** A port, or a range of ports. */
export interface NetworkPolicyPort {
  /**
   * TCP, UDP or SCTP. Defaults to TCP.
   * @proto 1
   */
  protocol?: Protocol;
  /**
   * Number of the port, or its name in the Pods; all ports when it is left out.
   * @proto 2
   */
  port?: IntOrString;
  /**
   * Last port of a range that begins with port, which then is a number not above it.
   * @proto 3
   */
  endPort?: Int32;
}

/** Which Pods a policy is for, and what it allows. */
export interface NetworkPolicySpec {
  /**
   * Pods in the namespace that the policy is for. An empty selector selects all of them.
   * @proto 1
   * @alwaysPresent
   */
  podSelector?: LabelSelector;
  /**
   * Incoming connections that are allowed. Rules of all policies that select a Pod add up; none at all isolates the
   * Pod.
   * @proto 2
   * @listType atomic
   */
  ingress?: NetworkPolicyIngressRule[];
  /**
   * Outgoing connections that are allowed. Rules of all policies that select a Pod add up; none at all isolates the
   * Pod.
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
 * @enumeration
 */
export type PolicyType = "Ingress" | "Egress";
