import { goQuote } from "@kube-ts/api/go-quote";

/** Every plugin that this server has, in the order in which they run, and whether it is on by default. */
export const pluginDefaults = {
  NamespaceLifecycle: true,
  LimitRanger: true,
  ServiceAccount: true,
  NodeRestriction: false,
  TaintNodesByCondition: true,
  Priority: true,
  DefaultTolerationSeconds: true,
  DefaultStorageClass: true,
  StorageObjectInUseProtection: true,
  PersistentVolumeClaimResize: true,
  RuntimeClass: true,
  CertificateApproval: true,
  CertificateSigning: true,
  CertificateSubjectRestriction: true,
  DefaultIngressClass: true,
  MutatingAdmissionPolicy: true,
  MutatingAdmissionWebhook: true,
  ValidatingAdmissionPolicy: true,
  ValidatingAdmissionWebhook: true,
  ResourceQuota: true,
} satisfies Record<string, boolean>;

export type PluginName = keyof typeof pluginDefaults;

/** Plugins of upstream's servers that this server does not have: they can be turned off, but not on. */
const absentPlugins: ReadonlySet<string> = new Set([
  "AlwaysAdmit",
  "AlwaysDeny",
  "AlwaysPullImages",
  "ClusterTrustBundleAttest",
  "DenyServiceExternalIPs",
  "EventRateLimit",
  "ExtendedResourceToleration",
  "ImagePolicyWebhook",
  "LimitPodHardAntiAffinityTopology",
  "NamespaceAutoProvision",
  "NamespaceExists",
  "OwnerReferencesPermissionEnforcement",
  "PodNodeSelector",
  "PodSecurity",
  "PodTolerationRestriction",
  "PodTopologyLabels",
]);

const known = Object.keys(pluginDefaults) as PluginName[];

/**
 * The plugins that are on, in their order, from `--enable-admission-plugins` and `--disable-admission-plugins`.
 * Throws an Error that names what is wrong.
 */
export function enabledPlugins(enable: readonly string[], disable: readonly string[]): PluginName[] {
  for (const name of enable) {
    if (!isKnown(name)) throw new Error(`enable-admission-plugins plugin ${goQuote(name)} is unknown`);
  }
  for (const name of disable) {
    if (!isKnown(name) && !absentPlugins.has(name)) {
      throw new Error(`disable-admission-plugins plugin ${goQuote(name)} is unknown`);
    }
  }
  const both = enable.filter((name) => disable.includes(name));
  if (both.length > 0) {
    throw new Error(`[${both.join(" ")}] in enable-admission-plugins and disable-admission-plugins overlapped`);
  }
  return known.filter((name) => !disable.includes(name) && (pluginDefaults[name] || enable.includes(name)));
}

function isKnown(name: string): name is PluginName {
  return Object.hasOwn(pluginDefaults, name);
}
