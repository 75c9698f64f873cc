import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";

/**
 * Parameters of volumes that can be changed while the volumes exist. Claims name classes by the name of this object.
 * @kind
 */
export interface VolumeAttributesClass extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Name of the CSI driver that knows the parameters. Immutable.
   * @proto 2
   */
  driverName: string;
  /**
   * What the driver is told about the volumes; at least one key. Immutable: claims change to another class instead.
   * @proto 3
   */
  parameters?: Record<string, string>;
}

/**
 * List of VolumeAttributesClass objects.
 * @kind
 */
export interface VolumeAttributesClassList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * The VolumeAttributesClass objects.
   * @proto 2
   */
  items: VolumeAttributesClass[];
}
