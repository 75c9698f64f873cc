import type { Protocol } from "../../core/v1/service.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Int32, IntOrString } from "../../meta/v1/primitives.ts";
import type { LabelSelector } from "../../meta/v1/selector.ts";

/** IPBlock. */
export interface IPBlock {
  /**
   * IPBlock.cidr.
   * @proto 1
   */
  cidr: string;
  /**
   * IPBlock.except.
   * @proto 2
   * @listType atomic
   */
  except?: string[];
}

/**
 * NetworkPolicy.
 * @kind
 */
export interface NetworkPolicy extends TypeMeta {
  /**
   * NetworkPolicy.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * NetworkPolicy.spec.
   * @proto 2
   * @alwaysPresent
   */
  spec: NetworkPolicySpec;
}

/** NetworkPolicyEgressRule. */
export interface NetworkPolicyEgressRule {
  /**
   * NetworkPolicyEgressRule.ports.
   * @proto 1
   * @listType atomic
   */
  ports?: NetworkPolicyPort[];
  /**
   * NetworkPolicyEgressRule.to.
   * @proto 2
   * @listType atomic
   */
  to?: NetworkPolicyPeer[];
}

/** NetworkPolicyIngressRule. */
export interface NetworkPolicyIngressRule {
  /**
   * NetworkPolicyIngressRule.ports.
   * @proto 1
   * @listType atomic
   */
  ports?: NetworkPolicyPort[];
  /**
   * NetworkPolicyIngressRule.from.
   * @proto 2
   * @listType atomic
   */
  from?: NetworkPolicyPeer[];
}

/**
 * NetworkPolicyList.
 * @kind
 */
export interface NetworkPolicyList extends TypeMeta {
  /**
   * NetworkPolicyList.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * NetworkPolicyList.items.
   * @proto 2
   */
  items: NetworkPolicy[];
}

/** NetworkPolicyPeer. */
export interface NetworkPolicyPeer {
  /**
   * NetworkPolicyPeer.podSelector.
   * @proto 1
   */
  podSelector?: LabelSelector;
  /**
   * NetworkPolicyPeer.namespaceSelector.
   * @proto 2
   */
  namespaceSelector?: LabelSelector;
  /**
   * NetworkPolicyPeer.ipBlock.
   * @proto 3
   */
  ipBlock?: IPBlock;
}

/** NetworkPolicyPort. */
export interface NetworkPolicyPort {
  /**
   * NetworkPolicyPort.protocol.
   * @proto 1
   */
  protocol?: Protocol;
  /**
   * NetworkPolicyPort.port.
   * @proto 2
   */
  port?: IntOrString;
  /**
   * NetworkPolicyPort.endPort.
   * @proto 3
   */
  endPort?: Int32;
}

/** NetworkPolicySpec. */
export interface NetworkPolicySpec {
  /**
   * NetworkPolicySpec.podSelector.
   * @proto 1
   * @alwaysPresent
   */
  podSelector?: LabelSelector;
  /**
   * NetworkPolicySpec.ingress.
   * @proto 2
   * @listType atomic
   */
  ingress?: NetworkPolicyIngressRule[];
  /**
   * NetworkPolicySpec.egress.
   * @proto 3
   * @listType atomic
   */
  egress?: NetworkPolicyEgressRule[];
  /**
   * NetworkPolicySpec.policyTypes.
   * @proto 4
   * @listType atomic
   */
  policyTypes?: PolicyType[];
}

/**
 * PolicyType.
 * @enumeration
 */
export type PolicyType = "Ingress" | "Egress";
