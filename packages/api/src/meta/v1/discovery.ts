import type { TypeMeta } from "./object-meta.ts";

/**
 * Discovery record for one API group: its name, the versions the server offers and the version it prefers.
 * @kind
 */
export interface APIGroup extends TypeMeta {
  /**
   * Name of the API group, for example apps.
   * @proto 1
   */
  name: string;
  /**
   * Versions of this group that the server serves.
   * @proto 2
   * @listType atomic
   */
  versions: GroupVersionForDiscovery[];
  /**
   * Version that the server recommends clients use; clients may choose any other served version.
   * @proto 3
   * @alwaysPresent
   */
  preferredVersion?: GroupVersionForDiscovery;
  /**
   * Server addresses to use, keyed by client network range, so that a client can pick the best reachable
   * address. When empty, clients keep using the address they already use.
   * @proto 4
   * @listType atomic
   */
  serverAddressByClientCIDRs?: ServerAddressByClientCIDR[];
}

/**
 * Discovery response listing every named API group, returned at the /apis endpoint.
 * @kind
 */
export interface APIGroupList extends TypeMeta {
  /**
   * API groups served by this server.
   * @proto 1
   * @listType atomic
   */
  groups: APIGroup[];
}

/**
 * Discovery record describing one resource of an API group version, including its scope, kind and supported
 * verbs.
 */
export interface APIResource {
  /**
   * Plural resource name used in URLs; a subresource appears as resource/subresource.
   * @proto 1
   */
  name: string;
  /**
   * Singular form of the resource name, used by command-line clients to accept either form. It may be
   * empty, in which case clients derive it themselves.
   * @proto 6
   */
  singularName: string;
  /**
   * True when objects of this resource live in a namespace, false when they are cluster-scoped.
   * @proto 2
   */
  namespaced: boolean;
  /**
   * Preferred API group of the resource's kind. When empty, the group of the enclosing resource list
   * applies; subresources may have a different one.
   * @proto 8
   */
  group?: string;
  /**
   * Preferred API version of the resource's kind. When empty, the version of the enclosing resource list
   * applies; subresources may have a different one.
   * @proto 9
   */
  version?: string;
  /**
   * Kind of the objects that this resource returns and accepts, for example Deployment.
   * @proto 3
   */
  kind: string;
  /**
   * Operations the resource supports, such as get, list, watch, create, update, patch, delete,
   * deletecollection and proxy.
   * @proto 4
   */
  verbs: string[];
  /**
   * Abbreviations that clients may accept for the resource, for example po for pods.
   * @proto 5
   * @listType atomic
   */
  shortNames?: string[];
  /**
   * Named groupings the resource belongs to, such as all, which let a client request several resources at
   * once.
   * @proto 7
   * @listType atomic
   */
  categories?: string[];
  /**
   * Opaque hash of the group, version and kind used to persist this resource. Clients may compare it only
   * for equality, to detect a change of storage version.
   * @proto 10
   */
  storageVersionHash?: string;
}

/**
 * Discovery response listing the resources available in one group version.
 * @kind
 */
export interface APIResourceList extends TypeMeta {
  /**
   * Group and version that the listed resources belong to, such as apps/v1, or v1 for the core group.
   * @proto 1
   */
  groupVersion: string;
  /**
   * Resources, including subresources, that exist in this group version.
   * @proto 2
   * @listType atomic
   */
  resources: APIResource[];
}

/**
 * Discovery response for the legacy core API, returned at the /api endpoint.
 * @kind
 */
export interface APIVersions extends TypeMeta {
  /**
   * Available versions of the core API, for example v1.
   * @proto 1
   * @listType atomic
   */
  versions: string[];
  /**
   * Server addresses to use, keyed by client network range, so that a client can pick the best reachable
   * address.
   * @proto 2
   * @listType atomic
   */
  serverAddressByClientCIDRs: ServerAddressByClientCIDR[];
}

/** Group version as presented in discovery, with the combined form and the bare version. */
export interface GroupVersionForDiscovery {
  /**
   * Group and version joined as group/version, for example apps/v1.
   * @proto 1
   */
  groupVersion: string;
  /**
   * Version alone, so that clients need not split the combined form.
   * @proto 2
   */
  version: string;
}

/** Index of the paths available on the server. */
export interface RootPaths {
  /**
   * Paths available at the root, such as /api and /healthz.
   * @proto 1
   * @listType atomic
   */
  paths: string[];
}

/** Server address to be used by clients whose IP falls in a given range. */
export interface ServerAddressByClientCIDR {
  /**
   * Client network range, in CIDR notation, that this entry applies to.
   * @proto 1
   */
  clientCIDR: string;
  /**
   * Server address, as a hostname, host:port, IP address or IP:port, for clients in the range.
   * @proto 2
   */
  serverAddress: string;
}
