import type { ObjectReference } from "../core/v1/reference.ts";
import type { Protocol } from "../core/v1/service.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../meta/v1/object-meta.ts";
import type { Int32 } from "../meta/v1/primitives.ts";

/**
 * Kind of address in an EndpointSlice: IPv4, IPv6 or FQDN (deprecated).
 * @enumeration
 */
export type AddressType = "IPv4" | "IPv6" | "FQDN";

/** One backend of a Service, with its addresses and state. */
export interface Endpoint {
  /**
   * Addresses of this endpoint, of the slice's addressType. From 1 to 100 entries, of which clients should
   * use only the first.
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
   * Topology data carried over from the older v1beta1 API; read-only here and replaced by nodeName and
   * zone.
   * @proto 5
   */
  deprecatedTopology?: Record<string, string>;
  /**
   * Name of the node that hosts this endpoint, used to find endpoints local to a node.
   * @proto 6
   */
  nodeName?: string;
  /**
   * Name of the zone that this endpoint is in.
   * @proto 7
   */
  zone?: string;
  /**
   * Suggestions about which consumers should use this endpoint.
   * @proto 8
   */
  hints?: EndpointHints;
}

/** Readiness and termination state of an endpoint. */
export interface EndpointConditions {
  /**
   * Whether the endpoint is prepared to receive traffic. For Pods it is normally serving and not
   * terminating, and it may be forced to true for Services that publish not-ready addresses. Unset counts
   * as true.
   * @proto 1
   */
  ready?: boolean;
  /**
   * Whether the endpoint is able to receive traffic, regardless of whether it is terminating.
   * @proto 2
   */
  serving?: boolean;
  /**
   * Whether the endpoint is shutting down. Unset counts as false.
   * @proto 3
   */
  terminating?: boolean;
}

/** Hints about how an endpoint should be consumed. */
export interface EndpointHints {
  /**
   * Zones whose consumers should use this endpoint; at most 8 entries.
   * @proto 1
   * @listType atomic
   */
  forZones?: ForZone[];
  /**
   * Nodes whose consumers should use this endpoint; at most 8 entries.
   * @proto 2
   * @listType atomic
   */
  forNodes?: ForNode[];
}

/**
 * Port exposed by the endpoints of a slice.
 * @mapType atomic
 */
export interface EndpointPort {
  /**
   * Port name, unique in the slice and either empty or a DNS label. For slices made from a Service, it is
   * the Service port name. Defaults to the empty string.
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
  endpoints?: Endpoint[] | null;
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

/** Node that should consume an endpoint. */
export interface ForNode {
  /**
   * Name of the node.
   * @proto 1
   */
  name: string;
}

/** Zone that should consume an endpoint. */
export interface ForZone {
  /**
   * Name of the zone.
   * @proto 1
   */
  name: string;
}
