/** Where a group-version stands in the order of groups, and of the versions of its group. */
export interface Priority {
  readonly group: number;
  readonly version: number;
}

/** Upstream's order of the groups of Kubernetes itself, and of one that it has removed. */
const groupPriorities: Readonly<Record<string, number>> = {
  "": 18_000,
  // Not an object upstream either: the group of these objects themselves comes first.
  "apiregistration.k8s.io": 20_000,
  apps: 17_800,
  "events.k8s.io": 17_750,
  "authentication.k8s.io": 17_700,
  "authorization.k8s.io": 17_600,
  autoscaling: 17_500,
  batch: 17_400,
  "certificates.k8s.io": 17_300,
  "networking.k8s.io": 17_200,
  // Behind the groups that its resources have gone to, so that clients prefer those.
  extensions: 17_150,
  policy: 17_100,
  "rbac.authorization.k8s.io": 17_000,
  "storage.k8s.io": 16_800,
  "apiextensions.k8s.io": 16_700,
  "admissionregistration.k8s.io": 16_700,
  "scheduling.k8s.io": 16_600,
  "coordination.k8s.io": 16_500,
  "node.k8s.io": 16_300,
  "discovery.k8s.io": 16_200,
  "flowcontrol.apiserver.k8s.io": 16_100,
  "internal.apiserver.k8s.io": 16_000,
  "resource.k8s.io": 15_900,
  "storagemigration.k8s.io": 15_800,
};

/** Versions that do not follow their stability. */
const versionPriorities: Readonly<Record<string, number>> = {
  "/v1": 1,
  "autoscaling/v2": 30,
  "flowcontrol.apiserver.k8s.io/v1": 21,
};

/** Of custom resources. */
const customPriority: Priority = { group: 1000, version: 100 };

/** The priority of a group-version that this server serves. */
export function defaultPriority({ group, version }: { readonly group: string; readonly version: string }): Priority {
  const known = groupPriorities[group];
  if (known === undefined) return customPriority;
  return { group: known, version: versionPriorities[`${group}/${version}`] ?? byStability(version) };
}

/** Whether the group-version is one of Kubernetes itself. */
export function isBuiltInGroup(group: string): boolean {
  return groupPriorities[group] !== undefined;
}

function byStability(version: string): number {
  if (version.includes("alpha")) return 9;
  return version.includes("beta") ? 12 : 15;
}
