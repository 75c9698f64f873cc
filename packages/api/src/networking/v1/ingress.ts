import type { TypedLocalObjectReference } from "../../core/v1/reference.ts";
import type { Protocol } from "../../core/v1/service.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Int32 } from "../../meta/v1/primitives.ts";

/** HTTPIngressPath. */
export interface HTTPIngressPath {
  /**
   * HTTPIngressPath.path.
   * @proto 1
   */
  path?: string;
  /**
   * HTTPIngressPath.pathType.
   * @proto 3
   */
  pathType?: PathType;
  /**
   * HTTPIngressPath.backend.
   * @proto 2
   */
  backend: IngressBackend;
}

/** HTTPIngressRuleValue. */
export interface HTTPIngressRuleValue {
  /**
   * HTTPIngressRuleValue.paths.
   * @proto 1
   * @listType atomic
   */
  paths: HTTPIngressPath[];
}

/**
 * Ingress.
 * @kind
 */
export interface Ingress extends TypeMeta {
  /**
   * Ingress.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Ingress.spec.
   * @proto 2
   * @alwaysPresent
   */
  spec: IngressSpec;
  /**
   * Ingress.status.
   * @proto 3
   * @alwaysPresent
   */
  status?: IngressStatus;
}

/** IngressBackend. */
export interface IngressBackend {
  /**
   * IngressBackend.service.
   * @proto 4
   */
  service?: IngressServiceBackend;
  /**
   * IngressBackend.resource.
   * @proto 3
   */
  resource?: TypedLocalObjectReference;
}

/**
 * IngressClass.
 * @kind
 */
export interface IngressClass extends TypeMeta {
  /**
   * IngressClass.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * IngressClass.spec.
   * @proto 2
   * @alwaysPresent
   */
  spec: IngressClassSpec;
}

/**
 * IngressClassList.
 * @kind
 */
export interface IngressClassList extends TypeMeta {
  /**
   * IngressClassList.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * IngressClassList.items.
   * @proto 2
   */
  items: IngressClass[];
}

/** IngressClassParametersReference. */
export interface IngressClassParametersReference {
  /**
   * IngressClassParametersReference.apiGroup.
   * @proto 1
   */
  apiGroup?: string;
  /**
   * IngressClassParametersReference.kind.
   * @proto 2
   */
  kind: string;
  /**
   * IngressClassParametersReference.name.
   * @proto 3
   */
  name: string;
  /**
   * IngressClassParametersReference.scope.
   * @proto 4
   */
  scope?: string;
  /**
   * IngressClassParametersReference.namespace.
   * @proto 5
   */
  namespace?: string;
}

/** IngressClassSpec. */
export interface IngressClassSpec {
  /**
   * IngressClassSpec.controller.
   * @proto 1
   */
  controller?: string;
  /**
   * IngressClassSpec.parameters.
   * @proto 2
   */
  parameters?: IngressClassParametersReference;
}

/**
 * IngressList.
 * @kind
 */
export interface IngressList extends TypeMeta {
  /**
   * IngressList.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * IngressList.items.
   * @proto 2
   */
  items: Ingress[];
}

/** IngressLoadBalancerIngress. */
export interface IngressLoadBalancerIngress {
  /**
   * IngressLoadBalancerIngress.ip.
   * @proto 1
   */
  ip?: string;
  /**
   * IngressLoadBalancerIngress.hostname.
   * @proto 2
   */
  hostname?: string;
  /**
   * IngressLoadBalancerIngress.ports.
   * @proto 4
   * @listType atomic
   */
  ports?: IngressPortStatus[];
}

/** IngressLoadBalancerStatus. */
export interface IngressLoadBalancerStatus {
  /**
   * IngressLoadBalancerStatus.ingress.
   * @proto 1
   * @listType atomic
   */
  ingress?: IngressLoadBalancerIngress[];
}

/** IngressPortStatus. */
export interface IngressPortStatus {
  /**
   * IngressPortStatus.port.
   * @proto 1
   */
  port: Int32;
  /**
   * IngressPortStatus.protocol.
   * @proto 2
   */
  protocol: Protocol;
  /**
   * IngressPortStatus.error.
   * @proto 3
   */
  error?: string;
}

/** IngressRule. */
export interface IngressRule extends IngressRuleValue {
  /**
   * IngressRule.host.
   * @proto 1
   */
  host?: string;
}

/** IngressRuleValue. */
export interface IngressRuleValue {
  /**
   * IngressRuleValue.http.
   * @proto 1
   */
  http?: HTTPIngressRuleValue;
}

/** IngressServiceBackend. */
export interface IngressServiceBackend {
  /**
   * IngressServiceBackend.name.
   * @proto 1
   */
  name: string;
  /**
   * IngressServiceBackend.port.
   * @proto 2
   * @alwaysPresent
   */
  port?: ServiceBackendPort;
}

/** IngressSpec. */
export interface IngressSpec {
  /**
   * IngressSpec.ingressClassName.
   * @proto 4
   */
  ingressClassName?: string;
  /**
   * IngressSpec.defaultBackend.
   * @proto 1
   */
  defaultBackend?: IngressBackend;
  /**
   * IngressSpec.tls.
   * @proto 2
   * @listType atomic
   */
  tls?: IngressTLS[];
  /**
   * IngressSpec.rules.
   * @proto 3
   * @listType atomic
   */
  rules?: IngressRule[];
}

/** IngressStatus. */
export interface IngressStatus {
  /**
   * IngressStatus.loadBalancer.
   * @proto 1
   * @alwaysPresent
   */
  loadBalancer?: IngressLoadBalancerStatus;
}

/** IngressTLS. */
export interface IngressTLS {
  /**
   * IngressTLS.hosts.
   * @proto 1
   * @listType atomic
   */
  hosts?: string[];
  /**
   * IngressTLS.secretName.
   * @proto 2
   */
  secretName?: string;
}

/**
 * PathType.
 * @enumeration
 */
export type PathType = string;

/**
 * ServiceBackendPort.
 * @mapType atomic
 */
export interface ServiceBackendPort {
  /**
   * ServiceBackendPort.name.
   * @proto 1
   */
  name?: string;
  /**
   * ServiceBackendPort.number.
   * @proto 2
   */
  number?: Int32;
}
