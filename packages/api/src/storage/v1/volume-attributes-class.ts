import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";

/**
 * VolumeAttributesClass.
 * @kind
 */
export interface VolumeAttributesClass extends TypeMeta {
  /**
   * VolumeAttributesClass.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * VolumeAttributesClass.driverName.
   * @proto 2
   */
  driverName: string;
  /**
   * VolumeAttributesClass.parameters.
   * @proto 3
   */
  parameters?: Record<string, string>;
}

/**
 * VolumeAttributesClassList.
 * @kind
 */
export interface VolumeAttributesClassList extends TypeMeta {
  /**
   * VolumeAttributesClassList.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * VolumeAttributesClassList.items.
   * @proto 2
   */
  items: VolumeAttributesClass[];
}
