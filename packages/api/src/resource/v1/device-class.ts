import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { DeviceConfiguration, DeviceSelector } from "./resource-claim.ts";

/**
 * A class of devices: selectors and configuration that requests in claims refer to by the name of this object. An
 * administrator makes it, usually as told by the driver.
 * @kind
 */
export interface DeviceClass extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Which devices the class has, and how they are configured. Changing it counts as a new generation.
   * @proto 2
   */
  spec: DeviceClassSpec;
}

/** Configuration of the devices of a class. */
export interface DeviceClassConfiguration extends DeviceConfiguration {}

/**
 * List of DeviceClass objects.
 * @kind
 */
export interface DeviceClassList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * The DeviceClass objects.
   * @proto 2
   */
  items: DeviceClass[];
}

/** Which devices a class has, and how they are configured. */
export interface DeviceClassSpec {
  /**
   * What a device has to match, all of them; any device when empty. At most 32.
   * @proto 1
   * @listType atomic
   */
  selectors?: DeviceSelector[];
  /**
   * Configuration that is passed to the drivers of claimed devices. At most 32.
   * @proto 2
   * @listType atomic
   */
  config?: DeviceClassConfiguration[];
  /**
   * Extended resource (`example.com/gpu`) by which Pods may ask for devices of the class instead of through claims.
   * If several classes have the same, the newest is used.
   * @proto 4
   */
  extendedResourceName?: string;
}
