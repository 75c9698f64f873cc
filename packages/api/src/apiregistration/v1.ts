import type { ListMeta, ObjectMeta, TypeMeta } from "../meta/v1/object-meta.ts";
import type { Bytes, Int32, Time } from "../meta/v1/primitives.ts";

/**
 * APIService.
 * @kind
 */
export interface APIService extends TypeMeta {
  /**
   * APIService.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * APIService.spec.
   * @proto 2
   * @alwaysPresent
   */
  spec: APIServiceSpec;
  /**
   * APIService.status.
   * @proto 3
   * @alwaysPresent
   */
  status?: APIServiceStatus;
}

/** APIServiceCondition. */
export interface APIServiceCondition {
  /**
   * APIServiceCondition.type.
   * @proto 1
   */
  type: APIServiceConditionType;
  /**
   * APIServiceCondition.status.
   * @proto 2
   */
  status: ConditionStatus;
  /**
   * APIServiceCondition.lastTransitionTime.
   * @proto 3
   */
  lastTransitionTime?: Time;
  /**
   * APIServiceCondition.reason.
   * @proto 4
   */
  reason?: string;
  /**
   * APIServiceCondition.message.
   * @proto 5
   */
  message?: string;
}

/**
 * APIServiceConditionType.
 * @knownValues Available
 */
export type APIServiceConditionType = string;

/**
 * APIServiceList.
 * @kind
 */
export interface APIServiceList extends TypeMeta {
  /**
   * APIServiceList.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * APIServiceList.items.
   * @proto 2
   */
  items: APIService[];
}

/** APIServiceSpec. */
export interface APIServiceSpec {
  /**
   * APIServiceSpec.service.
   * @proto 1
   */
  service?: ServiceReference;
  /**
   * APIServiceSpec.group.
   * @proto 2
   */
  group?: string;
  /**
   * APIServiceSpec.version.
   * @proto 3
   */
  version?: string;
  /**
   * APIServiceSpec.insecureSkipTLSVerify.
   * @proto 4
   */
  insecureSkipTLSVerify?: boolean;
  /**
   * APIServiceSpec.caBundle.
   * @proto 5
   * @listType atomic
   */
  caBundle?: Bytes;
  /**
   * APIServiceSpec.groupPriorityMinimum.
   * @proto 7
   */
  groupPriorityMinimum: Int32;
  /**
   * APIServiceSpec.versionPriority.
   * @proto 8
   */
  versionPriority: Int32;
}

/** APIServiceStatus. */
export interface APIServiceStatus {
  /**
   * APIServiceStatus.conditions.
   * @proto 1
   * @listType map
   * @listMapKey type
   * @patchStrategy merge
   * @patchMergeKey type
   */
  conditions?: APIServiceCondition[];
}

/** ConditionStatus. */
export type ConditionStatus = "True" | "False" | "Unknown";

/** ServiceReference. */
export interface ServiceReference {
  /**
   * ServiceReference.namespace.
   * @proto 1
   */
  namespace?: string;
  /**
   * ServiceReference.name.
   * @proto 2
   */
  name?: string;
  /**
   * ServiceReference.port.
   * @proto 3
   */
  port?: Int32;
}
