import type { LocalObjectReference } from "./reference.ts";
import type { Quantity } from "../../meta/v1/primitives.ts";

/** Selects a ConfigMap in the pod's namespace whose data entries all become environment variables. */
export interface ConfigMapEnvSource extends LocalObjectReference {
  /**
   * When true, the container may start even though the ConfigMap does not exist. Defaults to false.
   * @proto 2
   */
  optional?: boolean;
}

/**
 * Selects one key of a ConfigMap in the pod's namespace.
 * @mapType atomic
 */
export interface ConfigMapKeySelector extends LocalObjectReference {
  /**
   * Key of the ConfigMap to read. Required.
   * @proto 2
   */
  key: string;
  /**
   * When true, the container may start even though the ConfigMap or the key does not exist. Defaults to
   * false.
   * @proto 3
   */
  optional?: boolean;
}

/** Source of a whole set of environment variables: a ConfigMap or a Secret. */
export interface EnvFromSource {
  /**
   * Text put before every key to form the variable name. May contain any printable ASCII characters except
   * '='.
   * @proto 1
   */
  prefix?: string;
  /**
   * ConfigMap whose entries become environment variables.
   * @proto 2
   */
  configMapRef?: ConfigMapEnvSource;
  /**
   * Secret whose entries become environment variables.
   * @proto 3
   */
  secretRef?: SecretEnvSource;
}

/** One environment variable of a container. */
export interface EnvVar {
  /**
   * Name of the variable. May contain any printable ASCII characters except '='. Required.
   * @proto 1
   */
  name: string;
  /**
   * Literal value. $(VAR) is replaced by a variable defined earlier in the container or for a Service, and
   * $$ escapes a dollar sign; unresolved references stay unchanged. Defaults to the empty string.
   * @proto 2
   */
  value?: string;
  /**
   * Source to take the value from. Cannot be used when value is not empty.
   * @proto 3
   */
  valueFrom?: EnvVarSource;
}

/** Source of the value of an environment variable. Exactly one of its members may be set. */
export interface EnvVarSource {
  /**
   * Pod field to read: metadata.name, metadata.namespace, metadata.uid, metadata.labels['KEY'],
   * metadata.annotations['KEY'], spec.nodeName, spec.serviceAccountName, status.hostIP, status.hostIPs,
   * status.podIP or status.podIPs.
   * @proto 1
   */
  fieldRef?: ObjectFieldSelector;
  /**
   * Resource limit or request of a container to read, for CPU, memory, ephemeral storage or hugepages.
   * @proto 2
   */
  resourceFieldRef?: ResourceFieldSelector;
  /**
   * Key of a ConfigMap in the pod's namespace to read.
   * @proto 3
   */
  configMapKeyRef?: ConfigMapKeySelector;
  /**
   * Key of a Secret in the pod's namespace to read.
   * @proto 4
   */
  secretKeyRef?: SecretKeySelector;
  /**
   * Key of an env file in a volume to read. Requires the EnvFiles feature gate.
   * @proto 5
   */
  fileKeyRef?: FileKeySelector;
}

/**
 * Selects one key of an env file stored in a volume of the pod.
 * @mapType atomic
 */
export interface FileKeySelector {
  /**
   * Name of the pod volume that contains the env file. Required.
   * @proto 1
   */
  volumeName: string;
  /**
   * Path of the file within the volume. Must be relative, and must not contain or start with '..'.
   * Required.
   * @proto 2
   */
  path: string;
  /**
   * Key in the env file. May consist of any printable ASCII characters except '='; an invalid key keeps the
   * pod from starting. Required.
   * @proto 3
   */
  key: string;
  /**
   * When true, the variable is simply not set if the file or key is missing. When false, a missing file or
   * key makes the start of the container fail. Defaults to false.
   * @proto 4
   * @default false
   */
  optional?: boolean;
}

/**
 * Selects one field of an object by its path and API version.
 * @mapType atomic
 */
export interface ObjectFieldSelector {
  /**
   * API version in which fieldPath is written. Defaults to v1.
   * @proto 1
   */
  apiVersion?: string;
  /**
   * Path of the field to read in that API version, for example metadata.name.
   * @proto 2
   */
  fieldPath: string;
}

/**
 * Selects a container resource amount, such as limits.cpu, and the unit in which to present it.
 * @mapType atomic
 */
export interface ResourceFieldSelector {
  /**
   * Container whose resource is read. Required in volumes and optional in environment variables.
   * @proto 1
   */
  containerName?: string;
  /**
   * Resource to select, for example limits.cpu or requests.memory.
   * @proto 2
   */
  resource: string;
  /**
   * Unit in which the value is exposed; the amount is divided by it. Defaults to 1.
   * @proto 3
   * @alwaysPresent
   */
  divisor?: Quantity;
}

/** A Secret whose entries all become environment variables; each key is used as a variable name. */
export interface SecretEnvSource extends LocalObjectReference {
  /**
   * When true, the Secret may be absent.
   * @proto 2
   */
  optional?: boolean;
}

/**
 * Selects one key of a Secret.
 * @mapType atomic
 */
export interface SecretKeySelector extends LocalObjectReference {
  /**
   * Key to select; it must be a valid Secret key.
   * @proto 2
   */
  key: string;
  /**
   * When true, the Secret or its key may be absent.
   * @proto 3
   */
  optional?: boolean;
}
