/** One version of an API group and where its types are declared. */
export interface GroupVersionSource {
  /** Folder of the interfaces under `src`, and the prefix of type names in the type tables. */
  readonly directory: string;
  readonly group: string;
  readonly version: string;
  /** Prefix of the names of its types in OpenAPI documents. */
  readonly openApiPrefix: string;
}

/** Every group version with interfaces in this package. */
export const groupVersionSources: readonly GroupVersionSource[] = [
  source("meta/v1", "meta.k8s.io", "io.k8s.apimachinery.pkg.apis.meta.v1"),
  source("core/v1", ""),
  source("admission/v1", "admission.k8s.io"),
  source("admissionregistration/v1", "admissionregistration.k8s.io"),
  source("apiextensions/v1", "apiextensions.k8s.io", "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1"),
  source("apiregistration/v1", "apiregistration.k8s.io", "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1"),
  source("apps/v1", "apps"),
  source("authentication/v1", "authentication.k8s.io"),
  source("authorization/v1", "authorization.k8s.io"),
  source("autoscaling/v1", "autoscaling"),
  source("autoscaling/v2", "autoscaling"),
  source("batch/v1", "batch"),
  source("certificates/v1", "certificates.k8s.io"),
  source("coordination/v1", "coordination.k8s.io"),
  source("discovery/v1", "discovery.k8s.io"),
  source("events/v1", "events.k8s.io"),
  source("flowcontrol/v1", "flowcontrol.apiserver.k8s.io"),
  source("networking/v1", "networking.k8s.io"),
  source("node/v1", "node.k8s.io"),
  source("policy/v1", "policy"),
  source("rbac/v1", "rbac.authorization.k8s.io"),
  source("resource/v1", "resource.k8s.io"),
  source("scheduling/v1", "scheduling.k8s.io"),
  source("storage/v1", "storage.k8s.io"),
];

/**
 * Versions that upstream has served and serves no more. Their types are not known to the schema registry unless they
 * are loaded.
 */
export const legacyGroupVersionSources: readonly GroupVersionSource[] = [
  source("admissionregistration/v1beta1", "admissionregistration.k8s.io"),
  source(
    "apiextensions/v1beta1",
    "apiextensions.k8s.io",
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1",
  ),
  source(
    "apiregistration/v1beta1",
    "apiregistration.k8s.io",
    "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1beta1",
  ),
  source("apps/v1beta2", "apps"),
  source("apps/v1beta1", "apps"),
  source("authentication/v1beta1", "authentication.k8s.io"),
  source("authorization/v1beta1", "authorization.k8s.io"),
  source("batch/v1beta1", "batch"),
  source("certificates/v1beta1", "certificates.k8s.io"),
  source("coordination/v1beta1", "coordination.k8s.io"),
  source("discovery/v1beta1", "discovery.k8s.io"),
  source("events/v1beta1", "events.k8s.io"),
  source("networking/v1beta1", "networking.k8s.io"),
  source("extensions/v1beta1", "extensions"),
  source("flowcontrol/v1beta3", "flowcontrol.apiserver.k8s.io"),
  source("flowcontrol/v1beta2", "flowcontrol.apiserver.k8s.io"),
  source("flowcontrol/v1beta1", "flowcontrol.apiserver.k8s.io"),
  source("node/v1beta1", "node.k8s.io"),
  source("node/v1alpha1", "node.k8s.io"),
  source("policy/v1beta1", "policy"),
  source("rbac/v1beta1", "rbac.authorization.k8s.io"),
  source("rbac/v1alpha1", "rbac.authorization.k8s.io"),
  source("scheduling/v1beta1", "scheduling.k8s.io"),
  source("storage/v1beta1", "storage.k8s.io"),
  source("storage/v1alpha1", "storage.k8s.io"),
];

function source(directory: string, group: string, openApiPrefix?: string): GroupVersionSource {
  const [folder = "", version = ""] = directory.split("/");
  return { directory, group, version, openApiPrefix: openApiPrefix ?? `io.k8s.api.${folder}.${version}` };
}
