import type { TypedLocalObjectReference } from "../../core/v1/reference.ts";
import type { Protocol } from "../../core/v1/service.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Int32 } from "../../meta/v1/primitives.ts";

/** A path, and where requests for it go. */
export interface HTTPIngressPath {
  /**
   * Path to match, beginning with a slash; how it is matched is up to pathType.
   * @proto 1
   */
  path?: string;
  /**
   * How the path is matched: Exact compares the whole path, Prefix compares its elements, ImplementationSpecific leaves
   * it to the controller.
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
   * Service in the namespace of the ingress; excludes resource.
   * @proto 4
   */
  service?: IngressServiceBackend;
  /**
   * Another object in the namespace of the ingress that the controller understands; excludes service.
   * @proto 3
   */
  resource?: TypedLocalObjectReference;
}

/**
 * A class of ingresses, carried out by one controller. The annotation ingressclass.kubernetes.io/is-default-class makes
 * it the class of ingresses that name none.
 * @kind
 */
export interface IngressClass extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Controller of the class and its parameters.
   * @proto 2
   * @alwaysPresent
   */
  spec: IngressClassSpec;
}

/**
 * List of IngressClass objects.
 * @kind
 */
export interface IngressClassList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * IngressClass objects in the list.
   * @proto 2
   */
  items: IngressClass[];
}

/** Names an object with further settings of an ingress class. */
export interface IngressClassParametersReference {
  /**
   * Group of the object; the core group when it is left out.
   * @proto 1
   */
  apiGroup?: string;
  /**
   * Kind of the object.
   * @proto 2
   */
  kind: string;
  /**
   * Name of the object.
   * @proto 3
   */
  name: string;
  /**
   * Whether the object belongs to the Cluster or to a Namespace. Defaults to Cluster.
   * @proto 4
   */
  scope?: string;
  /**
   * Namespace of the object; required when scope is Namespace, and not allowed otherwise.
   * @proto 5
   */
  namespace?: string;
}

/** Controller of an ingress class, and its parameters. */
export interface IngressClassSpec {
  /**
   * Controller that carries out ingresses of the class, as a path with a domain, such as example.com/ingress; at most
   * 250 characters. Cannot change.
   * @proto 1
   */
  controller?: string;
  /**
   * Object with further settings for the controller.
   * @proto 2
   */
  parameters?: IngressClassParametersReference;
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

/** One point at which an ingress can be reached. */
export interface IngressLoadBalancerIngress {
  /**
   * Address, for load balancers that have one.
   * @proto 1
   */
  ip?: string;
  /**
   * Host name, for load balancers that have one.
   * @proto 2
   */
  hostname?: string;
  /**
   * Ports that are open.
   * @proto 4
   * @listType atomic
   */
  ports?: IngressPortStatus[];
}

/** Points at which an ingress can be reached. */
export interface IngressLoadBalancerStatus {
  /**
   * Points at which the ingress can be reached.
   * @proto 1
   * @listType atomic
   */
  ingress?: IngressLoadBalancerIngress[];
}

/** State of one port of an ingress. */
export interface IngressPortStatus {
  /**
   * Port number.
   * @proto 1
   */
  port: Int32;
  /**
   * TCP, UDP or SCTP.
   * @proto 2
   */
  protocol: Protocol;
  /**
   * What is wrong with the port, in CamelCase; names outside of upstream's own have a domain and a slash before them.
   * @proto 3
   */
  error?: string;
}

/** Which requests for a host go where. */
export interface IngressRule extends IngressRuleValue {
  /**
   * Host of the requests, as a fully qualified name without port; *. as its first label stands for any one label. All
   * hosts when it is left out.
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

/** A service and a port of it. */
export interface IngressServiceBackend {
  /**
   * Name of a service in the namespace of the ingress.
   * @proto 1
   */
  name: string;
  /**
   * Port of the service, by name or by number.
   * @proto 2
   * @alwaysPresent
   */
  port?: ServiceBackendPort;
}

/** Which requests go where. */
export interface IngressSpec {
  /**
   * IngressClass of the ingress, which decides what controller carries it out. The default class when it is left out
   * and there is one.
   * @proto 4
   */
  ingressClassName?: string;
  /**
   * Where requests go that match no rule; required when there are no rules.
   * @proto 1
   */
  defaultBackend?: IngressBackend;
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

/** Observed state of an ingress. */
export interface IngressStatus {
  /**
   * Points at which the ingress can be reached.
   * @proto 1
   * @alwaysPresent
   */
  loadBalancer?: IngressLoadBalancerStatus;
}

/** A certificate, and the hosts it is for. */
export interface IngressTLS {
  /**
   * Hosts that the certificate is for; the controller's own choice when it is left out.
   * @proto 1
   * @listType atomic
   */
  hosts?: string[];
  /**
   * Secret with the certificate and its key, in the namespace of the ingress.
   * @proto 2
   */
  secretName?: string;
}

/**
 * How a path is matched.
 * @enumeration
 */
export type PathType = string;

/**
 * A port of a service, either by name or by number.
 * @mapType atomic
 */
export interface ServiceBackendPort {
  /**
   * Name of the port; excludes number.
   * @proto 1
   */
  name?: string;
  /**
   * Number of the port, such as 80; excludes name.
   * @proto 2
   */
  number?: Int32;
}
