import type { Condition, ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Int32, IntOrString } from "../../meta/v1/primitives.ts";

/** Settings of session affinity based on the client IP address. */
export interface ClientIPConfig {
  /**
   * Seconds for which a client keeps being sent to the same endpoint. Must be greater than 0 and at most
   * 86400 (one day). Defaults to 10800 (three hours).
   * @proto 1
   */
  timeoutSeconds?: Int32;
}

/**
 * IP family of an address or Service. One of IPv4, IPv6, or the empty string when it is unknown.
 * @enumeration
 */
export type IPFamily = "IPv4" | "IPv6" | "";

/**
 * Which IP families a Service wants. One of SingleStack, PreferDualStack (two families if the cluster has
 * them), RequireDualStack (fail unless both are available).
 * @enumeration
 */
export type IPFamilyPolicy = "SingleStack" | "PreferDualStack" | "RequireDualStack";

/**
 * Alias of IPFamilyPolicy, kept for backward compatibility.
 * @enumeration
 */
export type IPFamilyPolicyType = IPFamilyPolicy;

/**
 * How a load balancer IP delivers traffic. VIP means packets reach the node with the load balancer's IP and
 * port as destination; Proxy means the destination is the node or pod.
 */
export type LoadBalancerIPMode = "VIP" | "Proxy";

/** One entry point of a load balancer. Traffic meant for the Service should be sent to it. */
export interface LoadBalancerIngress {
  /**
   * IP address of the entry point, set for load balancers that are addressed by IP.
   * @proto 1
   */
  ip?: string;
  /**
   * DNS name of the entry point, set for load balancers that are addressed by name.
   * @proto 2
   */
  hostname?: string;
  /**
   * How the load balancer behaves for this IP: VIP or Proxy. May only be set together with ip, and is
   * treated as VIP when left out.
   * @proto 3
   */
  ipMode?: LoadBalancerIPMode;
  /**
   * Status of each Service port on this entry point, including any error for that port.
   * @proto 4
   * @listType atomic
   */
  ports?: PortStatus[];
}

/** Current state of a load balancer. */
export interface LoadBalancerStatus {
  /**
   * Entry points of the load balancer through which the Service can be reached.
   * @proto 1
   * @listType atomic
   */
  ingress?: LoadBalancerIngress[];
}

/** Outcome of exposing a single service port through a load balancer. */
export interface PortStatus {
  /**
   * Number of the service port this status describes.
   * @proto 1
   */
  port: Int32;
  /**
   * Protocol of the service port this status describes: TCP, UDP or SCTP.
   * @proto 2
   */
  protocol: Protocol;
  /**
   * Reason the port could not be provisioned. Built-in reasons are CamelCase words; provider-specific ones
   * are prefixed with a domain, as in example.com/SomeReason.
   * @proto 3
   */
  error?: string;
}

/**
 * Network transport protocol of a port: TCP, UDP or SCTP.
 * @enumeration
 */
export type Protocol = "TCP" | "UDP" | "SCTP";

/**
 * A named, stable network endpoint that distributes traffic to a set of pods.
 * @kind
 */
export interface Service extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Desired behavior of the service.
   * @proto 2
   * @alwaysPresent
   */
  spec: ServiceSpec;
  /**
   * Most recently observed state of the service. Written by the system and read-only.
   * @proto 3
   * @alwaysPresent
   */
  status?: ServiceStatus;
}

/**
 * Session stickiness of a service: ClientIP sends a client to the same backend, None does not.
 * @enumeration
 */
export type ServiceAffinity = "ClientIP" | "None";

/**
 * Which endpoints receive external traffic: Cluster uses all of them, Local only those on the node that
 * received it, preserving the client's source IP.
 * @enumeration
 */
export type ServiceExternalTrafficPolicy = "Cluster" | "Local";

/**
 * Older name for ServiceExternalTrafficPolicy, with the values Cluster and Local.
 * @enumeration
 */
export type ServiceExternalTrafficPolicyType = ServiceExternalTrafficPolicy;

/**
 * Which endpoints receive traffic from inside the cluster: Cluster uses all of them, Local only those on
 * the client's node.
 * @enumeration
 */
export type ServiceInternalTrafficPolicy = "Cluster" | "Local";

/**
 * Older name for ServiceInternalTrafficPolicy, with the values Cluster and Local.
 * @enumeration
 */
export type ServiceInternalTrafficPolicyType = ServiceInternalTrafficPolicy;

/**
 * A list of Service objects.
 * @kind
 */
export interface ServiceList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * The services in this list.
   * @proto 2
   */
  items: Service[];
}

/** A port exposed by a service and the pod port it leads to. */
export interface ServicePort {
  /**
   * Name of the port, a DNS label that is unique within the service. Optional when the service has just one
   * port.
   * @proto 1
   */
  name?: string;
  /**
   * Transport protocol: TCP, UDP or SCTP. Defaults to TCP.
   * @proto 2
   * @default "TCP"
   */
  protocol?: Protocol;
  /**
   * Hint about the application protocol, given as an IANA service name, a kubernetes.io/ name such as
   * kubernetes.io/h2c, or another domain-prefixed name.
   * @proto 6
   */
  appProtocol?: string;
  /**
   * Port number on which the service is reached.
   * @proto 3
   */
  port: Int32;
  /**
   * Number or name of the pod port that receives the traffic; a name is looked up in each pod's container
   * ports. Defaults to the value of port.
   * @proto 4
   */
  targetPort?: IntOrString;
  /**
   * Port opened on every node for NodePort and LoadBalancer services. Normally allocated by the system; a
   * chosen value must be free and in the configured range.
   * @proto 5
   */
  nodePort?: Int32;
}

/** Desired behavior of a service. */
export interface ServiceSpec {
  /**
   * Ports that the service exposes.
   * @proto 1
   * @listType map
   * @listMapKey port,protocol
   * @patchStrategy merge
   * @patchMergeKey port
   */
  ports?: ServicePort[];
  /**
   * Labels of the pods that receive the traffic. When empty, endpoints are managed by something else;
   * ignored for ExternalName services.
   * @proto 2
   * @mapType atomic
   */
  selector?: Record<string, string>;
  /**
   * Virtual IP of the service, normally allocated by the system. None makes the service headless. It cannot
   * be changed unless the type changes to or from ExternalName.
   * @proto 3
   */
  clusterIP?: string;
  /**
   * Virtual IPs of the service, at most one per IP family. The first entry must equal clusterIP, and the
   * families must match ipFamilies.
   * @proto 18
   * @listType atomic
   */
  clusterIPs?: string[];
  /**
   * How the service is exposed: ClusterIP, NodePort, LoadBalancer or ExternalName. Defaults to ClusterIP.
   * @proto 4
   */
  type?: ServiceType;
  /**
   * Extra IP addresses for which nodes accept traffic to this service. They are not managed by Kubernetes,
   * so routing them to a node is the user's responsibility.
   * @proto 5
   * @listType atomic
   */
  externalIPs?: string[];
  /**
   * ClientIP keeps a client on the same backend according to its IP; None turns this off. Defaults to None.
   * @proto 7
   */
  sessionAffinity?: ServiceAffinity;
  /**
   * Deprecated. Address requested for a LoadBalancer service, ignored by providers that do not support it.
   * Provider-specific annotations are preferred.
   * @proto 8
   */
  loadBalancerIP?: string;
  /**
   * Client CIDR ranges from which a LoadBalancer service accepts traffic, on providers that support the
   * restriction.
   * @proto 9
   * @listType atomic
   */
  loadBalancerSourceRanges?: string[];
  /**
   * DNS name that discovery returns as an alias (CNAME) for the service. Must be a lowercase RFC 1123
   * hostname; used with type ExternalName.
   * @proto 10
   */
  externalName?: string;
  /**
   * How traffic arriving on external addresses and node ports is routed: Cluster uses all endpoints, Local
   * only those on the receiving node, keeping the client IP. Defaults to Cluster.
   * @proto 11
   */
  externalTrafficPolicy?: ServiceExternalTrafficPolicy;
  /**
   * Node port for load balancer health checks, allocated when unset. Applies only to type LoadBalancer with
   * externalTrafficPolicy Local, and cannot be changed once set.
   * @proto 12
   */
  healthCheckNodePort?: Int32;
  /**
   * When true, endpoints are published regardless of pod readiness. Mainly useful for peer discovery
   * through a StatefulSet's headless service. Defaults to false.
   * @proto 13
   */
  publishNotReadyAddresses?: boolean;
  /**
   * Settings for session affinity, such as the timeout used with ClientIP.
   * @proto 14
   */
  sessionAffinityConfig?: SessionAffinityConfig;
  /**
   * IP families (IPv4, IPv6) of the service, at most two in order of preference. Chosen from the cluster
   * configuration when unset; the first cannot be changed, the second can be added or removed.
   * @proto 19
   * @listType atomic
   */
  ipFamilies?: IPFamily[];
  /**
   * SingleStack, PreferDualStack (two families where the cluster has them) or RequireDualStack (fail
   * otherwise). Defaults to SingleStack; not allowed for ExternalName services.
   * @proto 17
   */
  ipFamilyPolicy?: IPFamilyPolicy;
  /**
   * Whether node ports are allocated automatically for a LoadBalancer service. Defaults to true; explicitly
   * requested node ports are honored either way.
   * @proto 20
   */
  allocateLoadBalancerNodePorts?: boolean;
  /**
   * Load balancer implementation to use, as a label-style name with optional prefix. Only for type
   * LoadBalancer; immutable once set while the type stays the same.
   * @proto 21
   */
  loadBalancerClass?: string;
  /**
   * How traffic sent to the cluster IP is routed: Cluster uses all endpoints, Local only those on the
   * client's node, dropping traffic when there are none. Defaults to Cluster.
   * @proto 22
   */
  internalTrafficPolicy?: ServiceInternalTrafficPolicy;
  /**
   * Preference for choosing among endpoints: PreferSameZone, its older alias PreferClose, or
   * PreferSameNode. When unset, the implementation's default is used.
   * @proto 23
   */
  trafficDistribution?: string;
}

/** Observed state of a service. */
export interface ServiceStatus {
  /**
   * State of the load balancer, if the service has one.
   * @proto 1
   * @alwaysPresent
   */
  loadBalancer?: LoadBalancerStatus;
  /**
   * Current conditions of the service, keyed by type.
   * @proto 2
   * @listType map
   * @listMapKey type
   * @patchStrategy merge
   * @patchMergeKey type
   */
  conditions?: Condition[];
}

/**
 * How a service is exposed: ClusterIP, NodePort, LoadBalancer or ExternalName.
 * @enumeration
 */
export type ServiceType = "ClusterIP" | "NodePort" | "LoadBalancer" | "ExternalName";

/** Settings for a service's session affinity. */
export interface SessionAffinityConfig {
  /**
   * Settings for affinity based on the client's IP address.
   * @proto 1
   */
  clientIP?: ClientIPConfig;
}
