import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Bytes } from "../../meta/v1/primitives.ts";

/**
 * Holds a small amount of sensitive data, such as a password or key. The combined size of its data values
 * may not exceed 1 MiB.
 * @kind
 */
export interface Secret extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * When true, the data can no longer be changed, and this field itself cannot be reset. Metadata stays
   * editable. Defaults to false.
   * @proto 5
   */
  immutable?: boolean;
  /**
   * The secret content as base64-encoded values. Keys may contain letters, digits, '-', '_' and '.'.
   * @proto 2
   */
  data?: Record<string, Bytes>;
  /**
   * Write-only convenience for giving values as plain text. Entries are merged into data on write,
   * replacing equal keys, and never returned on read.
   * @proto 4
   */
  stringData?: Record<string, string>;
  /**
   * Hints at how the content is to be used and which keys are expected. Defaults to Opaque; immutable.
   * @proto 3
   */
  type?: SecretType;
}

/**
 * A list of Secret objects.
 * @kind
 */
export interface SecretList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * The secrets in this list.
   * @proto 2
   */
  items: Secret[];
}

/**
 * Kind of data a Secret holds, such as Opaque, kubernetes.io/tls or kubernetes.io/dockerconfigjson. Some
 * types require particular keys; custom types are allowed.
 * @knownValues Opaque, kubernetes.io/service-account-token, kubernetes.io/dockercfg, kubernetes.io/dockerconfigjson, kubernetes.io/basic-auth, kubernetes.io/ssh-auth, kubernetes.io/tls, bootstrap.kubernetes.io/token
 */
export type SecretType = string;
