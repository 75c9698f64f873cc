import type { ObjectReference } from "./reference.ts";
import type { Protocol } from "./service.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Int32 } from "../../meta/v1/primitives.ts";

/**
 * IP address of one endpoint of a Service.
 * @mapType atomic
 */
export interface EndpointAddress {
  /**
   * IPv4 or IPv6 address of the endpoint. Loopback and link-local addresses are not allowed. Required.
   * @proto 1
   */
  ip: string;
  /**
   * Host name of the endpoint, used for its DNS record.
   * @proto 3
   */
  hostname?: string;
  /**
   * Name of the node that hosts the endpoint. Can be used to find endpoints that are local to a node.
   * @proto 4
   */
  nodeName?: string;
  /**
   * Object that provides the endpoint, normally a Pod.
   * @proto 2
   */
  targetRef?: ObjectReference;
}

/**
 * One port of the endpoints in a subset.
 * @mapType atomic
 */
export interface EndpointPort {
  /**
   * Name of the port, matching the name of a Service port. Must be a DNS label, and may be empty only when
   * the subset has a single port.
   * @proto 1
   */
  name?: string;
  /**
   * Port number on which the endpoints listen. Required.
   * @proto 2
   */
  port: Int32;
  /**
   * Protocol of the port: TCP, UDP or SCTP. Defaults to TCP.
   * @proto 3
   */
  protocol?: Protocol;
  /**
   * Application protocol of the port, as a hint for implementations. Either an unprefixed IANA service
   * name, a kubernetes.io/ value such as kubernetes.io/h2c, or a name with another domain prefix.
   * @proto 4
   */
  appProtocol?: string;
}

/**
 * Group of addresses that share the same ports. Its endpoints are all combinations of its addresses and
 * ports.
 */
export interface EndpointSubset {
  /**
   * Addresses that are ready, so clients and load balancers may use them.
   * @proto 1
   * @listType atomic
   */
  addresses?: EndpointAddress[];
  /**
   * Addresses that offer the ports but are not ready, because they have not finished starting or fail a
   * readiness or liveness check.
   * @proto 2
   * @listType atomic
   */
  notReadyAddresses?: EndpointAddress[];
  /**
   * Ports available on the addresses of the subset.
   * @proto 3
   * @listType atomic
   */
  ports?: EndpointPort[];
}

/**
 * Network endpoints that implement the Service of the same name. Deprecated since v1.33: use
 * discovery.k8s.io/v1 EndpointSlice.
 * @kind
 */
export interface Endpoints extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * All the endpoints, grouped by common ports. An address with some ready and some unready ports appears
   * in several subsets; no address appears as both ready and unready in the same subset.
   * @proto 2
   * @listType atomic
   */
  subsets?: EndpointSubset[];
}

/**
 * List of Endpoints objects. Deprecated since v1.33: use discovery.k8s.io/v1 EndpointSlice.
 * @kind
 */
export interface EndpointsList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * Endpoints objects in the list.
   * @proto 2
   */
  items: Endpoints[];
}
