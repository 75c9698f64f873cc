import type { TypedLocalObjectReference } from "../core/v1.ts";
import type { IntOrString, ListMeta, ObjectMeta, TypeMeta } from "../meta/v1.ts";
import type { IngressStatus, IngressTLS } from "./v1.ts";
export type {
  IPAddress,
  IPAddressList,
  IPAddressSpec,
  IngressClass,
  IngressClassList,
  IngressClassParametersReference,
  IngressClassSpec,
  IngressLoadBalancerIngress,
  IngressLoadBalancerStatus,
  IngressPortStatus,
  IngressStatus,
  IngressTLS,
  ParentReference,
  ServiceCIDR,
  ServiceCIDRList,
  ServiceCIDRSpec,
  ServiceCIDRStatus,
} from "./v1.ts";

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

/** Where requests go: to a service or to another resource. */
export interface IngressBackend {
  /**
   * Name of the service that takes the traffic.
   * @proto 1
   */
  serviceName?: string;
  /**
   * Number or name of the service's port.
   * @proto 2
   */
  servicePort?: IntOrString;
  /**
   * Another object in the namespace of the ingress that the controller understands; excludes service.
   * @proto 3
   */
  resource?: TypedLocalObjectReference;
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

/** How a path is matched. */
export type PathType = string;
