/** Which labels of the system a kubelet may give its node; those without a kubernetes.io or k8s.io prefix are free. */

const kubeletLabels: ReadonlySet<string> = new Set([
  "kubernetes.io/hostname",
  "topology.kubernetes.io/zone",
  "topology.kubernetes.io/region",
  "failure-domain.beta.kubernetes.io/zone",
  "failure-domain.beta.kubernetes.io/region",
  "node.kubernetes.io/instance-type",
  "beta.kubernetes.io/instance-type",
  "kubernetes.io/os",
  "kubernetes.io/arch",
  "beta.kubernetes.io/os",
  "beta.kubernetes.io/arch",
  "node.kubernetes.io/windows-build",
]);

const kubeletPrefixes = ["kubelet.kubernetes.io", "node.kubernetes.io"];
const systemPrefixes = ["kubernetes.io", "k8s.io"];
const restrictedPrefixes = ["node-restriction.kubernetes.io"];

type Labels = Readonly<Record<string, string>>;

/** Labels that a kubelet changes and may not, sorted. */
export function forbiddenLabelChanges(labels: Labels = {}, old: Labels = {}): string[] {
  const names = new Set([...Object.keys(labels), ...Object.keys(old)]);
  return [...names].filter((name) => labels[name] !== old[name] && isForbidden(name)).sort();
}

function isForbidden(label: string): boolean {
  const slash = label.indexOf("/");
  const prefix = slash < 0 ? "" : label.slice(0, slash);
  if (isUnder(prefix, restrictedPrefixes)) return true;
  return isUnder(prefix, systemPrefixes) && !kubeletLabels.has(label) && !isUnder(prefix, kubeletPrefixes);
}

function isUnder(prefix: string, domains: readonly string[]): boolean {
  return domains.some((domain) => prefix === domain || prefix.endsWith(`.${domain}`));
}
