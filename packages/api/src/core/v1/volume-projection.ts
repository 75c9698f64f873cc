import type { ObjectFieldSelector, ResourceFieldSelector } from "./environment.ts";
import type { LocalObjectReference } from "./reference.ts";
import type { Int32, Int64 } from "../../meta/v1/primitives.ts";
import type { LabelSelector } from "../../meta/v1/selector.ts";

/**
 * Writes the trust anchors of one or more ClusterTrustBundle objects into a file of a projected volume and
 * keeps that file up to date.
 */
export interface ClusterTrustBundleProjection {
  /**
   * Selects a single ClusterTrustBundle by its object name. Cannot be combined with signerName or
   * labelSelector.
   * @proto 1
   */
  name?: string;
  /**
   * Selects all ClusterTrustBundles that have this signer name, narrowed by labelSelector; their contents
   * are merged and deduplicated. Cannot be combined with name.
   * @proto 2
   */
  signerName?: string;
  /**
   * Narrows the bundles chosen by signerName to those with matching labels, and has effect only when
   * signerName is set. Unset matches nothing; an empty selector matches everything.
   * @proto 3
   */
  labelSelector?: LabelSelector;
  /**
   * When true, the pod may start even though the referenced bundles do not exist; the file is then left
   * empty if nothing matches. When false or unset, missing bundles block the start of the pod.
   * @proto 5
   */
  optional?: boolean;
  /**
   * Relative path, from the root of the volume, of the file that receives the bundle. Required.
   * @proto 4
   */
  path: string;
}

/**
 * Writes the entries of a ConfigMap as files into a projected volume. It acts like a ConfigMap volume, but
 * without a default file mode.
 */
export interface ConfigMapProjection extends LocalObjectReference {
  /**
   * Keys to write and the path of each. When empty, every key becomes a file named after it; a listed key
   * that does not exist is an error unless optional is true.
   * @proto 2
   * @listType atomic
   */
  items?: KeyToPath[];
  /**
   * When true, the ConfigMap or its listed keys may be missing. Defaults to false.
   * @proto 4
   */
  optional?: boolean;
}

/**
 * Writes information about the pod as files into a projected volume. It acts like a downward API volume,
 * but without a default file mode.
 */
export interface DownwardAPIProjection {
  /**
   * Files to write.
   * @proto 1
   * @listType atomic
   */
  items?: DownwardAPIVolumeFile[];
}

/** One file whose content is a field of the pod or a resource value of one of its containers. */
export interface DownwardAPIVolumeFile {
  /**
   * Relative path of the file within the volume. Must not be absolute or contain '..'. Required.
   * @proto 1
   */
  path: string;
  /**
   * Pod field to write. Only annotations, labels, name, namespace and uid are supported. Cannot be combined
   * with resourceFieldRef.
   * @proto 2
   */
  fieldRef?: ObjectFieldSelector;
  /**
   * Container resource limit or request to write, for CPU, memory, ephemeral storage or hugepages. Cannot
   * be combined with fieldRef.
   * @proto 3
   */
  resourceFieldRef?: ResourceFieldSelector;
  /**
   * Permission bits of the file, between 0000 and 0777 octal (0 to 511 decimal). When unset, the volume's
   * defaultMode is used; fsGroup may change the result.
   * @proto 4
   */
  mode?: Int32;
}

/**
 * Volume whose files hold information about the pod. Supports ownership management and SELinux relabeling.
 */
export interface DownwardAPIVolumeSource {
  /**
   * Files to write.
   * @proto 1
   * @listType atomic
   */
  items?: DownwardAPIVolumeFile[];
  /**
   * Permission bits for created files that set none themselves, between 0000 and 0777 octal (0 to 511
   * decimal). Defaults to 0644. Directories are not affected, and fsGroup may change the result.
   * @proto 2
   */
  defaultMode?: Int32;
}

/** Maps one key of a ConfigMap or Secret to a file in the volume. */
export interface KeyToPath {
  /**
   * Key to write. Required.
   * @proto 1
   */
  key: string;
  /**
   * Relative path of the file within the volume. Must not be absolute, contain '..' or start with '..'.
   * Required.
   * @proto 2
   */
  path: string;
  /**
   * Permission bits of the file, between 0000 and 0777 octal (0 to 511 decimal). When unset, the volume's
   * defaultMode is used; fsGroup may change the result.
   * @proto 3
   */
  mode?: Int32;
}

/**
 * A private key and X.509 certificate chain that the kubelet obtains for the pod and writes into the
 * volume. The kubelet renews them before they expire.
 */
export interface PodCertificateProjection {
  /**
   * Name of the signer that will issue the certificate.
   * @proto 1
   */
  signerName?: string;
  /**
   * Type of key pair to generate: RSA3072, RSA4096, ECDSAP256, ECDSAP384, ECDSAP521 or ED25519.
   * @proto 2
   */
  keyType?: string;
  /**
   * Longest acceptable certificate lifetime in seconds. Defaults to 86400 and must be between 3600 and
   * 7862400; the signer may issue a shorter one.
   * @proto 3
   */
  maxExpirationSeconds?: Int32;
  /**
   * File in the volume for a single PEM bundle of the private key followed by the certificate chain.
   * Preferable to separate files because key and certificate change together.
   * @proto 4
   */
  credentialBundlePath?: string;
  /**
   * File in the volume for the PEM private key alone. Use credentialBundlePath instead where possible, to
   * avoid reading a key and certificate that do not match.
   * @proto 5
   */
  keyPath?: string;
  /**
   * File in the volume for the PEM certificate chain alone. Use credentialBundlePath instead where
   * possible, to avoid reading a key and certificate that do not match.
   * @proto 6
   */
  certificateChainPath?: string;
  /**
   * Additional unverified information passed to the signer through the PodCertificateRequest that the
   * kubelet creates. Keys must be domain-prefixed.
   * @proto 7
   */
  userAnnotations?: Record<string, string>;
}

/**
 * A volume that merges several sources, such as secrets, config maps, downward API data and tokens, into a
 * single directory.
 */
export interface ProjectedVolumeSource {
  /**
   * Sources whose content is placed in the volume; each entry describes exactly one source.
   * @proto 1
   * @listType atomic
   */
  sources?: VolumeProjection[] | null;
  /**
   * Permission bits for created files that set no mode of their own, from 0000 to 0777 octal (0 to 511
   * decimal). Defaults to 0644; JSON needs the decimal form.
   * @proto 2
   */
  defaultMode?: Int32;
}

/** Places the content of a Secret into a projected volume, with one file per key. */
export interface SecretProjection extends LocalObjectReference {
  /**
   * Keys to project and the paths to use for them; keys not listed are left out. When unset, every key
   * becomes a file of the same name.
   * @proto 2
   * @listType atomic
   */
  items?: KeyToPath[];
  /**
   * When true, the Secret or the listed keys may be absent.
   * @proto 4
   */
  optional?: boolean;
}

/** Places a bound, automatically rotated service account token into a projected volume. */
export interface ServiceAccountTokenProjection {
  /**
   * Intended recipient of the token, which must reject tokens meant for others. Defaults to the API
   * server's identifier.
   * @proto 1
   */
  audience?: string;
  /**
   * Requested token lifetime in seconds. Defaults to 3600 (1 hour) and must be at least 600. The kubelet
   * renews the token past 80% of its lifetime or after 24 hours.
   * @proto 2
   */
  expirationSeconds?: Int64;
  /**
   * Path of the token file, relative to the volume's mount point.
   * @proto 3
   */
  path: string;
}

/** One source of a projected volume. Exactly one of its members must be set. */
export interface VolumeProjection {
  /**
   * Content of a Secret to project.
   * @proto 1
   */
  secret?: SecretProjection;
  /**
   * Pod fields and container resources to project.
   * @proto 2
   */
  downwardAPI?: DownwardAPIProjection;
  /**
   * Content of a ConfigMap to project.
   * @proto 3
   */
  configMap?: ConfigMapProjection;
  /**
   * Service account token to project.
   * @proto 4
   */
  serviceAccountToken?: ServiceAccountTokenProjection;
  /**
   * Trust anchors from ClusterTrustBundle objects to project into an automatically updated file. Requires
   * the ClusterTrustBundleProjection feature gate.
   * @proto 5
   */
  clusterTrustBundle?: ClusterTrustBundleProjection;
  /**
   * Private key and certificate chain that the kubelet obtains and renews for the pod. Requires the
   * PodCertificateProjection feature gate.
   * @proto 6
   */
  podCertificate?: PodCertificateProjection;
}
