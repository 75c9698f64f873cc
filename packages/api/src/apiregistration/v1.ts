import type { ListMeta, ObjectMeta, TypeMeta } from "../meta/v1/object-meta.ts";
import type { Bytes, Int32, Time } from "../meta/v1/primitives.ts";

/**
 * One version of an API group, and the server that serves it: this one, or another that requests are passed on to.
 * Its name is `version.group`.
 * @kind
 */
export interface APIService extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Which group version it is and where it is served.
   * @proto 2
   * @alwaysPresent
   */
  spec: APIServiceSpec;
  /**
   * Whether the group version is available.
   * @proto 3
   * @alwaysPresent
   */
  status?: APIServiceStatus;
}

/** One aspect of the state of an APIService. */
export interface APIServiceCondition {
  /**
   * What the condition is about, such as Available.
   * @proto 1
   */
  type: APIServiceConditionType;
  /**
   * True, False or Unknown.
   * @proto 2
   */
  status: ConditionStatus;
  /**
   * When the status last changed.
   * @proto 3
   */
  lastTransitionTime?: Time;
  /**
   * Why the status is as it is, in one CamelCase word.
   * @proto 4
   */
  reason?: string;
  /**
   * Details of the last change, for people.
   * @proto 5
   */
  message?: string;
}

/**
 * Type of a condition of an APIService.
 * @knownValues Available
 */
export type APIServiceConditionType = string;

/**
 * List of APIService objects.
 * @kind
 */
export interface APIServiceList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * The APIService objects.
   * @proto 2
   */
  items: APIService[];
}

/** A group version and where it is served. Only https is supported, though the port may be another than 443. */
export interface APIServiceSpec {
  /**
   * The Service in front of the server; unset when this API server serves the group version itself.
   * @proto 1
   */
  service?: ServiceReference;
  /**
   * Name of the API group.
   * @proto 2
   */
  group?: string;
  /**
   * Version of the API group, such as v1.
   * @proto 3
   */
  version?: string;
  /**
   * Whether the server's certificate is not checked. Strongly discouraged; use caBundle.
   * @proto 4
   */
  insecureSkipTLSVerify?: boolean;
  /**
   * PEM certificates of the authorities that may have signed the server's certificate; those of the system when
   * empty.
   * @proto 5
   * @listType atomic
   */
  caBundle?: Bytes;
  /**
   * Least priority of the group, up to 20000. Groups are listed by the highest number of their versions, highest
   * first, then by name. Recommended: 18000 and below for Kubernetes itself, 2000 and below for platforms.
   * @proto 7
   */
  groupPriorityMinimum: Int32;
  /**
   * Order of the version within its group, up to 1000: higher numbers come first. Equal ones are ordered as
   * Kubernetes versions (v10, v2, v1, v1beta2, v1alpha1), then other names by letter.
   * @proto 8
   */
  versionPriority: Int32;
}

/** State of an APIService. */
export interface APIServiceStatus {
  /**
   * Current conditions.
   * @proto 1
   * @listType map
   * @listMapKey type
   * @patchStrategy merge
   * @patchMergeKey type
   */
  conditions?: APIServiceCondition[];
}

/** Status of a condition. */
export type ConditionStatus = "True" | "False" | "Unknown";

/** A Service. */
export interface ServiceReference {
  /**
   * Namespace of the Service.
   * @proto 1
   */
  namespace?: string;
  /**
   * Name of the Service.
   * @proto 2
   */
  name?: string;
  /**
   * Port of the Service, from 1 to 65535. Defaults to 443.
   * @proto 3
   */
  port?: Int32;
}
