import type { ObjectReference, Protocol } from "../core/v1.ts";
import type { AddressType, EndpointConditions, EndpointHints } from "./v1.ts";
import type { Int32, ListMeta, ObjectMeta, TypeMeta } from "../meta/v1.ts";
export type { AddressType, EndpointConditions, EndpointHints, ForNode, ForZone } from "./v1.ts";

/** One backend of a Service, with its addresses and state. */
export interface Endpoint {
  /**
   * Addresses of this endpoint, of the slice's addressType. From 1 to 100 entries, of which clients should use
   * only the first.
   * @proto 1
   * @listType set
   */
  addresses: string[];
  /**
   * Current readiness and termination state of the endpoint.
   * @proto 2
   * @alwaysPresent
   */
  conditions?: EndpointConditions;
  /**
   * Hostname of this endpoint, a lowercase DNS label, which consumers may use for DNS records.
   * @proto 3
   */
  hostname?: string;
  /**
   * Reference to the object that this endpoint represents, usually a Pod.
   * @proto 4
   */
  targetRef?: ObjectReference;
  /**
   * Topology of the endpoint by label: zone, region and host name of its node.
   * @proto 5
   */
  topology?: Record<string, string>;
  /**
   * Name of the node that hosts this endpoint, used to find endpoints local to a node.
   * @proto 6
   */
  nodeName?: string;
  /**
   * Suggestions about which consumers should use this endpoint.
   * @proto 7
   */
  hints?: EndpointHints;
}

/** Port exposed by the endpoints of a slice. */
export interface EndpointPort {
  /**
   * Port name, unique in the slice and either empty or a DNS label. For slices made from a Service, it is the
   * Service port name. Defaults to the empty string.
   * @proto 1
   */
  name?: string;
  /**
   * Protocol of the port: TCP, UDP or SCTP. Defaults to TCP.
   * @proto 2
   */
  protocol?: Protocol;
  /**
   * Port number. When unset, the meaning is left to the consumer.
   * @proto 3
   */
  port?: Int32;
  /**
   * Application protocol hint, as an IANA service name or a domain-prefixed name. kubernetes.io/h2c,
   * kubernetes.io/ws and kubernetes.io/wss are defined by Kubernetes.
   * @proto 4
   */
  appProtocol?: string;
}

/**
 * Subset of the endpoints that back a Service; the full set is the union of all its slices.
 * @kind
 */
export interface EndpointSlice extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Kind of address carried by the slice: IPv4, IPv6 or FQDN (deprecated). Immutable.
   * @proto 4
   */
  addressType: AddressType;
  /**
   * Unique endpoints of this slice; at most 1000.
   * @proto 2
   * @listType atomic
   */
  endpoints: Endpoint[] | null;
  /**
   * Ports exposed by every endpoint of this slice, each with a unique name; at most 100.
   * @proto 3
   * @listType atomic
   */
  ports?: EndpointPort[] | null;
}

/**
 * List of EndpointSlice objects.
 * @kind
 */
export interface EndpointSliceList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * EndpointSlice objects in the list.
   * @proto 2
   */
  items: EndpointSlice[];
}
