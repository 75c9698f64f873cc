import { goQuote } from "@kube-ts/api/go-quote";

/**
 * Every plugin of upstream's servers in the order in which they run, which is upstream's, and whether it is on by
 * default.
 */
const pluginDefaults = {
  AlwaysAdmit: false,
  NamespaceAutoProvision: false,
  NamespaceLifecycle: true,
  NamespaceExists: false,
  LimitPodHardAntiAffinityTopology: false,
  LimitRanger: true,
  ServiceAccount: true,
  NodeRestriction: false,
  TaintNodesByCondition: true,
  AlwaysPullImages: false,
  ImagePolicyWebhook: false,
  PodSecurity: true,
  PodNodeSelector: false,
  Priority: true,
  DefaultTolerationSeconds: true,
  PodTolerationRestriction: false,
  EventRateLimit: false,
  ExtendedResourceToleration: false,
  DefaultStorageClass: true,
  StorageObjectInUseProtection: true,
  PodGroupProtection: true,
  OwnerReferencesPermissionEnforcement: false,
  PersistentVolumeClaimResize: true,
  RuntimeClass: true,
  CertificateApproval: true,
  CertificateSigning: true,
  ClusterTrustBundleAttest: true,
  CertificateSubjectRestriction: true,
  DefaultIngressClass: true,
  DenyServiceExternalIPs: false,
  PodTopologyLabels: true,
  PodGroupWorkloadExists: true,
  NodeDeclaredFeatureValidator: true,
  JobValidation: true,
  PodResizeValidator: true,
  MutatingAdmissionPolicy: true,
  MutatingAdmissionWebhook: true,
  ValidatingAdmissionPolicy: true,
  ValidatingAdmissionWebhook: true,
  ResourceQuota: true,
  AlwaysDeny: false,
} satisfies Record<string, boolean>;

export type PluginName = keyof typeof pluginDefaults;

const known = Object.keys(pluginDefaults) as PluginName[];

/** What is wrong with names of plugins, and the flag that has them. */
export interface PluginNameProblem {
  readonly flag: "enable-admission-plugins" | "disable-admission-plugins";
  /** In upstream's words. */
  readonly message: string;
}

/** Checks `--enable-admission-plugins` and `--disable-admission-plugins`. */
export function checkPluginNames(enable: readonly string[], disable: readonly string[]): PluginNameProblem | undefined {
  for (const [flag, names] of [
    ["enable-admission-plugins", enable],
    ["disable-admission-plugins", disable],
  ] as const) {
    const unknown = names.find((name) => !isPluginName(name));
    if (unknown !== undefined) return { flag, message: `${flag} plugin ${goQuote(unknown)} is unknown` };
  }
  const both = enable.filter((name) => disable.includes(name));
  if (both.length === 0) return undefined;
  const message = `[${both.join(" ")}] in enable-admission-plugins and disable-admission-plugins overlapped`;
  return { flag: "enable-admission-plugins", message };
}

/** The plugins that are on, in their order. */
export function enabledPlugins(enable: readonly string[], disable: readonly string[]): PluginName[] {
  return known.filter((name) => !disable.includes(name) && (pluginDefaults[name] || enable.includes(name)));
}

export function isPluginName(name: string): name is PluginName {
  return Object.hasOwn(pluginDefaults, name);
}
