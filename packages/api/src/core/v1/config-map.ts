import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Bytes } from "../../meta/v1/primitives.ts";

/**
 * Key-value configuration data that pods can read as environment variables, arguments or files.
 * @kind
 */
export interface ConfigMap extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * When true, data and binaryData can no longer be changed, only the object's metadata, and this field
   * cannot be unset again. Defaults to false.
   * @proto 4
   */
  immutable?: boolean;
  /**
   * UTF-8 configuration values by key. Keys may contain alphanumeric characters, '-', '_' and '.', and must
   * not also appear in binaryData.
   * @proto 2
   */
  data?: Record<string, string>;
  /**
   * Arbitrary byte values by key, base64-encoded in JSON and YAML. Keys may contain alphanumeric
   * characters, '-', '_' and '.', and must not also appear in data.
   * @proto 3
   */
  binaryData?: Record<string, Bytes>;
}

/**
 * List of ConfigMap objects.
 * @kind
 */
export interface ConfigMapList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * ConfigMap objects in the list.
   * @proto 2
   */
  items: ConfigMap[];
}
