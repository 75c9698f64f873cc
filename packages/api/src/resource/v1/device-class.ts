import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { DeviceConfiguration, DeviceSelector } from "./resource-claim.ts";

/**
 * DeviceClass.
 * @kind
 */
export interface DeviceClass extends TypeMeta {
  /**
   * DeviceClass.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * DeviceClass.spec.
   * @proto 2
   * @alwaysPresent
   */
  spec: DeviceClassSpec;
}

/** DeviceClassConfiguration. */
export interface DeviceClassConfiguration extends DeviceConfiguration {}

/**
 * DeviceClassList.
 * @kind
 */
export interface DeviceClassList extends TypeMeta {
  /**
   * DeviceClassList.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * DeviceClassList.items.
   * @proto 2
   */
  items: DeviceClass[];
}

/** DeviceClassSpec. */
export interface DeviceClassSpec {
  /**
   * DeviceClassSpec.selectors.
   * @proto 1
   * @listType atomic
   */
  selectors?: DeviceSelector[];
  /**
   * DeviceClassSpec.config.
   * @proto 2
   * @listType atomic
   */
  config?: DeviceClassConfiguration[];
  /**
   * DeviceClassSpec.extendedResourceName.
   * @proto 4
   */
  extendedResourceName?: string;
}
